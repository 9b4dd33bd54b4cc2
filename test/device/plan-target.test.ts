import { describe, expect, it } from 'vitest';
import { planTargetOf } from '../../src/device/plan-target.js';
import { RULES, rulesOf } from '../../src/ops/lib/rules.js';
import { ADAPTER_KINDS } from '../../src/plan/target.js';

describe('the kind of an adapter', () => {
  it.each([
    ['NVIDIA H100 80GB HBM3, nvidia, hopper', 'discrete'],
    ['AMD Radeon RX 7900 XTX (RADV NAVI31), amd, rdna-3', 'discrete'],
    ['AMD Radeon(TM) 780M, amd, rdna-3', 'integrated'],
    ['AMD Radeon(TM) Graphics, amd, rdna-2', 'integrated'],
    ['Intel(R) UHD Graphics 770, intel, gen-12lp', 'integrated'],
    ['Intel(R) Arc(TM) A770 Graphics, intel, xe-hpg', 'discrete'],
    ['Intel(R) Arc(TM) Graphics, intel, xe-lpg', 'integrated'],
    ['Adreno (TM) 740, qualcomm, adreno-7xx', 'integrated'],
    ['arm, valhall', 'integrated'],
    ['apple, metal-3', 'apple'],
    ['unnamed adapter', 'discrete'],
  ])('%s: %s', (adapter, kind) => {
    const device = { hardware: true, features: ['subgroups'], adapter, workgroupMemory: 32768 };
    const target = planTargetOf(device);
    const { parallelism } = RULES[target.kind ?? 'software'];
    expect(target).toEqual({ kind, parallelism, subgroups: true, workgroupMemory: 32768 });
    expect(rulesOf(target)).toBe(RULES[target.kind ?? 'software']);
  });

  it('is software where no hardware is behind it, whatever it is called', () => {
    expect(planTargetOf({ hardware: false, features: ['subgroups'], adapter: 'llvmpipe (Intel)' })).toEqual({
      kind: 'software',
      parallelism: 64,
      quads: true,
      subgroups: true,
    });
    expect(planTargetOf({ hardware: false, features: [] })).toEqual({
      kind: 'software',
      parallelism: 64,
      quads: false,
    });
  });

  it('has rules that a workgroup of every WebGPU device allows', () => {
    for (const kind of ADAPTER_KINDS) {
      const { tilesOfWorkgroup, windowWorkgroup, rowColumns, splitLanes, parallelism } = RULES[kind];
      for (const invocations of [tilesOfWorkgroup, windowWorkgroup]) {
        expect(Math.log2(invocations) % 1).toBe(0);
        expect(invocations).toBeLessThanOrEqual(256);
      }
      expect(splitLanes).toBeLessThanOrEqual(parallelism);
      for (const columns of rowColumns) expect(columns % 4).toBe(0);
    }
  });
});
