import type { compare as english, Fate } from '../en/compare.js';
import { labels } from './page/labels.js';

const list = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join('、')}和 ${parts.at(-1) ?? ''}`;

const FATES: Readonly<Record<Fate, (names: string) => string>> = {
  lost: (where) => `在${where}中完全消失`,
  falls: (factors) => `缩小：${factors.trim()}`,
  grows: (factors) => `放大：${factors.trim()}`,
  arrives: (where) => `在${where}中传到了起点`,
};

/** What is learned, as the engine says it. */
const ABOUTS: readonly (readonly [RegExp, string])[] = [
  [/^recall (\d+) of (\d+) symbols after a gap of (\d+) steps$/, '隔 $3 步后回忆 $1 个符号（共 $2 种）'],
  [
    /^predict the next character of (.+): (.+) characters, (.+) different ones$/,
    '预测《$1》的下一个字（$2 个字，$3 种）',
  ],
];

/** What the scripts of the comparison say. */
export const compare: typeof english = {
  form: {
    copyMemory: '记住符号',
    stories: '故事',
    madeUp: '人造语言',
    runs: ['第一个网络', '第二个网络', '第三个网络'],
    sizes: { hidden: labels['hidden.label'], layers: labels['layers.label'], rate: labels['rate.label'] },
    cell: labels['cell.label'],
    noThird: '不要第三个',
    remember: (symbols, delay) => `把 ${symbols} 个符号记住 ${delay} 步：谁做得到？`,
    best: '谁学得最好？',
    task: '先给几个符号，隔一段停顿，再要求回忆：停顿中没有记住的，只能猜。',
    text: '预测下一个字，和上面的训练一样。',
    memory: (memory) => `必须记住的是：${memory}`,
  },
  status: {
    preparing: '正在准备各个网络…',
    notStarted: '没有开始：请看提示。',
    comparing: (machine) => `正在比较，${machine}`,
    pausedAt: (step) => `在第 ${step} 步暂停`,
    failed: '因错误而停止。',
    ended: (message) => `比较停止了：${message} 用第一个按钮可以重新开始。`,
    pause: '暂停',
    goOn: '继续',
  },
  about: (about, time, rows, baseline, unit) => {
    const found = ABOUTS.find(([pattern]) => pattern.test(about));
    const task = found ? about.replace(found[0], found[1]) : about;
    return `任务：${task}。每个窗口 ${time} 个时间步，同时读 ${rows} 行。什么都不知道时，意外程度为${unit} ${baseline}。`;
  },
  knowsNothing: '什么都不知道',
  afterStep: (step) => `，第 ${step} 步之后`,
  rate: (rate) => `学习率 ${rate}`,
  per: (unit) => (unit === 'character' ? '每字比特' : '每符号比特'),
  problems: {
    steps: (steps) => `${steps} 步`,
    right: ' 对，',
    wrong: ' 错，',
  },
  figures: {
    parameters: '参数',
    steps: '步数',
    now: (unit) => `现在的意外程度，${unit}`,
    least: '最低的意外程度',
    recalled: '在新窗口中回忆对的比例',
    flowUntrained: '窗口开头的梯度，训练前',
    flowNow: '窗口开头的梯度，现在',
    time: '训练时间',
    seconds: (seconds) => `${seconds} 秒`,
    perSecond: '步/秒',
    dispatches: '每步派发数',
    dispatchesOfGpu: '每步派发数（在 GPU 上）',
    none: '无',
  },
  charts: {
    value: (name, value) => `${name} ${value}`,
    recalled: (values) => `回忆对的符号比例随步数的变化：${values.map((value) => `${value} %`).join('，')}`,
    losses: (byTime, unit, values, baseline) =>
      `意外程度随${byTime ? '训练时间（秒）' : '步数'}的变化，单位：${unit}：${values.join('，')}；` +
      `什么都不知道时 ${baseline}`,
    fromTo: (last, first) => `从最后一步的 ${last} 到第一步的 ${first}`,
    way: (name, way, cell) => `${name} ${way}${cell === undefined ? '' : `，它的记忆单元${cell}`}`,
    flow: (step, ways) => `训练 ${step} 步后，最后一次预测的梯度随时间步的变化：${ways.join('；')}`,
  },
  verdict: {
    nothing: (paused) => `还什么都没有学${paused ? '：请按“继续”' : ''}。`,
    broken: (names) => `${list(names)} 的梯度有时不是有限的数：请降低“${labels['rate.label']}”。`,
    early: (step) => `才 ${step} 步，还说不准。`,
    guessing: (step, baseline, unit) =>
      `${step} 步之后，没有一个比瞎猜（${baseline}，${unit}）强：让它们继续学吧。`,
    even: (step, values, unit) => `${step} 步之后没有明显的差别，${unit}：${list(values)}。`,
    ahead: (step, names, bits, unit, less) =>
      `${step} 步之后 ${list(names)} 暂时领先：${bits}（${unit}），${less.join('，')}。能否保持还不一定。`,
    wins: (step, names, bits, unit, differ, less) =>
      `${step} 步之后 ${list(names)} 胜出：${bits}（${unit}）${differ ? '或更低' : ''}，${less.join('，')}。`,
    less: (bits, name) => `比 ${name} 低 ${bits}`,
    stillGuessing: (names) => `${list(names)} 还在瞎猜。`,
    plateau: (names) =>
      `${list(names)} 已经知道是哪两个符号，但还不知道次序：这要多花 7/8 比特，16 个里能说对 9 个。`,
    learned: (halfway) => `全都学会了。走完一半的先后：${halfway.join('，')}。`,
    halfway: (name, step) => `${name} 在第 ${step} 步`,
    throughCell: (name) => `${name}（经记忆单元）`,
    flow: (steps, untrained, now) =>
      `训练前，最后一次预测的梯度往回传 ${steps} 个时间步，${untrained}${now === '' ? '' : `；现在${now}`}。`,
    sameFlow: (steps, now) => `现在和训练前一样，最后一次预测的梯度往回传 ${steps} 个时间步，${now}。`,
    fate: (fate, names) => FATES[fate](names === 'all' ? '所有网络' : ` ${list(names)} `),
    smaller: (times, name) => `${name} ${times} 倍`,
    larger: (times, name) => `${name} ${times} 倍`,
    moreThan: (number) => `超过 ${number}`,
    fates: (phrases) => phrases.join('；'),
  },
};
