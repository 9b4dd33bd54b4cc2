import type { bench as english } from '../en/bench.js';

/** Titles, columns and cells of the engine's tables. */
const CELLS: Readonly<Record<string, string>> = {
  Ceilings: '上限',
  'Training steps': '训练步',
  'Over H and T': '随 H 和 T 的变化',
  'One character at a time': '逐字写',
  'Single kernels': '单个内核',
  'Additive attention': '加性注意力',
  'Measured less': '测得较少的',
  'Not measured': '没有测量的',
  adapter: '适配器',
  runtime: '运行环境',
  'µs per launch': '每次启动的微秒数',
  'µs per submit': '每次提交的微秒数',
  workload: '工作负载',
  model: '模型',
  kernel: '内核',
  size: '大小',
  strategy: '方式',
  precision: '精度',
  single: '单精度',
  mixed: '混合精度',
  emulated: '模拟半精度',
  'ms per step': '毫秒/步',
  'ms per character': '毫秒/字',
  'ms per call': '毫秒/次',
  'smallest – largest': '最小 – 最大',
  rounds: '轮数',
  launches: '启动数',
  'characters/s': '字/秒',
  dispatches: '派发数',
  'of the limit': '占极限的比例',
  'which is': '极限来自',
  'of the ceiling': '占上限的比例',
  'equal characters': '相同的字数',
  error: '误差',
  why: '原因',
  how: '怎样',
  'one step': '只有一步',
  'compared with the CPU': '与 CPU 比较',
  all: '全部',
  arithmetic: '计算',
  fused: '融合内核',
  'fused, each awaited': '融合内核，逐个等待',
  general: '通用运算',
  'fused, mixed': '融合内核，混合精度',
  'fused, emulated': '融合内核，模拟半精度',
  'general, mixed': '通用运算，混合精度',
  'general, emulated': '通用运算，模拟半精度',
  reference: '参考实现',
};

/** A cell of the tables, or a name within a sentence. */
const cell = (text: string): string => CELLS[text] ?? text;

/** What the engine says, with what is put in its place; parts in parentheses are names. */
const SAID: readonly (readonly [RegExp, (...parts: string[]) => string])[] = [
  [/^(.+): writing with the reference$/, (of) => `${of}：用参考实现写`],
  [
    /^(.+): writing with (.+), round (\d+) of (\d+)$/,
    (of, how, n, all) => `${of}：用${cell(how)}写，第 ${n} 轮，共 ${all} 轮`,
  ],
  [/^(.+): writing with (.+)$/, (of, how) => `${of}：用${cell(how)}写`],
  [/^(.+): kernels of (.+)$/, (of, how) => `${of}：${cell(how)}的内核`],
  [/^(.+): verifying (.+)$/, (of, how) => `${of}：核对${cell(how)}`],
  [/^(.+): reference$/, (of) => `${of}：参考实现`],
  [/^(.+): cpu in place of the reference$/, (of) => `${of}：CPU，代替参考实现`],
  [
    /^(.+): (.+), round (\d+) of (\d+)$/,
    (of, how, n, all) => `${of}：${cell(how)}，第 ${n} 轮，共 ${all} 轮`,
  ],
  [/^(\d+) of (\d+) rounds$/, (n, all) => `${all} 轮中的 ${n} 轮`],
  [/^(.+), round (\d+) of (\d+)$/, (of, n, all) => `${of}，第 ${n} 轮，共 ${all} 轮`],
  [/^verifying (.+)$/, (of) => `核对 ${of}`],
  [/^launches in a row, and submits$/, () => '连续启动，以及提交'],
  [
    /^the reference, which everything is verified against, would take about (.+), and the budget is (.+)$/,
    (needed, budget) => `一切都与参考实现核对，而它大约需要 ${needed}，预算是 ${budget}`,
  ],
  [/^it would go beyond the budget of (.+)$/, (budget) => `会超出 ${budget} 的预算`],
  [/^(.+); (\d+) cores; (.+)$/, (machine, cores, date) => `${machine}；${cores} 核；${date}`],
];

