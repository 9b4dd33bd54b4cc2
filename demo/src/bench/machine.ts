import { version } from '../../../package.json';
import type { BenchMachine } from '../../../src/bench/index.js';
import type { BenchStart } from './protocol.js';

/** What browsers that have it tell of themselves: https://wicg.github.io/ua-client-hints/ */
interface UserAgentData {
  readonly brands: readonly { readonly brand: string; readonly version: string }[];
  readonly platform: string;
}

/** Where the page runs. */
export function machineOf({ adapter, versions }: BenchStart): BenchMachine {
  return {
    adapter,
    runtime: browser(),
    versions: { unrolled: version, ...versions },
    cores: navigator.hardwareConcurrency,
    date: new Date().toISOString(),
  };
}

/** `Chromium 142, Linux`; where a browser does not say, its user agent. */
function browser(): string {
  const data = (navigator as { readonly userAgentData?: UserAgentData }).userAgentData;
  const brand = data?.brands.filter((each) => !/not.?a.?brand/i.test(each.brand)).pop();
  if (data && brand)
    return `${brand.brand} ${brand.version}${data.platform === '' ? '' : `, ${data.platform}`}`;
  const [, name, number] =
    /(Firefox|HeadlessChrome|Edg|Chrome|Version)\/(\d+(?:\.\d+)?)/.exec(navigator.userAgent) ?? [];
  if (name === undefined) return navigator.userAgent;
  return `${name === 'Version' ? 'Safari' : name} ${number}`;
}
