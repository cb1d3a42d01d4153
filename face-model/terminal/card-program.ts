import { spawn } from 'node:child_process';

/** A person holds their card there for about so long, ms. */
const READ_MS_MAX = 3_000;
const WRITE_MS_MAX = 15_000;

/** A card with memory that a person holds to the terminal, or whatever behaves like one. */
export interface Card {
  /** Its text. Null: no card, nothing on it, or more than that. */
  read(bytesMax: number): Promise<Uint8Array | null>;
  /** False: it is not known to be on it. */
  write(bytes: Uint8Array): Promise<boolean>;
}

type Command = readonly [string, ...string[]];

/** Two programs, no shell asked: one writes what is on the card to its standard output, the other puts its standard input on the card. */
export function createCardProgram({ read, write }: { readonly read: Command; readonly write: Command }): Card {
  return {
    read: (bytesMax) =>
      new Promise((resolve) => {
        const [program, ...args] = read;
        const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'], timeout: READ_MS_MAX, killSignal: 'SIGKILL' });
        const parts: Buffer[] = [];
        let length = 0;
        child.stdout.on('data', (part: Buffer) => {
          length += part.length;
          if (length > bytesMax) child.kill('SIGKILL');
          else parts.push(part);
        });
        child.once('error', () => resolve(null));
        child.once('close', (code) => resolve(code === 0 && length > 0 && length <= bytesMax ? Buffer.concat(parts) : null));
      }),
    write: (bytes) =>
      new Promise((resolve) => {
        const [program, ...args] = write;
        const child = spawn(program, args, { stdio: ['pipe', 'ignore', 'ignore'], timeout: WRITE_MS_MAX, killSignal: 'SIGKILL' });
        child.once('error', () => resolve(false));
        child.once('close', (code) => resolve(code === 0));
        child.stdin.once('error', () => undefined); // It ended without reading: its code says so.
        child.stdin.end(bytes);
      }),
  };
}
