import { appendFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createSystemRandom } from '#adapters/crypto/system-random.ts';
import { createMemorySecretStore } from '#adapters/memory/secret-store.ts';
import { Alone, type AloneDeps } from '#face-model/terminal/alone/alone.ts';
import { EntryJournal } from '#face-model/terminal/alone/entry-journal.ts';
import { CLOCK_NOTE_MS, LeaseKeeper, RENEW_MS_MAX } from '#face-model/terminal/alone/lease-keeper.ts';
import type { Terminal } from '#face-model/terminal/terminal.ts';
import { createLeaseKey } from '#gateway/app/face/lease-key.ts';
import { markBadge } from '#gateway/domain/face/badge-mark.ts';
import { LEASED_ENTRIES_PER_CALL_MAX, leasedEntrySchema, type FaceLease } from '#gateway/domain/face/lease.ts';
import { MISMATCHES_MAX } from '#gateway/domain/face/mismatches.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const PACK = 'a'.repeat(64);
const SALT = 'b'.repeat(32);
const START_MS = 1_760_000_000_000;
const HOUR_MS = 3_600_000;
const ANN = 'H10301:7:1001';
const holder = { deviceId: 'fdv_front', readerId: 'front-in', doorId: 'front', packHash: PACK };
const leaseKey = () => createLeaseKey({ secrets: createMemorySecretStore(), random: createSystemRandom() });
const key = leaseKey();
const lease = (change: Partial<FaceLease> = {}): FaceLease => ({
  id: 'lse_1',
  device: 'fdv_front',
  reader: 'front-in',
  door: 'front',
  pack: PACK,
  epoch: 3,
  policy: 'p',
  data: 'd',
  issued_at_ms: START_MS,
  expires_at_ms: START_MS + HOUR_MS,
  salt: SALT,
  people: [{ person: 'usr_ann', template: 'tpl_ann', badges: [markBadge(ANN, SALT)], until_ms: START_MS + HOUR_MS, release_ms: 4_000 }],
  ...change,
});

async function clocked(folder?: string) {
  const at = folder ?? (await temporaryFolder());
  // The terminal's own clock is a minute slow.
  const clock = { wallMs: START_MS - 60_000, upMs: 0 };
  const open = () => LeaseKeeper.open(at, holder, { nowMs: () => clock.wallMs, monotonicMs: () => clock.upMs });
  const pass = (ms: number): void => {
    clock.wallMs += ms;
    clock.upMs += ms;
  };
  const take = async (keeper: LeaseKeeper, what: FaceLease | null = lease(), by = key) =>
    keeper.take({ epoch: 3, jws: what === null ? null : await by.sign(what), publicKey: await by.publicKey() });
  return { folder: at, clock, open, pass, take };
}

