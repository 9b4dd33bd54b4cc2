import type { First } from '../en/first.js';

/** The first screen. */
export const now: First['now'] = {
  label: '网络逐字读、记和猜',
  weights: {
    letters: '字 → 记忆',
    before: (layer) => `记忆 → 记忆${layer > 1 ? `，第 ${layer} 层` : ''}`,
    below: (layer) => `第 ${layer - 1} 层 → 第 ${layer} 层`,
    guesses: '记忆 → 猜测',
    embedding: '字',
  },
  untrained: '第一课之前：它在乱猜。',
  slowed: (step) => `现在，学了 ${step} 步之后，放慢到每秒四个字。`,
  wound: (step) => `学了 ${step} 步时的样子，放慢到每秒四个字。`,
  still: (step) => `学了 ${step} 步之后。按“下一个字”继续。`,
  done: (step, replay) => `能学的都学会了，用了 ${step} 步。${replay ? '“重放”会慢慢地再演一遍。' : ''}`,
  pause: '暂停文字',
  go: '让文字走起来',
  nothingWritten: '它还什么都没写：十步之后才有第一段。',
  writtenAt: (step) => `学了 ${step} 步之后`,
  surprise: (first, last) => `每字 ${first} → ${last} 比特`,
  surpriseStart: (first) => `每字 ${first} 比特`,
  meaning: '0 表示每个字它都知道。',
  realWords: (percent) => `0 表示每个字它都知道。它写的词里，${percent} 是原文里有的。`,
  networks: {
    gru: '小 GRU',
    lstm: '小 LSTM',
    rnn: '小的普通 RNN',
    large: '较大的两层 LSTM',
    own: '您的设置',
  },
};
