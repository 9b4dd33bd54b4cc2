import type { film as english } from '../en/film.js';

/** The slider through the training. */
export const film: typeof english = {
  reads: '它读的文字，颜色表示意外程度',
  units: '它的记忆：每行一个单元，每列一个字',
  sure: '0：早就知道',
  full: (bits) => `${bits} 比特`,
  said: (step, bits, letter) =>
    `学了 ${step} 步之后，不记得前文时，这一段平均每字让它意外 ${bits} 比特，最意外的是${letter}。`,
  saidUnknown: (step) => `学了 ${step} 步之后：这一段太短，量不出来。`,
  stopReplay: '停止',
  gone: '那一步的状态已不再保留：只剩曲线和它写过的东西。',
  unitsLabel: (units, letters) => `${units} 个单元在 ${letters} 个字上的状态`,
};
