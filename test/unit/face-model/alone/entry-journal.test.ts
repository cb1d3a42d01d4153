import { appendFile, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EntryJournal } from '#face-model/terminal/alone/entry-journal.ts';
import { LEASED_ENTRIES_PER_CALL_MAX } from '#gateway/domain/face/lease.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

describe('the journal of a terminal', () => {
  const sign = async (seq: number): Promise<string> => `entry ${String(seq)}`;
  const of = (id: string) => ({ id, jws: `lease ${id}` });

  it('gives what waits in order, under one lease at a time, and goes on where it was', async () => {
    const folder = await temporaryFolder();
    const journal = await EntryJournal.open(folder);
    expect(await journal.oldest()).toBeNull();
    await journal.append(null, sign);
    for (const id of ['lse_1', 'lse_1', 'lse_2']) await journal.append(of(id), sign);
    expect(await journal.oldest()).toEqual({ lease: null, entries: ['entry 1'] });
    await journal.taken(1);
    const again = await EntryJournal.open(folder);
    expect(await again.oldest()).toEqual({ lease: 'lease lse_1', entries: ['entry 2', 'entry 3'] });
    await again.taken(3);
    expect(await again.oldest()).toEqual({ lease: 'lease lse_2', entries: ['entry 4'] });
    await again.taken(4);
    expect(await again.oldest()).toBeNull();
    expect((await readdir(folder)).filter((name) => name.startsWith('lease-'))).toEqual([]);
    const last = await EntryJournal.open(folder);
    await last.append(null, sign);
    expect(await last.oldest()).toEqual({ lease: null, entries: ['entry 5'] });
  });

  it('tells so many at a time', async () => {
    const journal = await EntryJournal.open(await temporaryFolder());
    for (let count = 0; count <= LEASED_ENTRIES_PER_CALL_MAX; count += 1) await journal.append(of('lse_1'), sign);
    expect((await journal.oldest())?.entries).toHaveLength(LEASED_ENTRIES_PER_CALL_MAX);
  });

  it('drops a line that was cut off when the power went, and gives its number anew', async () => {
    const folder = await temporaryFolder();
    await (await EntryJournal.open(folder)).append(null, sign);
    await appendFile(join(folder, 'entries.jsonl'), '{"seq":2,"lease":nu');
    const journal = await EntryJournal.open(folder);
    await journal.append(null, sign);
    expect((await journal.oldest())?.entries).toEqual(['entry 1', 'entry 2']);
    expect(await (await EntryJournal.open(folder)).oldest()).toEqual({ lease: null, entries: ['entry 1', 'entry 2'] });
  });

  it('writes over what a full disk cut off, and loses nothing of what comes after it', async () => {
    const folder = await temporaryFolder();
    const journal = await EntryJournal.open(folder);
    await journal.append(null, sign);
    await appendFile(join(folder, 'entries.jsonl'), '{"seq":2,"lease":nu');
    await journal.append(null, sign);
    expect(await (await EntryJournal.open(folder)).oldest()).toEqual({ lease: null, entries: ['entry 1', 'entry 2'] });
  });

  it('gives the number of a damaged line to no other, so that it is missed', async () => {
    const folder = await temporaryFolder();
    await (await EntryJournal.open(folder)).append(null, sign);
    await appendFile(join(folder, 'entries.jsonl'), '{"seq":2,"lease":nu\0"jws":"entry 2"}\n');
    const journal = await EntryJournal.open(folder);
    await journal.append(null, sign);
    expect((await journal.oldest())?.entries).toEqual(['entry 1', 'entry 3']);
  });

  it('is not begun anew where the disk does not give what is there', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'entries.jsonl'));
    await expect(EntryJournal.open(folder)).rejects.toThrow('EISDIR');
  });

  it('takes the most, and not one more', async () => {
    const journal = await EntryJournal.open(await temporaryFolder(), { entriesMax: 2 });
    await journal.append(null, sign);
    await journal.append(null, sign);
    await expect(journal.append(null, sign)).rejects.toThrow(RangeError);
    expect(journal.length).toBe(2);
  });
});
