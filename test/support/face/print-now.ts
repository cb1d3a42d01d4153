import { writeSync } from 'node:fs';

const STDOUT = 1;
const FULL_PIPE = 'EAGAIN';

/**
 * Prints a line before it returns: what the parent reads was said before a kill, whatever the kill interrupts. A pipe that the parent
 * is slow to empty is tried again; a line shorter than the pipe's atomic size is written whole or not at all.
 */
export function printNow(line: string): void {
  for (;;) {
    try {
      writeSync(STDOUT, `${line}\n`);
      return;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === FULL_PIPE)) throw error;
    }
  }
}
