import type { First } from '../en/first.js';

/** Links for a class. */
export const classes: First['classes'] = {
  about: '打开这个链接的人看到的都一样：同样的文字、同样的网络、同样的种子。',
  copied: '链接已复制。',
  copy: '复制链接',
  label: '给全班的链接',
};
