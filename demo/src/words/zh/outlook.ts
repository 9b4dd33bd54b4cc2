import type { outlook as english } from '../en/outlook.js';
import { labels } from './page/labels.js';

/** How a training goes, and what to try. Numbers are bits a letter. */
export const outlook: typeof english = {
  clip: `，或者抑制变化：把“${labels['clipNorm.label']}”设为 1`,
  smaller: `减少“${labels['hidden.label']}”`,
  dropoutOrSmaller: `用一点“${labels['recurrentDropout.label']}”，或减少“${labels['hidden.label']}”`,
  noNumbers: (clip) =>
    `梯度已经不是有限的数：修正量爆炸了。把“${labels['rate.label']}”降到十分之一${clip}，然后重新开始。`,
  starting: '刚刚开始。看它写的样本：先是乱码，再是正确的字母，然后是音节。',
  worse: (now, baseline, clip) =>
    `它比什么都不知道还差：每字 ${now} 比特，什么都不知道是 ${baseline}。“${labels['rate.label']}”太高：取十分之一${clip}，然后重新` +
    '开始。',
  rising: (best, now) =>
    `意外程度又上升了，从每字 ${best} 升到 ${now} 比特：“${labels['rate.label']}”现在太高了。可以边训练边降到三分之一。`,
  overFitting: (step, best, held, now, against) =>
    `这种文风它能学的都学会了。在第 ${step} 步前后，没见过的文字最不让它意外（每字 ${best} 比特，现在是 ${held}）；` +
    `它正在读的文字是 ${now}。从这里起它在背这段文字，这叫过拟合。想学得更多：更长的文字，${against}。`,
  byHeart: (middle, now, held, against) =>
    `这种文风它能学的都学会了，接下来是在背：训练的后一半里，意外程度从每字 ${middle} 降到 ${now} 比特，但对没见过` +
    `的文字停在 ${held}。它现在学的是这段文字，而不是这种语言。想学得更多：更长的文字，${against}。`,
  falling: (middle, now) => `意外程度还在下降：训练的后一半里从每字 ${middle} 降到 ${now} 比特。让它继续学。`,
  stuck: (now, baseline) =>
    `它几乎停在每字 ${now} 比特，比什么都不知道（${baseline}）低不了多少：它只知道哪些字母常见。试试三倍的“${labels['rate.label']}”。`,
  flat: (now) =>
    `意外程度几乎不再下降，停在每字 ${now} 比特。把“${labels['rate.label']}”降到三分之一还能再低一点；` +
    `增加“${labels['hidden.label']}”、“${labels['layers.label']}”或“${labels['time.label']}”能学得更多。`,
  size: {
    larger: (ratio) => `每个参数有 ${ratio} 个字：文字够更大的网络用，它会学得更多。`,
    fits: (ratio) => `每个参数有 ${ratio} 个字：网络和文字的大小相配。`,
    parts: (ratio, advice) => `每个字有 ${ratio} 个参数：学几轮之后它会背下部分文字。${advice}`,
    held: `留出的部分会显示是什么时候：到那时停下，或减少“${labels['hidden.label']}”。`,
    notHeld: `在“${labels['validation.label']}”里留出一部分来看是什么时候，到那时停下；或减少“${labels['hidden.label']}”。`,
    all: (ratio, characters, dropout) =>
      `每个字有 ${ratio} 个参数：它能把全部 ${characters} 个字背下来。换更长的文字${dropout ? '' : `、用一点“${labels['recurrentDropout.label']}”`}或` +
      `减少“${labels['hidden.label']}”。`,
  },
};
