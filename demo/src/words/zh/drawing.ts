import type { drawing as english } from '../en/drawing.js';

/** What a step reads, by its English name. */
const STEPS: Readonly<Record<string, string>> = {
  letter: '个字',
  word: '个词',
  symbol: '个符号',
  frame: '帧',
  row: '行',
  hour: '小时',
  step: '步',
};

/** Without the article that comes with a cell's English name. */
const bare = (cell: string): string => cell.replace(/^an? /, '');

/** The drawing of a network, and how single letters are called. */
export const drawing: typeof english = {
  rows: {
    guesses: '猜测',
    answer: '回答',
    memory: '记忆',
    reads: '读入',
    picture: '图像',
    source: '原文',
  },
  letters: {
    ' ': '空格',
    '\n': '换行',
    '\r': '回车',
    '\t': '制表符',
    '"': '引号',
    '“': '左引号',
    '”': '右引号',
  },
  stop: '。',
  comma: '，',
  semicolon: '；',
  space: '',
  shape: {
    each: (stack) => `每一步用${stack}读一个符号，每读一个就回答一次。`,
    last: (stack) => `每一步用${stack}读一个符号，读完最后一个才回答。`,
    picture: (rows, columns) => `图像编码器看图的 ${rows} × ${columns} 处`,
    source: (stack) => `先由${stack}读原文`,
    writes: (stack) => `；再由${stack}写出答案，`,
    attention: '每一步都回看全部内容。',
    summary: '开始时只有一个摘要。',
    units: (hidden) => `${hidden} 个单元`,
    bothEnds: '，从两端读',
    joining: '，每层把下一层的两步合为一步',
    one: (cell, units) => ` ${bare(cell)}（${units}）`,
    layers: (layers, cell, units) => ` ${layers} 层 ${bare(cell)}（每层 ${units}）`,
  },
  step: {
    place: (name, number) => `第 ${number} ${STEPS[name] ?? '步'}`,
    reads: (place, symbol) => `${place}：它读到${symbol}`,
    guesses: (symbol, share) => `，猜${symbol}（${share}）`,
    says: (number) => `，说 ${number}`,
    right: '，猜对了',
    wrong: (symbol) => `，实际是${symbol}`,
  },
  gradients: {
    widths: '线的宽度就是梯度的大小，每小十倍细两个像素；点线：小于万分之一。',
    vanished: (name, share) => `${name} 到第一步已经消失：只剩最后一步的 ${share}`,
    grown: (name, times) => `${name} 在第一步是最后一步的 ${times} 倍`,
    left: (name, share) => `${name} 到第一步还剩 ${share}`,
    each: '梯度从右往左传，每一步的误差都加进来。',
    last: (parts) => `最后一个误差的梯度从右往左传：${parts}。`,
  },
  place: {
    layer: (layer) => `第 ${layer} 层`,
    left: '从左往右',
    right: '从右往左',
  },
  cell: {
    unit: (unit) => `单元 ${unit}`,
    plain: (unit, value, before) =>
      `${unit}：读到的内容和之前的整个状态各乘以权重再相加，非线性函数由这个和得到 ${value}。旧状态${before}没有直接` +
      '通过的部分。',
    before: (state) => `之前的 ${state}`,
    keeps: (unit, kept, entered, sum) => `${unit} 保留原来所知的 ${kept}，吸收候选值的 ${entered}：${sum}。`,
    reset: (share) => `候选值看到之前状态的 ${share}。`,
    shows: (share, sum) => `它显示 tanh c 的 ${share}：${sum}。`,
    unknown: '关于这个单元还什么都不知道。',
    reads: (symbol) => `读到 ${symbol}`,
    formula: 'h = f(U · 读到的 + W · 之前的 h + b)',
  },
  view: {
    keys: '← → 换一步，↑ ↓ 换单元，Enter 走近，Escape 退回',
    zooms: ['各步', '一个细胞', '一个单元'],
    previous: '上一个单元',
    next: '下一个单元',
    unit: (unit, of) => `第 ${unit} 个单元，共 ${of} 个`,
    noWeights: '这里没有它的权重。',
    products: (name) => `与状态的乘积再乘以 ${name}`,
    weights: '权重，每一步都相同：',
    smaller: (count) => `另外 ${count} 个较小的`,
  },
};
