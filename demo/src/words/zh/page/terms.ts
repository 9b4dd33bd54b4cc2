import type { terms as english } from '../../en/page/terms.js';

/** The words that a chapter cannot do without, each with a question and an answer in one line. */
export const terms: typeof english = {
  'bit.ask': '什么是比特？',
  'bit.means':
    '一个是非题。意外程度数的是还剩几题：1 比特是在 2 个字之间犹豫，2 比特是 4 个，5 比特是 32 个；0 就是知道。',
  'cell.ask': '什么是单元？',
  'cell.means':
    '网络里保管记忆的部分：每读一个字，它就用这个字和之前的数算出新的数。RNN、LSTM 和 GRU 是其中的三种。',
  'gradient.ask': '什么是梯度？',
  'gradient.means':
    '它说明网络里的每个数变一点，误差会变多少，从而知道该往哪边修正。它接近零的地方，什么也学不到。',
};
