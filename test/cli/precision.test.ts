import { describe, expect, it } from 'vitest';
import { eventsOf, command, temporaryFolder, TINY } from './support.js';

const file = temporaryFolder();
const LOG = ['--limit', '900', '--log-every', '1'] as const;

const losses = (out: string): number[] => eventsOf(out, 'step').map(({ loss }) => loss);

describe('--precision', () => {
  it('goes into the checkpoint: a run that is resumed has the losses of a whole one', async () => {
    const train = ['train', ...TINY, ...LOG, '--precision', 'emulated'];
    const whole = await command([...train, '--steps', '6']);
    expect(whole).toMatchObject({ status: 0, error: '' });
    const part = await command([...train, '--steps', '3', '--out', file('part.safetensors')]);
    const rest = await command(['resume', file('part.safetensors'), '--steps', '6', '--json']);
    expect([...losses(part.out), ...losses(rest.out)]).toEqual(losses(whole.out));
    const single = await command(['train', ...TINY, ...LOG, '--steps', '6']);
    expect(losses(single.out)).not.toEqual(losses(whole.out));
  });

  it('mixed is refused where there is no half precision, with what to do', async () => {
    const { status, error } = await command(['train', ...TINY, ...LOG, '--precision', 'mixed']);
    expect(status).toBe(1);
    expect(error).toBe(
      'unrolled: Mixed precision needs a device with the feature shader-f16, which this one has not. Take ' +
        'another device, or the precision "single", or "emulated", which gives the numbers of mixed ' +
        'precision but is slower.\n',
    );
  });

  it('plans the launches of mixed precision without a device', async () => {
    const kernels = async (...more: string[]): Promise<string[]> => {
      const { out } = await command(['plan', '--vocabulary', '9', '--time', '2', '--json', ...more]);
      return (JSON.parse(out) as { launches: { kernel: string }[] }).launches.map(({ kernel }) => kernel);
    };
    const [single, mixed] = [await kernels(), await kernels('--precision', 'mixed')];
    expect(single).not.toContain('loss_scale/forward');
    expect(mixed.filter((kernel) => !single.includes(kernel))).toEqual(
      expect.arrayContaining(['loss_scale/forward', 'scale_rows/forward']) as string[],
    );
  });
});