describe('the lease of a terminal', () => {
  it('is in force to its end, by the gateway’s time, also for a program that is started anew', async () => {
    const { open, pass, take } = await clocked();
    const keeper = await open();
    expect(keeper.current()).toEqual({ ok: false, code: 'lease.none' });
    expect(await take(keeper)).toBeNull();
    pass(HOUR_MS - 1);
    expect(keeper.current()).toMatchObject({ ok: true, nowMs: START_MS + HOUR_MS - 1 });
    expect((await open()).current()).toMatchObject({ ok: true });
    pass(1);
    expect(keeper.current()).toEqual({ ok: false, code: 'lease.expired' });
    expect((await open()).current()).toEqual({ ok: false, code: 'lease.expired' });
  });

  it('lasts no longer because the clock is set back, nor because the program is started anew as well', async () => {
    const { clock, open, pass, take } = await clocked();
    const keeper = await open();
    await take(keeper);
    pass(HOUR_MS / 2);
    await keeper.note();
    clock.wallMs -= HOUR_MS / 4;
    expect(keeper.current()).toMatchObject({ ok: true, nowMs: START_MS + HOUR_MS / 2 });
    expect((await open()).current()).toEqual({ ok: false, code: 'lease.clock_set_back' });
    pass(HOUR_MS / 2);
    expect(keeper.current()).toEqual({ ok: false, code: 'lease.expired' });
  });

  it.each([
    ['another terminal', lease({ device: 'fdv_back' }), 'lease.wrong_device'],
    ['another door', lease({ door: 'back' }), 'lease.wrong_door'],
    ['another pack', lease({ pack: 'c'.repeat(64) }), 'lease.wrong_pack'],
    ['a time that was over long ago', lease({ issued_at_ms: START_MS - HOUR_MS, expires_at_ms: START_MS + HOUR_MS }), 'lease.superseded'],
  ] as const)('is refused when it is that of %s', async (_what, other, fault) => {
    const { open, take } = await clocked();
    const keeper = await open();
    await take(keeper);
    expect(await take(keeper, other)).toBe(fault);
    expect(keeper.current()).toMatchObject({ ok: true, lease: { id: 'lse_1', device: 'fdv_front' } });
  });

  it('is refused when it is changed, or signed by another key than the first', async () => {
    const { folder, open, take } = await clocked();
    const keeper = await open();
    await take(keeper);
    expect(await take(keeper, lease({ id: 'lse_2' }), leaseKey())).toBe('lease.tampered');
    const text = await readFile(join(folder, 'lease.json'), 'utf8');
    const { jws, ...rest } = JSON.parse(text) as { readonly jws: string };
    const [header = '', payload = '', signature = ''] = jws.split('.');
    const wider = { ...lease(), expires_at_ms: START_MS + 2 * HOUR_MS };
    for (const forged of [Buffer.from(JSON.stringify(wider)).toString('base64url'), `${payload}A`]) {
      await writeFile(join(folder, 'lease.json'), JSON.stringify({ ...rest, jws: `${header}.${forged}.${signature}` }));
      expect((await open()).current()).toEqual({ ok: false, code: 'lease.tampered' });
    }
    await writeFile(join(folder, 'lease.json'), text.slice(0, 40));
    expect((await open()).current()).toEqual({ ok: false, code: 'lease.none' });
  });

  it('ends when the gateway lends none any more, or knows the terminal no more', async () => {
    const { open, take } = await clocked();
    for (const end of [(keeper: LeaseKeeper) => take(keeper, null), (keeper: LeaseKeeper) => keeper.drop()]) {
      const keeper = await open();
      await take(keeper);
      await end(keeper);
      expect(keeper.current()).toEqual({ ok: false, code: 'lease.none' });
      expect((await open()).current()).toEqual({ ok: false, code: 'lease.none' });
    }
  });

  it('is due for another after a part of its life, and at once after a revocation', async () => {
    const { open, pass, take } = await clocked();
    const keeper = await open();
    expect(keeper.isDue(3)).toBe(true);
    await take(keeper);
    expect(keeper.isDue(3)).toBe(false);
    expect(keeper.isDue(4)).toBe(true);
    pass(RENEW_MS_MAX - 1);
    expect(keeper.isDue(3)).toBe(false);
    pass(1);
    expect(keeper.isDue(3)).toBe(true);
  });

  it('writes the time down now and then, not always', async () => {
    const { folder, open, pass, take } = await clocked();
    const keeper = await open();
    await take(keeper);
    const before = await readFile(join(folder, 'lease.json'), 'utf8');
    pass(CLOCK_NOTE_MS - 1);
    await keeper.note();
    expect(await readFile(join(folder, 'lease.json'), 'utf8')).toBe(before);
    pass(1);
    await keeper.note();
    expect(await readFile(join(folder, 'lease.json'), 'utf8')).not.toBe(before);
  });
});

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

  it('takes the most, and not one more', async () => {
    const journal = await EntryJournal.open(await temporaryFolder(), { entriesMax: 2 });
    await journal.append(null, sign);
    await journal.append(null, sign);
    await expect(journal.append(null, sign)).rejects.toThrow(RangeError);
    expect(journal.length).toBe(2);
  });
});

