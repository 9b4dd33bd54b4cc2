/** Inside the network. */
export const inside = {
  'inside-title': 'Inside the network: what does it remember?',
  'inside.hint':
    'While the network reads, each of its units holds a number that changes with every letter. Some units come to follow something that you can read, too, such as where a word ends. Here you see how surprised the network is by each letter, what it expects next, what that depends on, and its units.',
  'inside-details.more': 'Look inside',
  'inside-waiting': 'There is something to see as soon as a training has begun.',
  'inside-body.inside-colours.aria-label': 'What the colours are',
  'inside-body.choice': 'surprise',
  'inside-body.choice-2': 'one unit',
  'inside-body.choice-3': 'what a guess depends on (click a letter)',
  'inside-high': '6 bits or more',
  'inside-cells.aria-label':
    'The text, letter by letter. Arrow keys move, Enter chooses the guess after a letter.',
  'inside-forget': 'Clear',
  'inside-text.label': 'What it reads',
  'inside-place': 'Another stretch',
  'inside-body.title': 'What it expects next',
  'inside-guess-list.aria-label': 'The likeliest, the first before all',
  'inside-body.title-2': 'Who follows what?',
  'inside-feature.label': 'Units that follow',
  'inside-feature.any': 'anything: the closest of each',
  'inside-units.aria-label': 'Units, the closest followers first',
  'inside-no-units': 'None: no unit follows it, or this text has nothing of it.',
  'inside-body.hint':
    'Point at a unit to see it in the text, click to keep it. The number says how closely its state goes up and down with what can be read off the text (a correlation): 1 is perfect, −1 as well, but the other way round. Units below 0.3 are left out, because that may be chance.',
  'inside-layer.label': 'Layer',
  'inside-unit.label': 'Any unit,',
  'inside-gates-title': 'Gates and memory',
  'inside-gates.hint':
    'The same text from left to right. A gate is the fuller the more it is open (0 to 1); the other rows are blue above zero and orange below.',
  'inside-gate-map.aria-label': 'Gates over the text',
  'inside-body.title-3': 'How far back does an error reach?',
  'inside-body.hint-2':
    'The network learns from an error by tracing it back in time, over as many steps as are set under “Looks back”. Here is the error of the last prediction, and how much of it arrives at each step before: the norm of its gradient with respect to the state, over passages from all over the text.',
  'inside-flow.aria-label': 'Norm of the gradient by time step',
  'inside-body.axis': 'steps before the prediction',
  'inside-flow-legend':
    'Line: the gradient of the state h. Thick dots: that of the cell c, which the forget gate carries from step to step; most of what an LSTM learns over long times comes back through there.',
  'inside-by-change': 'what your change changed (edit the text below)',
  'inside-go-on': 'Choose a letter to write on from it',
  'inside-map.title': 'Its memory: a row for each unit, a column for each letter',
  'inside-map.hint':
    'Blue above zero, orange below. Units that change slowly are on top: what they hold lasts for longest. Click a row, or go there with the arrow keys, to see that unit in the text; it has a frame.',
  'inside-map-states.aria-label': 'Which state',
  'inside-map-h': 'state h, which it shows',
  'inside-map-c': 'cell c, which it keeps',
  'inside-map.aria-label': 'Units, the slowest first',
  'inside-places.aria-label': 'Other places',
  'inside-deeper.title': 'For the curious: inside a unit',
  'inside-deeper.hint':
    'The cell that computes the memory, its gates, and how an error finds its way back through time.',
  'inside-drawing.title': 'Step by step',
  'inside-drawing.hint':
    'The same network, unrolled in time over some letters of this text: what it reads, its memory, what it guesses. The pink arrows are the gradients measured below, over passages from all over the text.',
};