/** The page of the benchmark. */
export const bench: typeof english = {
  heading: 'unrolled：基准测试',
  intro: '循环神经网络在这台机器上训练得有多快。结果没有核对无误之前，什么都不计时。',
  language: '语言',
  back: '回到训练页面',
  measure: '测量',
  stop: '停止',
  keep: '保存数据',
  json: '下载 JSON',
  csv: '下载 CSV',
  markdown: '下载 Markdown',
  settings: '测量什么',
  parts: '项目',
  ceilings: '设备的上限',
  grid: '训练步，从小到大',
  curves: '随 H 和 T 变化的曲线：与其余全部一样久',
  generation: '写作，一次一个字',
  kernels: '单个内核，与上限相比',
  attention: '加性注意力，融合内核与通用运算',
  precision: 'GPU 上训练步和乘积的精度',
  single: '单精度',
  mixed: '混合：半精度，如果 GPU 支持',
  emulated: '模拟：与混合相同的数，较慢',
  beside: '与 GPU（融合内核与通用运算）比较',
  cpu: 'CPU：WebAssembly 和参考实现',
  tensorflow: 'TensorFlow.js，WebGPU',
  jax: 'jax-js，WebGPU',
  peers: '其他系统只在选中时才从本站载入。它们用自己的运算写成同样的网络来训练，梯度由各自的自动微分得到。',
  only: '只测',
  all: '全部',
  onlyHint: '名称含有其中之一的工作负载和内核，用逗号分开：',
  rounds: '轮数',
  roundsHint: '每一轮里各方轮流。',
  turn: '每次轮到的毫秒数',
  turnHint: '至少这么久，或走一步。',
  budget: '每个工作负载的秒数',
  budgetHint: '大约。时间不够时测得少一些，但至少一步。',
  time: '在 GPU 上需要几分钟；浏览器用软件计算时更久。不开窗口也可以：',
  node: '；在 Node 里：',
  status: {
    ready: '准备好了。',
    running: '正在测量。请让本页留在最前面，也不要用这台机器做别的。',
    done: '完成。',
    failures: '完成；有失败的，见“没有测量的”。',
    stopped: '已停止。到此为止的数据在下面。',
    failed: '因错误而停止。',
  },
  choose: '请选择要测量什么。',
  choosePrecision: '请选择精度。',
  method:
    '各种方式都从同样的权重、零状态出发，用同样的窗口训练同一个网络；只有当它的损失（写的字、算的结果）与双精度 CPU 参考' +
    '实现一致之后才计时；参考实现太慢时，则与 CPU 的结果比较，它已由参考实现用' +
    '较小的批次核对。然后在同一次运行里各方一轮一轮地轮流；所示数据是各轮的中位数，并附最小值和最大值。',
  said: (sentence) => {
    for (const [pattern, put] of SAID) {
      const found = pattern.exec(sentence);
      if (found) return put(...found.slice(1));
    }
    return sentence;
  },
  cells: CELLS,
  asTable: (title) => `${title}（表格）`,
  perStep: '每步毫秒数',
  perCharacter: '每字毫秒数',
  shorter: (unit) => `${unit}，越短越好`,
  scale: (unit, from, to) =>
    `${unit}：越短越好。对数刻度：条形从 ${from} 毫秒开始，满格是 ${to} 毫秒，每十倍的长度相同。`,
  over: (letter) => `每步毫秒数随 ${letter} 的变化；两轴都是对数刻度`,
  curve: (letter, curves) => `每步毫秒数随 ${letter} 的变化。${curves.join('；')}`,
  points: (name, points) => `${name}：${points.join('，')}`,
  at: (ms, x) => `${x} 时 ${ms}`,
  shares: '占上限的比例',
  arithmetic: '计算',
  bandwidth: '带宽',
  reached: (full) =>
    '占这台设备在连续乘加循环里、在每次调用复制一个数时所能达到的比例。软件适配器每次调用的代价高于内存：每次搬动得比复制多' +
    `的，在那里可以超过它。满格是 ${full}。`,
};
