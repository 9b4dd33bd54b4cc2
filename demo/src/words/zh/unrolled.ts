import type { unrolled as english } from '../en/unrolled.js';

/** The network of a task, step by step. */
export const unrolled: typeof english = {
  label: '网络在这个例子上',
  about: '上面正在看的例子，用滑块所示那一步的权重：读了什么，每一步之后的记忆，以及回答。',
  forced: '和训练时一样：不管它猜了什么，每一步读到的都是正确的符号。▸ 表示文字开始，■ 表示结束。',
  own: '它读的是自己写出来的东西。▸ 表示文字开始，■ 表示结束。',
  now: (step) => `现在，学了 ${step} 步之后。`,
  wound: (step) => `学了 ${step} 步时的样子。`,
  weights: {
    memory: {
      encoder: (layer) => `读的记忆${layer > 1 ? `，第 ${layer} 层` : ''}`,
      decoder: (layer) => `写的记忆${layer > 1 ? `，第 ${layer} 层` : ''}`,
      rnn: (layer) => `记忆${layer > 1 ? `，第 ${layer} 层` : ''}`,
    },
    reads: (memory) => `读到的 → ${memory}`,
    below: (memory) => `下面一层 → ${memory}`,
    before: (memory) => `之前 → ${memory}`,
    twice: (label) => `${label}，每个方向一个`,
    embedding: '符号',
    head: '记忆 → 猜测',
    attention: '注意力',
    image: '图片或类别 → 记忆',
    summary: '读过的 → 最初的记忆',
  },
  gone: '那一步的权重已不在内存里。这里是现在的权重。',
};