async function rig(what: FaceLease | null = lease()) {
  const { clock, folder, open, pass, take } = await clocked();
  const keeper = await open();
  if (what !== null) await take(keeper, what);
  const journal = await EntryJournal.open(folder);
  const events: string[] = [];
  const released: number[] = [];
  const looks: unknown[] = [];
  let seen: Awaited<ReturnType<Terminal['recognise']>> = { result: 'verified', band: 'high', liveness: 'active' };
  let [lock, busy, taken]: [boolean, boolean, (batch: { readonly entries: readonly string[] }) => number] = [true, false, () => 0];
  let duringLook = (): void => undefined;
  const deps: AloneDeps = {
    holder,
    terminal: {
      recognise: async (look) => {
        looks.push(look);
        duringLook();
        return seen;
      },
      isBusy: () => busy,
    },
    keeper,
    journal,
    link: { lease: async () => ({ lease: null, publicKey: '' }), tell: async (batch) => taken(batch) },
    sign: async (payload) => JSON.stringify(payload),
    release: async (releaseMs) => {
      expect(journal.length).toBeGreaterThan(0);
      released.push(releaseMs);
      return lock;
    },
    nowMs: () => clock.wallMs,
    onEvent: (event) => void events.push(event),
  };
  const alone = new Alone(deps);
  const entries = async () => ((await journal.oldest())?.entries ?? []).map((text) => leasedEntrySchema.parse(JSON.parse(text)));
  return {
    alone,
    clock,
    entries,
    events,
    journal,
    keeper,
    looks,
    pass,
    released,
    show: (next: typeof seen) => (seen = next),
    break: (what: { lock?: boolean; busy?: boolean }) => ([lock, busy] = [what.lock ?? lock, what.busy ?? busy]),
    takes: (next: typeof taken) => (taken = next),
    during: (next: () => void) => (duringLook = next),
  };
}

