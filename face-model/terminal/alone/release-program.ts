import { spawn } from 'node:child_process';

/** Longer than the lock stays released, the program gets this to end, ms. */
const END_MS_MAX = 5_000;

/**
 * Runs the program that releases the lock, with the time in GATEHOUSE_RELEASE_MS; no shell is asked. Resolves when it has ended: true = without
 * a fault. It locks again by itself: a terminal that loses power must leave nothing open.
 */
export function runRelease(command: readonly [string, ...string[]], releaseMs: number): Promise<boolean> {
  const [program, ...args] = command;
  return new Promise((resolve) => {
    // Nothing of this program's own surroundings but what finds and runs another.
    const env = { PATH: '/usr/local/bin:/usr/bin:/bin', GATEHOUSE_RELEASE_MS: String(releaseMs) };
    const child = spawn(program, args, { stdio: 'ignore', timeout: releaseMs + END_MS_MAX, killSignal: 'SIGKILL', env });
    child.once('error', () => resolve(false));
    child.once('close', (code) => resolve(code === 0));
  });
}
