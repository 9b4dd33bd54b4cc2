// Finds the servers that the tests of `--queue` start, Redis and PostgreSQL, in the usual folders,
// and installs them on Debian. Uses built-in modules only.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The command that installs both, for messages. */
export const SERVER_ADVICE = 'apt-get install redis-server postgresql, or the like of your system';

/**
 * The paths of the installed programs.
 * @returns {{ redis: string | undefined, postgres: string | undefined, initdb: string | undefined
 *   }}
 */
export function findServers() {
  const postgresFolder = postgresFolders().find((folder) => existsSync(join(folder, 'initdb')));
  return {
    redis: programs().find((path) => existsSync(path)),
    postgres: postgresFolder && join(postgresFolder, 'postgres'),
    initdb: postgresFolder && join(postgresFolder, 'initdb'),
  };
}

function programs() {
  return pathFolders().flatMap((folder) =>
    ['redis-server', 'valkey-server'].map((name) => join(folder, name)),
  );
}

/** Debian has a folder for the programs of each version, and only some of them on the path. */
function postgresFolders() {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  return [...versions.map((version) => join(debian, version, 'bin')), ...pathFolders()];
}

function pathFolders() {
  return [...(process.env.PATH ?? '').split(delimiter).filter(Boolean), '/usr/bin', '/usr/local/bin'];
}

/** Installs missing servers as root on Debian and its derivatives. @param say prints a line */
export function installServers(say) {
  const { redis, postgres } = findServers();
  const packages = [redis ? [] : 'redis-server', postgres ? [] : 'postgresql'].flat();
  if (packages.length === 0) return;
  if (process.platform === 'linux' && process.getuid() === 0 && runs('apt-get', ['--version'])) {
    say(`installing servers for the tests of --queue (apt-get install ${packages.join(' ')})`);
    runs('apt-get', ['update']);
    runs('apt-get', ['install', '-y', '--no-install-recommends', ...packages]);
  }
  const found = findServers();
  if (!found.redis || !found.postgres)
    say(
      `no ${found.redis ? 'PostgreSQL' : 'Redis'}: tests of --queue that need it only say so (${SERVER_ADVICE})`,
    );
}

function runs(program, args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync(program, args, { stdio: ['ignore', 'ignore', 'inherit'], env }).status === 0;
}
