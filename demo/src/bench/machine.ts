import { version } from '../../../package.json';
import type { BenchMachine } from '../../../src/bench/index.js';
import type { BenchStart } from './protocol.js';

/** What browsers report about themselves: https://wicg.github.io/ua-client-hints/ */
interface UserAgentData {
  readonly brands: readonly { readonly brand: string; readonly version: string }[];
  readonly platform: string;
}

/** Returns where the page runs. */
export function machineOf({ adapter, versions }: BenchStart): BenchMachine {
  return {
    adapter,
    runtime: browser(),
    versions: { unrolled: version, ...versions },
    cores: navigator.hardwareConcurrency,
    date: new Date().toISOString(),
  };
}

/** Returns `Chromium 142, Linux`, or the user agent if the browser does not report its name. */
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
