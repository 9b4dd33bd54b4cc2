import type { glossary as english } from '../en/glossary.js';
import { terms } from './page/terms.js';

/** What words and figures mean, for learners. */
export const glossary: typeof english = {
  terms: [
    ['比特', terms['bit.means']],
    ['单元', terms['cell.means']],
    ['梯度', terms['gradient.means']],
  ] as readonly (readonly [term: string, meaning: string])[],
  /** By the ids of the figures. */
  figures: {
    step: '一步：网络读一段文字，把自己的猜测与实际出现的比较，并被修正一次。',
    smooth:
      '下一个字让网络多意外，单位是比特：0 = 它早知道。书上叫损失或交叉熵。这是粗线的最右端，去掉了抖动：大约最后二十' +
      '五分之一的平均，越新的步越重要。',
    perplexity: '网络实际上还在多少个同样可能的字之间犹豫：2 的（意外比特数）次方。1 表示完全确定。',
    held: '对一部分从不用来学习的文字的意外程度：看它遇到新东西时怎样。每几秒测一次，最多 4,000 个字。',
    characters: '每秒读入并学习的字数。',
    epoch: '整段文字读了多少遍。书上叫轮（epoch）。',
    bits: '只算最后一步，单位：每字比特。',
    norm: '最后一步想把网络改动多大，在被抑制之前。',
    rate: '修正的幅度。',
    skipped: '因为不是有限的数而没有做的修正。降低学习率会有帮助。',
    steps: '每秒训练步数，取最近两秒。',
    loss: '用奈特代替比特的意外程度：比特数乘 0.693；配方要求求和时为一步的总和。',
    average: '也用奈特：每一步只占千分之一，从什么都不知道时的损失开始，所以几千步里都偏高。',
    adapter: '进行计算的设备。',
    backend: 'webgpu：GPU 上的内核。cpu：WebAssembly 内核。reference：普通循环，其他的都与它核对。',
    parameters: '网络要学的数。',
    dispatches: 'GPU 为一个训练步启动的程序数。越少越快，因为每次启动都要时间。',
  },
};
