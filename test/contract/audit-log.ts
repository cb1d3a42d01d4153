import { describe, expect, it } from 'vitest';
import { chainHash, GENESIS_HASH } from '#gateway/domain/audit/hash-chain.ts';
import { AUDIT_READ_MAX, AUDIT_RECORD_BYTES_MAX, type AuditEntry, type AuditLog, type AuditReader } from '#gateway/ports/audit-log.ts';
import { decisionOfBytes, someAlarm, someDecision, someOutcome } from '#test/support/audit-records.ts';
import { eventually } from '#test/support/eventually.ts';

type Log = AuditLog & AuditReader;

const EVERYTHING = { from: { afterSeq: 0 }, limit: AUDIT_READ_MAX } as const;
const seqsOf = (entries: readonly AuditEntry[]): readonly number[] => entries.map((entry) => entry.seq);

/** Six entries: a decision of Ann at the main door with its outcome, an alarm, a decision of Bob at the lab, its outcome, an alarm. */
async function fill(log: Log): Promise<void> {
  const bob = { personId: 'person_bob', resourceId: 'door_lab' };
  await log.append(someDecision('decision_1'));
  await log.append(someOutcome('decision_1'));
  await log.append(someAlarm('osdp.mac_mismatch'));
  await log.append(someDecision('decision_2', bob));
  await log.append(someOutcome('decision_2', bob));
  await log.append(someAlarm('osdp.key_mismatch'));
}

function appendContract(make: () => Promise<Log>): void {
  it('numbers entries from 1 without gaps and chains each to the one before', async () => {
    const log = await make();
    const receipts = [await log.append(someDecision('decision_1')), await log.append(someOutcome('decision_1'))];
    const entries = await log.read(EVERYTHING);
    expect(seqsOf(entries)).toEqual([1, 2]);
    expect(entries.map((entry) => entry.hash)).toEqual(receipts.map((receipt) => receipt.hash));
    expect(entries.map((entry) => entry.previousHash)).toEqual([GENESIS_HASH, receipts[0]?.hash]);
    for (const { record, ...link } of entries) expect(chainHash({ ...link, recordJson: JSON.stringify(record) })).toBe(link.hash);
  });

  it('returns records as they were appended', async () => {
    const log = await make();
    await log.append(someOutcome('decision_1'));
    expect((await log.read(EVERYTHING))[0]?.record).toEqual(someOutcome('decision_1'));
  });

  it('stores the text of a record that came with it', async () => {
    const log = await make();
    const recordJson = JSON.stringify(someOutcome('decision_1'));
    const { hash } = await log.append(someOutcome('decision_1'), recordJson);
    const [entry] = await log.read(EVERYTHING);
    expect(entry?.record).toEqual(someOutcome('decision_1'));
    expect(entry && chainHash({ ...entry, recordJson })).toBe(hash);
  });

  it('keeps the order of one caller, also of appends that are in flight together', async () => {
    const log = await make();
    const receipts = await Promise.all(Array.from({ length: 500 }, (_, index) => log.append(someDecision(`decision_${index}`))));
    expect(receipts.map((receipt) => receipt.seq)).toEqual(Array.from({ length: 500 }, (_, index) => index + 1));
    expect((await log.ofDecision('decision_499'))[0]?.seq).toBe(500);
  });

  it('takes the longest record, in bytes, and refuses a longer one without storing it', async () => {
    const log = await make();
    await log.append(decisionOfBytes(AUDIT_RECORD_BYTES_MAX));
    await expect(log.append(decisionOfBytes(AUDIT_RECORD_BYTES_MAX + 1))).rejects.toMatchObject({ code: 'audit.entry_too_large' });
    expect(await log.headSeq()).toBe(1);
  });

  it('waits for what is in flight when it closes, and refuses what comes later', async () => {
    const log = await make();
    const inFlight = Promise.all(Array.from({ length: 50 }, (_, index) => log.append(someDecision(`decision_${index}`))));
    expect(log.isWritable()).toBe(true);
    await log.close();
    expect(log.isWritable()).toBe(false);
    expect((await inFlight).at(-1)?.seq).toBe(50);
    await expect(log.append(someDecision('decision_late'))).rejects.toMatchObject({ code: 'audit.unavailable' });
  });
}

function subscribeContract(make: () => Promise<Log>): void {
  it('tells subscribers of every durable entry in order, after its acknowledgement', async () => {
    const log = await make();
    const heard: AuditEntry[] = [];
    const acknowledged: number[] = [];
    log.subscribe((entry) => {
      expect(acknowledged).toContain(entry.seq);
      heard.push(entry);
    });
    for (let index = 0; index < 20; index += 1) acknowledged.push((await log.append(someDecision(`decision_${index}`))).seq);
    await eventually(() => expect(heard).toHaveLength(20));
    expect(heard).toEqual(await log.read(EVERYTHING));
  });

  it('ends one subscription and leaves the others, even of the same listener', async () => {
    const log = await make();
    const heard: number[] = [];
    const listener = (entry: AuditEntry): void => void heard.push(entry.seq);
    const end = log.subscribe(listener);
    log.subscribe(listener);
    end();
    end();
    await log.append(someDecision('decision_1'));
    await log.append(someDecision('decision_2'));
    await eventually(() => expect(heard).toEqual([1, 2]));
  });
}

