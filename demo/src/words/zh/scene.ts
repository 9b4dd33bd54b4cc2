import type { scene as english } from '../en/scene.js';

/** What the scripts of "four letters" say. Numbers come with their signs. */
export const scene: typeof english = {
  buttons: { forward: '前向传播', backward: '反向传播', update: '更新权重' },
  many: (updates) => `更新 ${updates} 次`,
  reset: '从头开始',
  other: '换一组权重',
  drawing: '逐字母看网络',
  steps: '一步一步走',
  rate: '学习率',
  rates: { careful: '0.1，谨慎', wellChosen: '0.3，合适', hasty: '1，急躁' },
  numbers: '每一个数：四个字母，40 个权重',
  counter: (updates, seed) => `更新了 ${updates} 次，权重的种子为 ${seed}`,
  card: {
    reads: ' 读 ',
    should: '，应该说 ',
    input: (place) => `第 ${place} 个字母的输入（独热编码）`,
    state: (place) => `第 ${place} 个字母之后的状态`,
    scores: (place) => `第 ${place} 个字母之后的分数`,
    rise: (letter, before, now, higher) =>
      `${letter} 的分数：${before} → ${now} ${higher ? '▲ 升高' : '▼ 降低'}`,
    says: '说 ',
    share: (share) => `（${share}）`,
    right: ' ✓ 对',
    notYet: ' ✗ 还不对',
  },
  heads: {
    letter: '字母',
    input: '输入',
    unit: '单元',
    before: '之前',
    bias: '偏置',
    state: '状态',
    gradient: '梯度',
    next: '下一个',
    score: '分数',
    chance: '概率',
    target: '目标',
    update: '更新',
    says: '说',
    loss: '损失',
  },
  weights: {
    title: '40 个权重',
    nothing: '四个字母用的是同一组权重。',
    gradient: '每个权重下面是它的梯度：它在四个字母上的份额之和。',
    change: '每个权重下面是这次更新改变的量。',
    fromLetter: '字母 → 状态',
    fromBefore: '之前的状态 → 状态',
    toScores: '状态 → 分数',
    changedBy: '，改变了 ',
    ofGradient: '，梯度 ',
    drawn: { fromLetter: '字母 → 记忆', fromBefore: '之前的记忆 → 记忆', toScores: '记忆 → 猜测' },
  },
  terms: {
    letter: (letter) => `字母 ${letter}`,
    before: (unit) => `之前的单元 ${unit}`,
  },
  twice: {
    title: '同一个 l，读了两次',
    caption: '读了两次的字母 l',
    place: (place, letter) => `第 ${place} 个字母：${letter}`,
    rows: ['来自字母', '来自之前的状态', '状态', '概率', '它说', '应该说', '没有之前的状态时的概率'],
    text:
      '字母 l 读了两次，两次加进来的数完全相同。不同的只有之前的状态；也只有它能让网络在第一个 l 之后说 l，在第二个之后说 ' +
      'o。没有它，如最后一行所示，两次得到的概率必然相同。',
  },
  progress: {
    title: '正确字母的分数',
    caption: '正确字母的分数，按更新次数排列',
    hint: 'e、l、l、o 在各自正确的位置上的分数。箭头表示比上一行高还是低。',
    higher: '，升高',
    lower: '，降低',
  },
  explain: {
    random: (button, letters) => `40 个权重全是随机数。请按“${button}”：网络会依次读 ${letters.join('、')}。`,
    forward:
      '前向传播。每个字母和它之前的状态合成一个新状态，状态 = tanh(字母 + 之前 + 偏置)：这三个数就是网络记住的全部。由它们' +
      '得到四个分数，softmax 再把分数变成总和为 1 的概率。',
    first: (should, says, chances, loss, guessing) =>
      `它应该说“${should}”，说的是“${says}”。正确字母得到的概率是 ${chances.join('、')}。损失把它对这些字母的意外加起来，` +
      `即 −ln(概率)：${loss}。瞎猜的损失是 ${guessing}。`,
    change: (button) => `下一步，“${button}”：要改变什么？`,
    move: (letter, before, now) => `${letter}（${before} 到 ${now}）`,
    again: (updates, rose, fell) =>
      `前向传播，${updates === '1' ? '用新的权重' : `在 ${updates} 次更新之后`}。` +
      (rose.length === 0 ? '正确字母的分数都没有升高' : `正确字母的分数升高的有 ${rose.join('、')}`) +
      (fell.length === 0 ? '。' : `；降低的有 ${fell.join('、')}，因为所有字母共用一组权重。`),
    loss: (before, now, grew, says, right) =>
      `损失从 ${before} 变为 ${now}${grew ? '：有一步迈得太大，降低学习率会有帮助' : ''}。它说“${says}”` +
      `${right ? '，说对了' : ''}。`,
    learned: (share) => `它学会了这个词：每个正确字母的概率都至少为 ${share}，同一个 l 先引出 l，后引出 o。`,
    nextAgain: (button) => `下一步，再按“${button}”。`,
    backward:
      '反向传播。梯度表示损失怎样随一个数增长。对分数来说，它是概率 − 目标：正确字母的为负，它应该更高；其他字母的为正。',
    back: (largest, name) =>
      '梯度从分数传到状态，再从每个状态传到它之前的状态，从右往左：所以一个状态也要为它对后面字母的影响负责。每个权重把它在四' +
      `个字母上的份额加起来；最大的是${name}，为 ${largest}。`,
    step: (button) => `下一步，“${button}”：每个权重逆着自己的梯度走一小步。`,
    update: (rate, name, before, gradient, now) =>
      `更新权重。新权重 = 权重 − ${rate} × 梯度，40 个都这样。迈步最大的是${name}：${before} − ${rate} × ` +
      `(${gradient}) = ${now}。`,
    still: (button) => `各个字母显示的还是更新之前的那一遍。下一步，“${button}”：正确字母的分数会更高吗？`,
  },
  names: {
    fromLetter: (letter, unit) => `字母 ${letter} 到单元 ${unit} 的权重`,
    fromBefore: (from, unit) => `之前的单元 ${from} 到单元 ${unit} 的权重`,
    stateBias: (unit) => `单元 ${unit} 的偏置`,
    toScore: (unit, letter) => `单元 ${unit} 到 ${letter} 的分数的权重`,
    scoreBias: (letter) => `${letter} 的分数的偏置`,
  },
};