describe('a terminal that cannot reach the gateway', () => {
  it('lets in whoever is in its lease, and had written it down before', async () => {
    const { alone, entries, events, looks, pass, released } = await rig();
    alone.begin();
    pass(5_000);
    await alone.onBadge(ANN);
    expect(released).toEqual([4_000]);
    expect(events).toEqual(['terminal.leased_entry']);
    expect(looks).toMatchObject([{ personId: 'usr_ann', templateId: 'tpl_ann' }]);
    expect(await entries()).toMatchObject([
      {
        seq: 1,
        lease: 'lse_1',
        person: 'usr_ann',
        badge: markBadge(ANN, SALT),
        outcome: 'released',
        reason: 'verified',
        at_ms: START_MS + 5_000,
      },
    ]);
  });

  it('leaves every badge to the gateway while that is there', async () => {
    const { alone, entries, released } = await rig();
    await alone.onBadge(ANN);
    alone.begin();
    await alone.end(3);
    await alone.onBadge(ANN);
    expect([released, await entries()]).toEqual([[], []]);
  });

  it.each([
    ['another face', { result: 'no_match', band: 'below', liveness: 'none' }, 'no_match'],
    ['a face that did nothing', { result: 'verified', band: 'high', liveness: 'passive' }, 'lease.weak_proof'],
    ['a face that is only somewhat alike', { result: 'verified', band: 'low', liveness: 'active' }, 'lease.weak_proof'],
    ['a template that the lease does not name', null, 'lease.other_template'],
  ] as const)('stays shut for %s', async (_what, seen, reason) => {
    const { alone, entries, released, show } = await rig();
    show(seen);
    alone.begin();
    await alone.onBadge(ANN);
    expect(released).toEqual([]);
    expect(await entries()).toMatchObject([{ outcome: 'refused', reason }]);
  });

  it('stays shut for a badge that is not listed, and looks at nobody', async () => {
    const { alone, entries, looks, released } = await rig();
    alone.begin();
    await alone.onBadge('H10301:7:6666');
    expect([released, looks]).toEqual([[], []]);
    expect(await entries()).toMatchObject([{ outcome: 'refused', reason: 'lease.not_listed', person: null, badge: null }]);
  });

  it('stays shut without a lease, after its end, and after the person’s own', async () => {
    const none = await rig(null);
    none.alone.begin();
    await none.alone.onBadge(ANN);
    expect(await none.entries()).toMatchObject([{ lease: null, reason: 'lease.none' }]);
    const over = await rig();
    over.alone.begin();
    over.pass(HOUR_MS);
    await over.alone.onBadge(ANN);
    expect(await over.entries()).toMatchObject([{ reason: 'lease.expired' }]);
    const [person] = lease().people;
    const own = await rig(lease({ people: person === undefined ? [] : [{ ...person, until_ms: START_MS + 1_000 }] }));
    own.alone.begin();
    own.pass(1_000);
    await own.alone.onBadge(ANN);
    expect(await own.entries()).toMatchObject([{ reason: 'lease.person_ended' }]);
    expect([...none.released, ...over.released, ...own.released]).toEqual([]);
  });

  it('stays shut when the lease ends while it looks', async () => {
    const { alone, during, entries, pass, released } = await rig();
    alone.begin();
    during(() => pass(HOUR_MS));
    await alone.onBadge(ANN);
    expect(released).toEqual([]);
    expect(await entries()).toMatchObject([{ outcome: 'refused', reason: 'lease.expired' }]);
  });

  it('stays shut for good after too many looks that showed somebody else, until the gateway is back', async () => {
    const { alone, entries, looks, show } = await rig();
    show({ result: 'no_match', band: 'below', liveness: 'none' });
    alone.begin();
    for (let count = 0; count <= MISMATCHES_MAX; count += 1) await alone.onBadge(ANN);
    expect(looks).toHaveLength(MISMATCHES_MAX);
    expect((await entries()).at(-1)).toMatchObject({ reason: 'lease.too_many_looks' });
  });

  it('stays shut where nothing can be written down', async () => {
    const { alone, events, journal, released } = await rig();
    journal.append = () => Promise.reject(new Error('no space left on device'));
    alone.begin();
    await alone.onBadge(ANN);
    expect(released).toEqual([]);
    expect(events).toEqual(['terminal.journal_failed']);
  });

  it('says so when the lock did not move', async () => {
    const { alone, break: make, entries } = await rig();
    make({ lock: false });
    alone.begin();
    await alone.onBadge(ANN);
    expect((await entries()).map(({ outcome, reason }) => [outcome, reason])).toEqual([
      ['released', 'verified'],
      ['refused', 'lease.not_released'],
    ]);
  });

  it('counts nothing that was lent once the gateway knows it no more', async () => {
    const { alone, entries, keeper } = await rig();
    alone.begin();
    await alone.disown();
    expect(keeper.current()).toEqual({ ok: false, code: 'lease.none' });
    alone.begin();
    await alone.onBadge(ANN);
    expect(await entries()).toMatchObject([{ reason: 'lease.none' }]);
  });

  it('tells the gateway all of it when that is back, and keeps what it does not take', async () => {
    const { alone, events, journal, takes } = await rig();
    alone.begin();
    for (let count = 0; count < LEASED_ENTRIES_PER_CALL_MAX + 2; count += 1) await alone.onBadge(ANN);
    await alone.end(3);
    expect(events).toContain('terminal.entries_refused');
    expect(journal.length).toBe(LEASED_ENTRIES_PER_CALL_MAX + 2);
    const told: number[] = [];
    takes(({ entries }) => {
      const seqs = entries.map((text) => leasedEntrySchema.parse(JSON.parse(text)).seq);
      told.push(...seqs);
      return seqs.at(-1) ?? 0;
    });
    await alone.end(3);
    expect(told).toEqual(Array.from({ length: LEASED_ENTRIES_PER_CALL_MAX + 2 }, (_, index) => index + 1));
    expect(journal.length).toBe(0);
    expect(events).toContain('terminal.entries_told');
  });
});
