import type { faults as english } from '../en/faults.js';
import { labels } from './page/labels.js';
import { workbench } from './workbench.js';

/** @param least characters, with the numbers of the form */
const tooShort = (characters: string, least: string): string =>
  `至少需要 ${least} 个字：这段文字有 ${characters} 个。请换更长的文字，或减小“${labels['batch.label']}”或` +
  `“${labels['time.label']}”。`;

/** What cannot be done, and why: the page's own faults, most of which its workers find. */
export const faults: typeof english = {
  engine: (message) => `计算引擎的说明（英文）：${message}`,
  labels,
  fields: workbench.faults,
  options: {
    tooFew: tooShort,
    notFinite: (steps, clipped) =>
      `梯度连续 ${steps} 步不是有限的数：请降低“${labels['rate.label']}”` +
      `${clipped ? '' : `，或在“${labels['clipNorm.label']}”里写 1`}。`,
    noRate: (steps) =>
      `“${labels['rate.label']}”连续 ${steps} 步为 0，所以什么也学不到：“${labels['schedule.label']}”已经到头。` +
      `请推后“${labels['steps.label']}”，或增大“${labels['rateFloor.label']}”。`,
    smaller: (fields) => `请减小${fields.map((field) => `“${labels[`${field}.label`]}”`).join('、')}`,
    otherPosition:
      '这个状态是用别的设置保存的：请用同样的文字、' +
      `“${labels['batch.label']}”、“${labels['time.label']}”和“${labels['seed.label']}”继续。`,
    anotherDevice: `“${labels['backend.label']}”里的其他设备`,
    needed: {
      severalLayers:
        ` 0，因为只有一层，而它作用于层与层之间：“${labels['layers.label']}”至少为 2，或改用` +
        `“${labels['recurrentDropout.label']}”`,
      recurrent: ` 0，因为这种“${labels['cell.label']}”没有循环权重`,
      most: (most) => `不大于 ${most} 的数`,
    },
  },
  run: (number, why) => `第 ${number} 个网络：${why}`,
  noRun: '还没有开始训练：请先开始一次。',
  stepGone: (step) => `第 ${step} 步的状态已不再保留。`,
  tooShort,
  otherText: '这个检查点是用另一段文字训练的：网络带着学到的东西，从这段文字的开头继续。',
  storage: {
    full: (step) =>
      `第 ${step} 步的状态没有保存在此浏览器里：它的存储空间已满。请删除一些已保存的训练，或下载检查点。`,
    refused: (step, reason) =>
      `第 ${step} 步的状态没有保存在此浏览器里：浏览器拒绝存储，某些隐私窗口就是这样（${reason}）。请在离开本页之前` +
      '下载检查点。',
    noRoom: '此浏览器的存储空间放不下它。',
    textRefused: (reason) => `它没能存储（${reason}）。`,
    textTooLarge: (size, most) => `它有 ${size}，超过了最多保存的 ${most}。`,
  },
  own: {
    tooLarge: (name, most) => `${name} 对网页来说太大了：最多 ${most}。`,
    empty: (name) => `${name} 是空的。`,
    oneColumn: '只有一列：需要两列，一列读，一列学。',
    sameColumn: '读的和学的是同一列：请选两列。',
    tooFew: (records, least) =>
      `两列都有内容的数据有 ${records} 条：至少需要 ${least} 条，其中一些要留出来检验网络。`,
    tags: (record, words, read, tags, learned) =>
      `第 ${record} 条数据在“${read}”里有 ${words} 个词，在“${learned}”里有 ${tags} 个标注：每个词需要一个标注。`,
    noNumber: (record, text, column) => `第 ${record} 条数据的“${column}”列里是“${text}”，那里需要一个数。`,
    leftOut: (records) => `有 ${records} 条数据的某一列是空的，没有采用。`,
    openFirst: '请先打开要学的文件。',
    openAgain: '这个检查点学的是某人自己的文件。请先在这里打开那个文件，再打开检查点。',
    otherTask: (learned, asked) => `这个检查点学的是${learned}，而不是${asked}。`,
    tasks: {
      classify: '每段文字一个标签',
      tag: '每个词一个标注',
      translate: '每段文字对一段文字',
      regress: '序列的下一个数',
    },
  },
  noTask: '这个检查点没有说明它学的是什么任务。学文字的检查点请在文字页面打开。',
  ask: {
    noText: '这个网络不读文字。',
    empty: '请输入要读的内容。',
    noLetters: '请输入字母 A 到 Z：别的字符这里没有电码。',
    tooLong: (most) => `这里最多能读 ${most} 个字。`,
    noPictures: '这个网络不读图像。',
    pictureSize: (rows, columns) => `这里的图像有 ${rows} 行，每行 ${columns} 个像素。`,
  },
  bench: {
    noGpu: (why) => `没有可以测量的 GPU：${why}`,
    noPeer: (name, why) => `${name} 没有参加：${why}`,
  },
};
