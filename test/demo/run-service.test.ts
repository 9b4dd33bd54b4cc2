import { expect, test } from 'vitest';
import { RunService } from '../../demo/src/host/run-service.js';
import { Turns } from '../../demo/src/host/turns.js';

/** A run that only notes whether it was disposed of. */
class Run {
  disposed = false;
  constructor(readonly name: string) {}
  save(): Promise<Uint8Array> {
    return Promise.resolve(new Uint8Array(1));
  }
  dispose(): void {
    this.disposed = true;
  }
}

/** A loop that takes no steps. */
class Loop {
  readonly #turns = new Turns(
    () => Promise.resolve(),
    () => undefined,
  );
  constructor(
    readonly number: number,
    readonly run: Run,
  ) {}
  play(): void {
    return undefined;
  }
  pause(): Promise<void> {
    return this.between(() => {
      if (this.run.name === 'lost') throw new Error('The GPU was lost');
    });
  }
  step(): Promise<void> {
    return this.pause();
  }
  between<T>(work: () => T | Promise<T>): Promise<T> {
    return this.#turns.between(work);
  }
}

class Service extends RunService<{ heard(): void }, Run, Loop> {
  begin(run: Promise<Run>): Promise<{ readonly number: number; readonly run: Run }> {
    return this.replace(
      'reference',
      () => run,
      (number, made) => new Loop(number, made),
    );
  }
  get name(): string {
    return this.current.run.name;
  }
  protected lost(): void {
    throw new Error('no device is lost here');
  }
}

test.each([
  ['the first', false],
  ['a later', true],
])(
  'of two runs that are started at once, where one is %s of the page, the second stays',
  async (_, before) => {
    const service = new Service();
    service.listen({ heard: () => undefined });
    const first = new Run('first');
    if (before) await service.begin(Promise.resolve(first));
    const [slow, quick] = [new Run('slow'), new Run('quick')];
    let ready: (run: Run) => void = () => undefined;
    const made = new Promise<Run>((resolve) => (ready = resolve));
    const both = [service.begin(made), service.begin(Promise.resolve(quick))];
    setTimeout(() => ready(slow));
    const numbers = (await Promise.all(both)).map(({ number }) => number);
    expect(numbers).toEqual(before ? [2, 3] : [1, 2]);
    expect(service.name).toBe('quick');
    expect([first.disposed, slow.disposed, quick.disposed]).toEqual([before, true, false]);
  },
);

test('a run that cannot pause, because its device was lost, is replaced', async () => {
  const service = new Service();
  service.listen({ heard: () => undefined });
  const lost = new Run('lost');
  await service.begin(Promise.resolve(lost));
  expect(await service.pause()).toMatchObject({ ok: false, fault: { message: 'The GPU was lost' } });
  await service.begin(Promise.resolve(new Run('next')));
  expect([service.name, lost.disposed]).toEqual(['next', true]);
});
