import type { labels as english } from '../../en/page/labels.js';

/**
 * The labels of the fields, by the names of their options. Every sentence of the page that names a
 * field takes its label from here.
 */
export const labels: typeof english = {
  'text.label': '文字',
  'pasted.label': '粘贴文字',
  'file.label': '打开文字文件，或把它拖到页面任意处',
  'preset.label': '配方',
  'cell.label': '单元',
  'layers.label': '层数',
  'hidden.label': '隐藏单元数',
  'time.label': '回看多远',
  'batch.label': '同时读几处',
  /** A batch of records, on the page of tasks. */
  'examples.label': '一次读几例',
  'rate.label': '学习率',
  'dropout.label': '随机失活',
  'recurrentDropout.label': '循环随机失活',
  'optimizer.label': '优化器',
  'schedule.label': '学习率随时间',
  'rateDecay.label': '每轮乘以',
  'rateDecayAfter.label': '从第几轮之后',
  'rateFloor.label': '最后剩下的比例',
  'warmup.label': '预热步数',
  'clipNorm.label': '裁剪范数',
  'clipValue.label': '裁剪值',
  'validation.label': '留出',
  'backend.label': '计算设备',
  'seed.label': '随机种子',
  'steps.label': '在此步之后停止',
  'untilLearned.label': '学会能学的就停下',
  'prime.label': '开头',
  'temperature.label': '大胆程度',
  'draw.label': '选字方式',
  'topK.label': '几个',
  'length.label': '长度',
  'sampleEvery.label': '每隔多少步',
};
