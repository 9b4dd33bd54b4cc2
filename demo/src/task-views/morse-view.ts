import { create } from '../page/dom.js';
import type { MakeView, Moment, Reply } from '../tasks/view.js';
import { AskField } from '../tasks/views/ask-field.js';
import { memoryChoice } from '../tasks/views/memory-choice.js';
import { words } from '../tasks/words.js';
import { ExamplePicker } from './example-picker.js';
import { SoundButton } from './sound-button.js';
import { SoundStrip } from './sound-strip.js';
import { texts } from './texts.js';

/**
 * The view of a text that is written from sound: the sound, which can be listened to, the letters,
 * and where the network listens for each. A visitor's own letters are sent as the examples are.
 */
export const morseView: MakeView = ({ host, facts, ask, looked, change }) => {
  let replies: readonly Reply[] = [];
  let typed: Reply | undefined;
  let live = false;
  const answer = create('p', 'answer');
  answer.role = 'status';
  const strip = new SoundStrip();
  const button = new SoundButton((share) => strip.played(share));
  const picker = new ExamplePicker(() => draw());
  const field = new AskField(
    words.tasks[facts.task]?.typed ?? '',
    ask,
    (text) => ({ asked: { text }, attention: facts.attends }),
    (reply) => {
      typed = reply;
      list();
    },
  );
  // Who types wants to see what was typed.
  field.input.addEventListener('input', () => picker.choose(0));
  const controls = create('div', 'pair');
  controls.append(memoryChoice(facts, change));
  const choice = create('div', 'sound-choice');
  choice.append(picker.element, button.element);
  host.append(field.element, choice, strip.element, answer, controls);
  if (!facts.attends) host.append(create('p', 'hint', words.views.noAttention));

  /** The visitor's letters belong to the latest moment only. */
  function shown(): readonly Reply[] {
    return typed && live ? [typed, ...replies] : replies;
  }

  function list(): void {
    picker.show(
      shown().map(({ wanted = '', right }) => {
        const name = texts.sound.example(wanted);
        return right === false ? texts.stillWrong(name) : name;
      }),
    );
    draw();
  }

  function draw(): void {
    const reply = shown().at(picker.current);
    if (reply?.read.kind !== 'sound') return;
    looked(reply === typed ? { text: field.input.value } : { example: replies.indexOf(reply) });
    button.show(reply.read);
    strip.show(reply.read, reply.attention);
    answer.replaceChildren(
      words.views.answer,
      create(
        'bdi',
        reply.right === false ? 'wrong' : 'said',
        reply.text === '' ? words.noAnswer : reply.text,
      ),
      reply.right === true ? ' ✓' : ' ✗',
    );
  }

  return {
    show({ examples }: Moment, isLive: boolean) {
      [replies, live] = [examples, isLive];
      list();
      if (live && field.input.value !== '') void field.refresh();
    },
    dispose() {
      field.close();
      button.close();
    },
  };
};
