import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Runs a script until it has printed so many lines, kills it with SIGKILL, and returns every whole line that it printed. */
export async function linesUntilKilled(script: URL, args: readonly string[], linesMin: number): Promise<readonly string[]> {
  const child = spawn(process.execPath, [fileURLToPath(script), ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    if (output.split('\n').length > linesMin) child.kill('SIGKILL');
  });
  await once(child, 'close');
  if (child.signalCode !== 'SIGKILL') throw new Error(`the process ended by itself after ${output.length} characters`);
  return output.split('\n').slice(0, -1);
}
