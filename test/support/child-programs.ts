import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

const END_TIMEOUT_MS = 5_000;

/** A real program under test, ended with the test. */
export interface ChildProgram {
  readonly pid: number;
  /** Everything it printed so far. */
  output(): string;
  hasEnded(): boolean;
  exited(): Promise<number | null>;
  /** SIGTERM, later SIGKILL, and waits. */
  end(): Promise<void>;
}

export function startProgram(
  program: string,
  args: readonly string[],
  options: { readonly env?: NodeJS.ProcessEnv; readonly cwd?: string; readonly input?: string } = {},
): ChildProgram {
  const child = spawn(program, [...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(options.env === undefined ? {} : { env: options.env }),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  // A test run that ends early takes its programs with it.
  const endWithTests = (): void => void child.kill('SIGKILL');
  process.once('exit', endWithTests);
  child.once('exit', () => process.off('exit', endWithTests));
  let output = '';
  const collect = (text: string): void => void (output += text);
  child.stdout.setEncoding('utf8').on('data', collect);
  child.stderr.setEncoding('utf8').on('data', collect);
  child.stdin.on('error', () => undefined); // It ended before it read everything: its output tells.
  child.stdin.end(options.input ?? '');
  return {
    pid: child.pid ?? -1,
    output: () => output,
    hasEnded: () => hasEnded(child),
    exited: async () => {
      if (!hasEnded(child)) await once(child, 'close');
      return child.exitCode;
    },
    end: async () => {
      if (hasEnded(child)) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), END_TIMEOUT_MS);
      await ended;
      clearTimeout(timer);
    },
  };
}

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;
