import type { First } from '../en/first.js';

/** A training that has come to its end, and what goes beyond it. */
export const learned: First['learned'] = {
  done: (step, bits) =>
    `这种文风它能学的都学会了。没见过的文字在第 ${step} 步前后最不让它意外，每字 ${bits} 比特：` +
    '它已经回到那里。',
  doneLater: (step, bits) =>
    `这种文风它能学的都学会了。没见过的文字在第 ${step} 步前后最不让它意外，每字 ${bits} 比特。`,
  status: '完成：能学的都学会了',
  byHeart: '它继续学，开始背这段文字：看两条曲线怎样分开。',
};
