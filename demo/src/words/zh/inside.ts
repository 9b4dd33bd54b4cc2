import type { inside as english } from '../en/inside.js';
import { labels } from './page/labels.js';

function high(where: string): readonly [string, string] {
  return [`在${where}#偏高，别处偏低`, `在${where}#偏低，别处偏高`];
}

/** What the scripts of Inside say. */
export const inside: typeof english = {
  drawing: '网络读这些字的过程',
  unit: (unit, layer) => (layer === undefined ? `单元 ${unit}` : `第 ${layer} 层的单元 ${unit}`),
  features: {
    'position in line': '行内位置',
    indentation: '缩进',
    'position in word': '词内位置',
    'bracket depth': '括号深度',
    'word end': '词尾',
    'between words': '词间',
    'capital letter': '大写字母',
    'inside quotes': '引号内',
    'inside brackets': '括号内',
    URL: '网址',
  },
  behaviour: {
    'position in line': ['#沿着一行逐渐升高', '#沿着一行逐渐降低'],
    indentation: ['缩进越深，它#越高', '缩进越深，它#越低'],
    'position in word': ['#沿着一个词逐渐升高', '#沿着一个词逐渐降低'],
    'bracket depth': ['未合上的括号越多，它#越高', '未合上的括号越多，它#越低'],
    'word end': high('词尾'),
    'between words': high('词与词之间'),
    'capital letter': high('大写字母处'),
    'inside quotes': high('引号里'),
    'inside brackets': high('括号里'),
    URL: high('网址里'),
  },
  goesWith: (feature) => `#随“${feature}”变化`,
  clearly: '明显',
  mostly: '大体',
  scale: {
    nothing: '无关',
    most: '最有关',
    same: '没有变',
    apart: (difference) => `相差 ${difference}`,
    knew: '0：早就知道',
    bits: (bits) => `${bits} 比特以上`,
  },
  surprise: {
    name: (step) => `颜色：第 ${step} 步时每个字让它多意外。`,
    none: (name) => `${name}这里没有它可能猜到的字。`,
    most: (name, mean, letter, bits) => `${name}平均每字 ${mean} 比特，最意外的是${letter}：${bits}。`,
  },
  colour: {
    name: (unit, step) => `颜色：第 ${step} 步时的${unit}。`,
    still: (name) => `${name}它不动，或者这段文字里没有可以跟随的东西。`,
    nothing: (name, feature, correlation) =>
      `${name}它不跟随这里列出的任何东西；最接近的是${feature}（相关系数 ${correlation}）。`,
    follows: (name, behaviour, correlation) => `${name}${behaviour}（相关系数 ${correlation}）。`,
  },
  character: {
    came: (letter, chance, bits) =>
      chance === undefined ? `${letter}。` : `${letter}：之前它给这个字 ${chance}，所以意外是 ${bits} 比特。`,
    state: (letter, unit, value, gates) =>
      `${letter}：${unit}是 ${value}${gates.length > 0 ? `（${gates.join('，')}）` : ''}。`,
    unknown: '网络从没见过这个字，读它就像什么都没读。',
    expected: (guesses) => `预计下一个字：${guesses.join('、')}。`,
    gradient: (norm) => `这里的梯度：${norm}。`,
  },
  reach: {
    nothing: (guess, after, gradient) =>
      `之前读到的一切都不影响在${after}之后猜${guess}：它的梯度是 ${gradient}。`,
    spread: (guess, chance, after, back) =>
      `在${after}之后猜${guess}${chance === '' ? '' : `（${chance}）`}：一个字的颜色越深，换掉它对这个猜测的改变就` +
      `越大；有影响的部分十分之九${back === '1' ? '全在最后一个字上' : `都在最后 ${back} 个字里`}。`,
    how: '点一个字（或在它上面按 Enter），看它之后的猜测取决于什么；点一个猜测（或按 1 到 5），就看那一个。',
    lost: '选中的字不在这段文字里，或者网络不认识它。请点另一个。',
  },
  change: {
    name: '颜色：状态与改动之前相差多远。',
    atEnd: '改动在最后：之后没有再读什么。',
    upToEnd: (letters) => `改动的影响一直到最后，${letters} 个字之后还在。`,
    forgotten: (letters) => `再过 ${letters} 个字，状态就和原来一样：改动被忘记了。`,
    guess: (after, now, before) => `在${after}之后是${now}，原来是${before}`,
    noGuess: '首选的猜测都没有变。',
    guesses: (count, listed, all) =>
      `有 ${count} 处首选的猜测变了：${listed.join('；')}${all ? '。' : '；…'}`,
  },
  phrase: {
    how: '在上面的文字里拖选一段，或按住 Shift 用方向键选，看哪些单元在整段里都开着。',
    none: (phrase) => `没有哪个单元只在“${phrase}”里一直开着。`,
    lit: (units, phrase) => `有 ${units} 个单元在“${phrase}”里一直开着`,
    nowhere: (lit) => `${lit}；别处没有同样的一组开着。`,
    here: (lit) => `${lit}。它们大多在这些地方也开着：`,
  },
  flow: {
    label: (sentence) => `梯度范数随时间步的变化。${sentence}`,
    layer: (layer) => `第 ${layer} 层：`,
    ways: (cell, state) => `经记忆单元 c：${cell}只经状态 h：${state}`,
    odd: (last, first) => `梯度在最后一步是 ${last}，在第一步是 ${first}。`,
    oneStep: '窗口只有一步：没有往回的路。',
    explodes: (steps, times) =>
      `它爆炸了：往回 ${steps} 步，梯度是原来的 ${times} 倍。降低“${labels['rate.label']}”、设定“${labels['clipNorm.label']}”可以抑制它。`,
    share: (share, steps) => `它传得到：往回 ${steps} 步，梯度还剩 ${share}，所以网络能从那里学到东西。`,
    times: (times, steps) =>
      `它传得到：往回 ${steps} 步，梯度是原来的 ${times} 倍，所以网络能从那里学到东西。`,
    vanishes: (steps) => `它消失了：往回 ${steps} 步就不到百分之一，所以网络很难从更早的地方学到什么。`,
  },
  gates: {
    title: (unit) => `${unit} 的门和记忆`,
    about: (gates, letters) => `${gates.join('；')}：共 ${letters} 个字。文字下方的一行给出当前这个字的数。`,
    lstm: 'LSTM：c = f · (之前的 c) + i · g，h = o · tanh c。遗忘门全开、输入门关上的地方，记忆单元保留它所知道的。',
    gru: 'GRU：h = z · (之前的 h) + (1 − z) · n。更新门全开的地方，单元保留它所知道的；重置门决定候选值看到多少过去。',
    mingru: 'minGRU：h = (1 − z) · (之前的 h) + z · h̃。更新门关上的地方，单元保留它所知道的。',
    minlstm:
      'minLSTM：h = (f · (之前的 h) + i · h̃) / (f + i)。遗忘门大大超过输入门的地方，单元保留它所知道的。',
  },
  guesses: {
    point: '指着一个字，或用方向键走到那里。',
    comes: (letter, next) => `在${letter}之后出现的是${next}。它原来预计：`,
    last: (letter) => `在${letter}之后它预计：`,
    depends: '看这个猜测取决于什么',
  },
  goOn: (letter) => `从${letter}之后接着写`,
  writing: '它在写…',
  readout: '指着一个字，或用方向键在文字里移动，就能读到它的数。',
  text: {
    training: '取自正在学的文字。也可以在这里输入或粘贴别的文字让它读。',
    own: '您自己的文字。',
    cut: (letters) => `只读前 ${letters} 个字。`,
    unknown: (letters, more) => `网络从没见过 ${letters}${more ? ' 等字' : ''}。`,
  },
  map: (unit, place, of) => `${unit}，从最慢到最快排第 ${place}，共 ${of} 个`,
  framed: (place) => `框里是${place}。`,
  units: (units) => `1 到 ${units}`,
};
