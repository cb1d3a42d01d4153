import { open, readFile, rename, rm, writeFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { LEASED_ENTRIES_PER_CALL_MAX } from '#gateway/domain/face/lease.ts';

/** Entries that wait for the gateway. At a full journal nobody is let in: what is not recorded does not happen. */
export const ENTRIES_MAX = 50_000;

const lineSchema = z.strictObject({ seq: z.int().min(1), lease: z.string().nullable(), jws: z.string().max(4_096) });
type Line = z.infer<typeof lineSchema>;
const OWNER_ONLY = 0o600;

/** Entries made under one lease, in order. */
export interface JournalBatch {
  readonly lease: string | null;
  readonly entries: readonly string[];
}

/**
 * What the terminal did alone, a line an entry, each on the disk before its caller goes on. Lines are removed when the gateway has all of them;
 * up to which it has them stands in a file of its own.
 */
export class EntryJournal {
  readonly #folder: string;
  readonly #entriesMax: number;
  #lines: Line[];
  #taken: number;
  #lastSeq: number;
  /** Of whole lines. What is behind them was cut off by a full disk or when the power went, and nobody was let in by it. */
  #lengthBytes: number;

  private constructor(folder: string, entriesMax: number, { taken, text }: { readonly text: string; readonly taken: number }) {
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    const read = whole.split('\n').slice(0, -1).map(parseLine);
    const lines = read.filter((line) => line !== null);
    this.#folder = folder;
    this.#entriesMax = entriesMax;
    this.#lines = lines.filter(({ seq }) => seq > taken);
    this.#taken = taken;
    // The number of a line that cannot be read is not given anew: the gateway is to miss it.
    const unread = read.length - 1 - read.findLastIndex((line) => line !== null);
    this.#lastSeq = Math.max(taken, lines.at(-1)?.seq ?? 0) + unread;
    this.#lengthBytes = whole.length;
  }

  /** @throws Error the disk does not give it: going on would write over what was not read */
  static async open(folder: string, limits = { entriesMax: ENTRIES_MAX }): Promise<EntryJournal> {
    // A character a byte, whatever they are.
    const text = await readFile(join(folder, 'entries.jsonl'), 'latin1').catch((failure: NodeJS.ErrnoException) => {
      if (failure.code === 'ENOENT') return '';
      throw failure;
    });
    const taken = Number(await readFile(join(folder, 'entries.taken'), 'utf8').catch(() => '0'));
    return new EntryJournal(folder, limits.entriesMax, { text, taken: Number.isSafeInteger(taken) ? taken : 0 });
  }

  /** How many wait. */
  get length(): number {
    return this.#lines.length;
  }

  /** Durable when it resolves. `sign` is given the entry's number. @throws RangeError the journal is full; whatever the disk says */
  async append(lease: { readonly id: string; readonly jws: string } | null, sign: (seq: number) => Promise<string>): Promise<void> {
    if (this.#lines.length >= this.#entriesMax) throw new RangeError('the journal is full');
    const line: Line = { seq: this.#lastSeq + 1, lease: lease?.id ?? null, jws: await sign(this.#lastSeq + 1) };
    if (lease !== null && !this.#lines.some((one) => one.lease === lease.id)) {
      await withFile(this.#leasePath(lease.id), 'w', async (file) => void (await file.writeFile(lease.jws)));
    }
    const text = `${JSON.stringify(line)}\n`;
    await withFile(join(this.#folder, 'entries.jsonl'), 'a', async (file) => {
      await file.truncate(this.#lengthBytes);
      await file.writeFile(text, 'latin1');
    });
    this.#lengthBytes += text.length;
    this.#lines.push(line);
    this.#lastSeq = line.seq;
  }

  /** The oldest that wait; null = none. A lease that cannot be read any more goes as none: the gateway then says what it thinks of it. */
  async oldest(): Promise<JournalBatch | null> {
    const [first] = this.#lines;
    if (first === undefined) return null;
    const end = this.#lines.findIndex(({ lease }) => lease !== first.lease);
    const same = this.#lines.slice(0, end === -1 ? undefined : end).slice(0, LEASED_ENTRIES_PER_CALL_MAX);
    const lease = first.lease === null ? null : await readFile(this.#leasePath(first.lease), 'utf8').catch(() => null);
    return { lease, entries: same.map(({ jws }) => jws) };
  }

  /** The gateway has all up to this one. */
  async taken(seq: number): Promise<void> {
    if (seq <= this.#taken || seq > this.#lastSeq) return;
    await withFile(join(this.#folder, 'entries.taken'), 'w', async (file) => void (await file.writeFile(String(seq))));
    this.#taken = seq;
    const before = new Set(this.#lines.map(({ lease }) => lease));
    this.#lines = this.#lines.filter((line) => line.seq > seq);
    for (const lease of before) {
      if (lease !== null && !this.#lines.some((line) => line.lease === lease)) await rm(this.#leasePath(lease), { force: true });
    }
    if (this.#lines.length === 0) await this.#rewrite();
  }

  #leasePath(id: string): string {
    return join(this.#folder, `lease-${id.replaceAll(/[^A-Za-z0-9_-]/g, '')}.jws`);
  }

  async #rewrite(): Promise<void> {
    const path = join(this.#folder, 'entries.jsonl');
    const text = this.#lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    await writeFile(`${path}.new`, text, { mode: OWNER_ONLY, flush: true });
    await rename(`${path}.new`, path);
    this.#lengthBytes = text.length;
  }
}

async function withFile(path: string, flag: 'a' | 'w', write: (file: FileHandle) => Promise<void>): Promise<void> {
  const file = await open(path, flag, OWNER_ONLY);
  try {
    await write(file);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Null: not one of ours, or damaged. */
function parseLine(text: string): Line | null {
  try {
    return lineSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
