import type { grid as en } from '../en/grid.js';
import { labels } from './page/labels.js';

export const grid: typeof en = {
  title: '试一个网格',
  about:
    '上面的第一个网络，对下列取值的每种组合，把上面的任务或文本各学一遍：一次小型参数扫描，在本页的后台线程中进行。',
  first: '第一个选项',
  second: '第二个选项',
  none: '不要第二个',
  options: {
    hidden: labels['hidden.label'],
    rate: labels['rate.label'],
    time: labels['time.label'],
    batch: labels['batch.label'],
    cell: labels['cell.label'],
  },
  values: '取值',
  valuesHint: '一到三个，用空格分开。',
  steps: '每次试验的步数',
  run: '运行网格',
  stop: '停止',
  download: '下载记录',
  name: '网格',
  loading: '正在准备第一次试验……',
  running: (done, total) => `进行中：${total} 次试验已完成 ${done} 次。`,
  done: (total) => `全部 ${total} 次试验已完成。`,
  stopped: (done, total) => `已停止：${total} 次试验完成了 ${done} 次。`,
  notStarted: '没有开始：请看提示。',
  failed: (trial, why) => `试验 ${trial} 失败：${why}`,
  broken: (why) => `网格中断：${why}`,
};
