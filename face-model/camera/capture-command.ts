import { spawn } from 'node:child_process';
import { PictureSplitter } from './split-pictures.ts';

/** Words of a command. */
const WORDS_MAX = 64;
/** A camera's light goes out with the program: it is given this long to end by itself, ms. */
const END_TIMEOUT_MS = 2_000;

/** The words of a command line: parted by spaces, kept together by quotes. No shell is asked. @throws RangeError */
export function parseCommand(line: string): readonly [string, ...string[]] {
  const words = [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, double, single, plain]) => double ?? single ?? plain ?? '');
  const [program, ...args] = words;
  if (program === undefined || program === '' || words.length > WORDS_MAX) throw new RangeError('the capture command names no program');
  return [program, ...args];
}

export interface OpenCamera {
  /** Resolves when the program has ended, whatever the reason. */
  readonly ended: Promise<void>;
  close(): Promise<void>;
}

/**
 * Runs the command while somebody looks: any program that writes JPEGs to its standard output, about ten a second, is a camera. Frames are
 * handed over; nothing of them is kept here.
 */
export function openCamera(command: readonly [string, ...string[]], onPicture: (picture: Uint8Array<ArrayBuffer>) => void): OpenCamera {
  const [program, ...args] = command;
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const splitter = new PictureSplitter();
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  child.once('error', () => resolve());
  child.once('close', () => resolve());
  child.stdout.on('data', (chunk: Buffer) => {
    for (const picture of splitter.push(chunk)) onPicture(picture);
    chunk.fill(0);
  });
  return {
    ended,
    close: async () => {
      child.stdout.removeAllListeners('data');
      splitter.clear();
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), END_TIMEOUT_MS);
      child.stdout.resume();
      await ended;
      clearTimeout(timer);
    },
  };
}
