import { spawn } from 'node:child_process';
import { once } from 'node:events';

const PROBLEM_CHARS_MAX = 2_000;

/** Runs npm in the folder. @throws Error with the end of what it said */
export async function runNpm(args: readonly string[], folder: string): Promise<void> {
  const npm = spawn('npm', args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  let problem = '';
  npm.stderr.setEncoding('utf8').on('data', (text: string) => (problem = `${problem}${text}`.slice(-PROBLEM_CHARS_MAX)));
  const [code] = (await once(npm, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`npm ended with ${String(code)}: ${problem.trim()}`);
}
