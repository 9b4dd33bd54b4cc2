import type { sweep as en } from '../en/sweep.js';

export const sweep: typeof en = {
  title: 'unrolled：参数扫描',
  heading: '用图看一次参数扫描',
  intro:
    '许多次训练，选项各不相同，放在一起比较。把 “unrolled sweep” 的记录文件拖到本页，或打开它；文件不会离开这台机器。',
  back: '回到训练页面。',
  open: '打开记录',
  drop: '放下扫描的记录文件',
  waiting: '还没有记录。',
  unreadable: (message) => `读不了这个文件。计算引擎的说明（英文）：${message}`,
  parallel: '逐个选项看所有试验',
  parallelAbout: '每条线是一次试验，从它的选项一直连到结果。结果最好的四分之一颜色最深。',
  curves: '它们怎样学习',
  questions: '每个选项怎样影响结果和时间',
  table: '所有试验',
  trial: '试验',
  state: '状态',
  steps: '步数',
  seconds: '秒',
  rank: '试验，从最好到最差',
  states: { complete: '完成', pruned: '提前停止', failed: '失败', running: '进行中' },
  mattered: (option, share) => `${option}：占名次方差的 ${share}`,
  summary: (name, trials, complete, best, objective) =>
    `${name}：${trials} 次试验，完成 ${complete} 次。最好的 ${objective}：${best}。`,
  chosen: (number, rank, options, objective, value, steps, time) =>
    `试验 ${number}，结果排第 ${rank}：${options}。${steps} 步后 ${objective} 为 ${value}，用时 ${time} 秒。`,
  parallelLabel: (trials, options) => `${trials} 次试验的平行坐标图：${options} 和结果`,
  curvesLabel: (trials, measure) => `${measure} 随步数的变化，${trials} 条曲线`,
  questionLabel: (option, objective) => `${objective} 和秒数随 ${option} 的变化`,
};
