import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/**
 * The folder of downloads and measured kernels: `$XDG_CACHE_HOME/unrolled` or `~/.cache/unrolled`,
 * on Windows `%LOCALAPPDATA%\unrolled`.
 */
export function cacheFolder(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  platform: string = process.platform,
  home: string = homedir(),
): string {
  const { XDG_CACHE_HOME: xdg, LOCALAPPDATA: local } = environment;
  if (xdg !== undefined && isAbsolute(xdg)) return join(xdg, 'unrolled');
  if (platform === 'win32')
    return join(local !== undefined && local !== '' ? local : join(home, 'AppData', 'Local'), 'unrolled');
  return join(home, '.cache', 'unrolled');
}
