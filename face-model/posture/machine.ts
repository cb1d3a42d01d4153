import { execFile } from 'node:child_process';
import { open, readdir, stat } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';

/** Of one command of a probe, ms. */
export const PROBE_TIMEOUT_MS = 5_000;
/** Of one file or one command's output, bytes. */
export const PROBE_BYTES_MAX = 262_144;

/** What a probe may ask its machine: read-only, with a time-out and a bound each. Null = it did not say. */
export interface Machine {
  /** Standard output of a command that ended well, both outputs where it is `both`. */
  run(command: readonly [string, ...string[]], output?: 'both'): Promise<string | null>;
  read(path: string): Promise<Uint8Array | null>;
  /** Names in a folder. */
  list(path: string): Promise<readonly string[] | null>;
  modifiedAtMs(path: string): Promise<number | null>;
  environment(name: string): string | null;
  /** Addresses with their prefix, such as `192.0.2.7/24`, without the loopback ones. */
  addresses(): readonly string[];
  nowMs(): number;
}

export async function readText(machine: Machine, path: string): Promise<string | null> {
  const bytes = await machine.read(path);
  return bytes === null ? null : Buffer.from(bytes).toString('utf8');
}

async function orNull<Value>(work: Promise<Value>): Promise<Value | null> {
  return work.catch(() => null); // Not there, not allowed, not in time: to a probe all are "not known".
}

function runCommand([program, ...args]: readonly [string, ...string[]], both: boolean): Promise<string> {
  const options = { timeout: PROBE_TIMEOUT_MS, maxBuffer: PROBE_BYTES_MAX, windowsHide: true, encoding: 'utf8' as const };
  return new Promise((resolve, reject) => {
    execFile(program, args, options, (failure, out, problem) => {
      if (failure === null) resolve(both ? `${out}\n${problem}` : out);
      else reject(new Error('the command did not end well', { cause: failure }));
    });
  });
}

/** Read to its end: files of the kernel come a page at a time. One that is longer is not known: what is missing may be what matters. */
async function readBounded(path: string): Promise<Uint8Array> {
  const file = await open(path, 'r');
  try {
    const buffer = new Uint8Array(PROBE_BYTES_MAX + 1);
    let length = 0;
    for (;;) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length, null);
      if (bytesRead === 0) return buffer.subarray(0, length);
      length += bytesRead;
      if (length > PROBE_BYTES_MAX) throw new RangeError('the file is longer than a probe reads');
    }
  } finally {
    await file.close();
  }
}

/** The machine that this program runs on. */
export function createThisMachine(environment: Readonly<Record<string, string | undefined>>): Machine {
  return {
    run: (command, output) => orNull(runCommand(command, output === 'both')),
    read: (path) => orNull(readBounded(path)),
    list: (path) => orNull(readdir(path)),
    modifiedAtMs: async (path) => (await orNull(stat(path)))?.mtimeMs ?? null,
    environment: (name) => environment[name] ?? null,
    addresses: () =>
      Object.values(networkInterfaces()).flatMap((all) =>
        (all ?? []).flatMap(({ cidr, internal }) => (internal || cidr === null ? [] : [cidr])),
      ),
    nowMs: () => Date.now(),
  };
}
