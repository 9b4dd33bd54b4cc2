import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { charModel, Corpus, openDevice, sgd, Trainer, type StepReport } from '../../src/index.js';
import { type CharModel, nextMultiple, StepMeter, trainSegment } from '../../src/graph.js';

const corpus = Corpus.fromText('abcdefgh'.repeat(20));
let trainer: Trainer<CharModel>;

beforeAll(async () => {
  const device = await openDevice({ backend: 'cpu' });
  const model = charModel({ vocabulary: corpus.vocabulary, hidden: 3 });
  trainer = await Trainer.create(model, { device, batch: 2, time: 4, optimizer: sgd({ rate: 0.1 }) });
});
afterAll(() => {
  trainer.dispose();
  trainer.device.dispose();
});

describe('trainSegment', () => {
  it('ends at its boundary, by its signal or by `take`, and calls the meter', async () => {
    const told: string[] = [];
    const meter = { begin: () => void told.push('begin'), end: () => void told.push('end') };
    let taken: number[] = [];
    const { signal } = new AbortController();
    const note = ({ step }: StepReport): 'continue' => {
      taken.push(step);
      return 'continue';
    };
    await trainSegment(trainer, corpus, { until: 3, signal, meter, take: note });
    expect({ taken, step: trainer.step }).toEqual({ taken: [1, 2, 3], step: 3 });
    expect(told).toEqual(['begin', 'end']);

    const abort = new AbortController();
    const untilFour = (report: StepReport): 'continue' => {
      if (report.step === 4) abort.abort();
      return note(report);
    };
    await trainSegment(trainer, corpus, { until: Infinity, signal: abort.signal, meter, take: untilFour });
    // The submitted steps were finished and reported.
    expect(taken.at(-1)).toBe(trainer.step);

    taken = [];
    const once = (report: StepReport): 'stop' => {
      note(report);
      return 'stop';
    };
    await trainSegment(trainer, corpus, { until: Infinity, signal, meter, take: once });
    expect(taken).toHaveLength(1);
    expect(told).toEqual(['begin', 'end', 'begin', 'end', 'begin', 'end']);
  });

  it('nextMultiple returns the next multiple of an interval', () => {
    expect([0, 1, 9, 10].map((step) => nextMultiple(step, 10))).toEqual([10, 10, 10, 20]);
    expect(nextMultiple(5, 0)).toBe(Infinity);
  });
});

describe('StepMeter', () => {
  const report = (step: number, loss: number): StepReport => ({ step, loss }) as StepReport;

  it('averages the values of the steps since the last line', () => {
    const meter = new StepMeter(({ loss }) => (Number.isNaN(loss) ? undefined : loss));
    expect(meter.cut()).toBeUndefined();
    for (const [i, loss] of [1, NaN, 3].entries()) meter.take(report(i + 1, loss));
    expect(meter.cut()).toMatchObject({ steps: 3, mean: 2, report: { step: 3 } });
    expect(meter.cut()).toBeUndefined();
    meter.take(report(4, NaN));
    expect(meter.cut()).toMatchObject({ steps: 1, mean: NaN, report: { step: 4 } });
    expect(meter.steps).toBe(4);
  });

  it('measures the speed over two seconds of lines, because a single line can be too short', () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    try {
      const meter = new StepMeter(() => undefined);
      const line = (ms: number): number | undefined => {
        vi.advanceTimersByTime(ms);
        for (let step = 1; step <= 10; step++) meter.take(report(step, 0));
        return meter.cut()?.stepsPerSecond;
      };
      meter.begin();
      expect(line(1000)).toBe(10);
      expect(line(0)).toBe(20);
      expect(line(2000)).toBe(5); // the lines before it no longer count
      expect(line(500)).toBe(8);
    } finally {
      vi.useRealTimers();
    }
  });

  it('counts only the time of segments', () => {
    const meter = new StepMeter(() => undefined);
    meter.take(report(1, 0));
    expect(meter.cut()?.ms).toBe(0);
    meter.begin();
    meter.end();
    const { ms } = meter;
    expect(meter.ms).toBe(ms);
  });
});
