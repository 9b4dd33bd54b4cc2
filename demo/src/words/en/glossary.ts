import { terms } from './page/terms.js';

/** What words and figures mean, for learners. */
export const glossary = {
  terms: [
    ['Bit', terms['bit.means']],
    ['Cell', terms['cell.means']],
    ['Gradient', terms['gradient.means']],
  ] as readonly (readonly [term: string, meaning: string])[],
  /** By the ids of the figures. */
  figures: {
    step:
      'One step: the network reads a window of the text, compares its guesses with what comes, and is ' +
      'corrected once.',
    smooth:
      'How surprised the network is by the next letter, in bits: 0 = it knew it. Books call it loss, or ' +
      'cross-entropy. It is the right end of the thick curve, without the jitter: a mean over about the ' +
      'last twenty-fifth of the run, in which newer steps count for more.',
    perplexity:
      'Between how many equally likely letters the network in effect still wavers: 2 to the power of the ' +
      'surprise in bits. Books call it perplexity. 1 would be certainty.',
    held:
      'The surprise at a part of the text that it never learns: how well it does on something new. It is ' +
      'measured every few seconds, on 4,000 characters at most.',
    characters: 'Characters of the text read and learned per second.',
    epoch: 'How often the whole text has been read. Books call it epochs.',
    bits: 'The surprise in the last step alone, in bits a letter.',
    norm: 'How strongly the last step wants to change the network, before it is held in check.',
    rate: 'The size of the corrections.',
    skipped: 'Corrections that were left out because they were not finite numbers. A lower rate helps.',
    steps: 'Training steps per second, over the last two seconds of training.',
    loss:
      'The surprise in nats in place of bits: the last one times 0.693, or summed over a step where the ' +
      'recipe sums.',
    average:
      'In nats, too: each step counts for a thousandth, and it begins at the loss of one who knows nothing, ' +
      'so it is high for some thousand steps.',
    adapter: 'The machine that computes.',
    backend:
      'webgpu: kernels on the GPU. cpu: kernels in WebAssembly. reference: plain loops, which the others ' +
      'are checked against.',
    parameters: 'Numbers that the network learns.',
    dispatches:
      'Programs that the GPU starts for one training step. Few are fast, since each start costs time.',
  },
};
