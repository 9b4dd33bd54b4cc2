/** The words that a chapter cannot do without, each with a question and an answer in one line. */
export const terms = {
  'bit.ask': 'What is a bit?',
  'bit.means':
    'One question of yes or no. Surprise counts how many are left: with 1 bit it wavers between 2 letters, with 2 bits between 4, with 5 between 32; with 0 it knows.',
  'cell.ask': 'What is a cell?',
  'cell.means':
    'The part of a network that keeps the memory: with each letter it makes new numbers from the letter and the numbers before. RNN, LSTM and GRU are three kinds of it.',
  'gradient.ask': 'What is a gradient?',
  'gradient.means':
    'It says of each number in the network how much the error would change with it, and so which way to correct it. Where it is close to zero, nothing is learned.',
};