function readContract(make: () => Promise<Log>): void {
  it('is empty at the beginning', async () => {
    const log = await make();
    expect(await log.read(EVERYTHING)).toEqual([]);
    expect(await log.read({ from: { beforeSeq: 10 }, limit: 10 })).toEqual([]);
    expect(await log.headSeq()).toBe(0);
    expect(await log.ofDecision('decision_1')).toEqual([]);
    expect(await log.verify()).toEqual({ ok: true, entries: 0, headSeq: 0, headHash: GENESIS_HASH });
  });

  it('reads upwards after a seq and downwards before one, at most as many as asked', async () => {
    const log = await make();
    await fill(log);
    expect(seqsOf(await log.read({ from: { afterSeq: 2 }, limit: 3 }))).toEqual([3, 4, 5]);
    expect(seqsOf(await log.read({ from: { beforeSeq: 5 }, limit: 3 }))).toEqual([4, 3, 2]);
    expect(seqsOf(await log.read({ from: { beforeSeq: Number.MAX_SAFE_INTEGER }, limit: 2 }))).toEqual([6, 5]);
    expect(await log.read({ from: { afterSeq: 6 }, limit: 3 })).toEqual([]);
    expect(await log.read({ from: { beforeSeq: 1 }, limit: 3 })).toEqual([]);
  });

  it('selects by type, person and resource, and by all together', async () => {
    const log = await make();
    await fill(log);
    const read = async (filter: object): Promise<readonly number[]> => seqsOf(await log.read({ ...EVERYTHING, ...filter }));
    expect(await read({ types: ['alarm'] })).toEqual([3, 6]);
    expect(await read({ types: ['alarm', 'outcome', 'alarm'] })).toEqual([2, 3, 5, 6]);
    expect(await read({ types: [] })).toEqual([]);
    expect(await read({ personId: 'person_bob' })).toEqual([4, 5]);
    expect(await read({ resourceId: 'door_main' })).toEqual([1, 2]);
    expect(await read({ resourceId: 'reader_main' })).toEqual([3, 6]);
    expect(await read({ personId: 'person_bob', resourceId: 'door_lab', types: ['outcome'] })).toEqual([5]);
    expect(await read({ personId: 'person_ann', resourceId: 'door_lab' })).toEqual([]);
    expect(await read({ from: { beforeSeq: 6 }, limit: 2, types: ['decision', 'alarm'] })).toEqual([4, 3]);
    expect(await read({ from: { beforeSeq: 5 }, personId: 'person_bob' })).toEqual([4]);
  });

  it('finds what it looks for however far back it is', async () => {
    const log = await make();
    await log.append(someDecision('decision_old', { personId: 'person_old', resourceId: 'door_old' }));
    await Promise.all(Array.from({ length: 2_100 }, (_, index) => log.append(someDecision(`decision_${index}`))));
    await log.append(someOutcome('decision_old', { personId: 'person_old', resourceId: 'door_old' }));
    expect(seqsOf(await log.ofDecision('decision_old'))).toEqual([1, 2_102]);
    expect(seqsOf(await log.read({ from: { beforeSeq: 2_102 }, limit: 5, personId: 'person_old' }))).toEqual([1]);
    expect(seqsOf(await log.read({ from: { afterSeq: 0 }, limit: 5, resourceId: 'door_old' }))).toEqual([1, 2_102]);
    expect(await log.read({ from: { afterSeq: 0 }, limit: AUDIT_READ_MAX + 1, personId: 'person_ann' })).toHaveLength(AUDIT_READ_MAX);
    expect(await log.read({ from: { afterSeq: 0 }, limit: AUDIT_READ_MAX + 1 })).toHaveLength(AUDIT_READ_MAX);
    expect(await log.read({ from: { afterSeq: 0 }, limit: AUDIT_READ_MAX })).toHaveLength(AUDIT_READ_MAX);
    expect(await log.verify()).toMatchObject({ ok: true, entries: 2_102, headSeq: 2_102 });
  });

  it('gives all entries of a decision, the decision first', async () => {
    const log = await make();
    await fill(log);
    await log.append(someOutcome('decision_1', { outcome: 'entered' }));
    expect(seqsOf(await log.ofDecision('decision_1'))).toEqual([1, 2, 7]);
    expect(await log.ofDecision('decision_unknown')).toEqual([]);
  });

  it('verifies its chain up to the head', async () => {
    const log = await make();
    await fill(log);
    const [head] = await log.read({ from: { beforeSeq: 7 }, limit: 1 });
    expect(await log.verify()).toEqual({ ok: true, entries: 6, headSeq: 6, headHash: head?.hash });
  });
}

export function auditLogContract(name: string, make: () => Promise<Log>): void {
  describe(`AuditLog: ${name}`, () => {
    appendContract(make);
    subscribeContract(make);
    readContract(make);
  });
}
