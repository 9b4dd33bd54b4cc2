import { SingleBar } from 'cli-progress';
import type { Terminal } from './terminal.js';

/** A progress line at the bottom of the screen. It goes to standard error, if that is a terminal. */
export interface Progress {
  start(total: number, done: number): void;
  /**
   * @param speed in other units, such as `1,200 chars/s`
   * @param standing the latest result in a few words
   */
  update(done: number, stepsPerSecond: number, speed: string, standing: string): void;
  /** Removes the line while something else is written. */
  pausedFor(write: () => void): void;
  stop(): void;
}

const SILENT: Progress = {
  start: () => undefined,
  update: () => undefined,
  pausedFor: (write) => write(),
  stop: () => undefined,
};

/** The progress line of a training run. */
export function progressFor({ screen }: Terminal): Progress {
  if (!screen) return SILENT;
  const bar = new SingleBar({
    format: '{bar} {percentage}%  {value}/{total} steps  {steps} steps/s  {speed}  {standing}  {left} left',
    barsize: 20,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    stream: screen,
    fps: 5,
    hideCursor: true,
    clearOnComplete: true,
    forceRedraw: true,
    gracefulExit: false,
  });
  let total = 0;
  const values = (done: number, stepsPerSecond: number, speed = '', standing = ''): object => ({
    standing,
    speed,
    steps: stepsPerSecond >= 10 ? stepsPerSecond.toFixed(0) : stepsPerSecond.toFixed(2),
    left: stepsPerSecond > 0 ? duration((total - done) / stepsPerSecond) : '…',
  });
  return {
    start(end, done) {
      total = end;
      bar.start(end, done, values(done, 0));
    },
    update: (done, stepsPerSecond, speed, standing) =>
      bar.update(done, values(done, stepsPerSecond, speed, standing)),
    pausedFor(write) {
      if (bar.isActive) screen.write('\r\u001b[K');
      write();
      if (bar.isActive) bar.render();
    },
    stop: () => bar.stop(),
  };
}

/** `2 h 05 min`, `3 min 20 s`, `45 s` */
export function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (value: number): string => String(value).padStart(2, '0');
  if (h > 0) return `${h} h ${two(m)} min`;
  return m > 0 ? `${m} min ${two(s)} s` : `${s} s`;
}
