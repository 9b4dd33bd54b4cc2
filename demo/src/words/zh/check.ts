import type { check as english } from '../en/check.js';

/** The results of "Check this GPU". */
export const check: typeof english = {
  noGpu: {
    status: '没有可检验的 GPU',
    sentence: '此浏览器在这里没有 WebGPU，本页用 CPU 计算：没有可检验的 GPU。',
  },
  opening: '正在打开 GPU…',
  checking: (adapter) => `正在检验 ${adapter}`,
  progress: (made, of, op) => `${of} 项中的 ${made} 项：${op}`,
  allDone: '全部做完',
  notFinished: '没有做完',
  endedEarly: (message) => `检验提前结束：${message}`,
  failed: (checks) => `${checks} 项没有通过`,
  failedSentence: (tally) =>
    `${tally}：本页在那里算出的可能不对。要不用它训练，请在“更多设置”里选择“CPU（WebAssembly）”。`,
  passed: '通过',
  passedSentence: (tally) => `${tally}：本页算出的与 CPU 参考实现一致。`,
  stopped: '已停止',
  stoppedFirst: '第一项检验之前就停止了。',
  stoppedLater: (tally, failed) => `${tally}${failed ? '。' : '。其余的没有检验。'}`,
  thisGpu: '这块 GPU',
  tally: {
    failed: (failed, made, adapter) => `${adapter} 上的 ${made} 项检验中有 ${failed} 项没有通过`,
    all: (all, ops, adapter) =>
      `${adapter} 上的全部 ${all} 项检验${ops.length > 0 ? `（${ops.join('、')}）` : ''}都通过了`,
    some: (made, all, adapter) => `${adapter} 上的 ${all} 项检验中有 ${made} 项做完并通过了`,
  },
  row: {
    notFinite: '不是有限的数',
    passed: '通过',
    failed: '没有通过',
    added: (size) => `${size}，反向，加到已有的值上`,
    why: (tensor, index, got, expected) => `${tensor}：第 ${index} 个元素是 ${got}，应为 ${expected}`,
  },
};
