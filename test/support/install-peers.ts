import { spawnSync } from 'node:child_process';
import { findProgram } from './peers/find-program.ts';
import { builtNextSample } from './oidc/next-sample.ts';
import { PEERS } from './peers/peers.ts';

/** Installs what the tests need beyond npm packages, from the system's own package source. Nothing happens when all is there. */
function installPeers(): number {
  const missing = PEERS.filter((peer) => findProgram(peer.programs) === null);
  if (missing.length === 0) return 0;
  const packages = missing.map((peer) => peer.debianPackage);
  for (const peer of missing) console.error(`gatehouse: ${peer.debianPackage} is missing (${peer.usedFor})`);

  const prefix = toRootPrefix();
  if (findProgram(['apt-get']) === null || prefix === null) {
    console.error(
      `gatehouse: install it as root, then run the tests again:\n  apt-get install -y --no-install-recommends ${packages.join(' ')}`,
    );
    return 1;
  }
  if (run([...prefix, 'apt-get', 'install', '-y', '--no-install-recommends', ...packages])) return 0;
  // Package lists may be absent (a fresh container) or old: fetch them once, then try again.
  const installed =
    run([...prefix, 'apt-get', 'update']) && run([...prefix, 'apt-get', 'install', '-y', '--no-install-recommends', ...packages]);
  if (!installed) console.error(`gatehouse: apt-get could not install ${packages.join(', ')}; see above`);
  return installed ? 0 : 1;
}

/** Nothing when we are root, `sudo -n` when it asks no password, null when we cannot become root. */
function toRootPrefix(): readonly string[] | null {
  if (process.getuid?.() === 0) return [];
  if (findProgram(['sudo']) === null) return null;
  return spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0 ? ['sudo', '-n'] : null;
}

function run(command: readonly string[]): boolean {
  const [program = '', ...args] = command;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync(program, args, { stdio: ['ignore', 'inherit', 'inherit'], env }).status === 0;
}

/** Ahead of the tests, which have less time. What goes wrong here goes wrong there as well, and fails one test instead of all. */
function prepareNextSample(): void {
  try {
    builtNextSample();
  } catch (failure) {
    console.error('gatehouse: the Next.js sample has not been built;', failure instanceof Error ? failure.message : failure);
  }
}

process.exitCode = installPeers();
prepareNextSample();
