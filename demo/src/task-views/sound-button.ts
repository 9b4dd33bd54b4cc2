import { create } from '../page/dom.js';
import { samplesOf, type Sound } from './sound.js';
import { texts } from './texts.js';

const RATE = 16_000;

/** A button that plays a sound, and stops it when it is pressed again. */
export class SoundButton {
  readonly element = create('button', 'listen', texts.sound.listen);
  #sound: Sound | undefined;
  #context: AudioContext | undefined;
  #playing: AudioBufferSourceNode | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;

  /** @param moved called with the share of the sound that was played; undefined when it rests */
  constructor(readonly moved: (share: number | undefined) => void) {
    this.element.type = 'button';
    this.element.hidden = !('AudioContext' in window);
    this.element.addEventListener('click', () => {
      if (this.#playing) this.stop();
      else if (this.#sound) this.#play(this.#sound);
    });
  }

  /** Chooses the sound. One that is being played ends if it is another. */
  show(sound: Sound): void {
    if (this.#sound?.levels.join() !== sound.levels.join()) this.stop();
    this.#sound = sound;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#playing?.stop();
    this.#playing = undefined;
    this.element.textContent = texts.sound.listen;
    this.moved(undefined);
  }

  /** Stops, and gives the loudspeaker back. */
  close(): void {
    this.stop();
    void this.#context?.close();
    this.#context = undefined;
  }

  #play(sound: Sound): void {
    const context = (this.#context ??= new AudioContext());
    const samples = samplesOf(sound, RATE);
    const buffer = context.createBuffer(1, samples.length, RATE);
    buffer.copyToChannel(samples, 0);
    const source = context.createBufferSource();
    source.buffer = buffer;
    source.connect(context.destination);
    source.addEventListener('ended', () => {
      if (this.#playing === source) this.stop();
    });
    this.#playing = source;
    this.element.textContent = texts.sound.stop;
    const began = context.currentTime;
    source.start();
    this.moved(0);
    this.#timer = setInterval(
      () => this.moved(Math.min(1, (context.currentTime - began) / buffer.duration)),
      FRAME_MS,
    );
  }
}

/** Milliseconds between two places of the mark. */
const FRAME_MS = 50;
