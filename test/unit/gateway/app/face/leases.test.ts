import { describe, expect, it, vi } from 'vitest';
import { createSystemRandom } from '#adapters/crypto/system-random.ts';
import { createMemoryAuditLog } from '#adapters/memory/audit-log.ts';
import { createMemoryStores } from '#adapters/memory/create-memory-stores.ts';
import { createAssembleInput } from '#gateway/app/access/assemble-input.ts';
import { createDecide } from '#gateway/app/access/decide.ts';
import { LEASE_STEP_MS, LeaseDesk } from '#gateway/app/face/lease-desk.ts';
import { LeaseJournal } from '#gateway/app/face/lease-journal.ts';
import { LentLeases } from '#gateway/app/face/lent-leases.ts';
import { createLeaseKey } from '#gateway/app/face/lease-key.ts';
import type { DecisionInput } from '#gateway/domain/access/decision-input.ts';
import type { AuditRecord, AuditRecordOf } from '#gateway/domain/audit/record.ts';
import { markBadge } from '#gateway/domain/face/badge-mark.ts';
import type { EnrolledTemplate } from '#gateway/domain/face/enrolled-template.ts';
import { LEASE_JWS_MAX, LEASE_PEOPLE_MAX, LEASED_ENTRY_TYPE, type FaceLease, type LeasedEntry } from '#gateway/domain/face/lease.ts';
import { createSiteMap } from '#gateway/domain/site/site-map.ts';
import { personId, someBadge, somePerson } from '#test/support/people.ts';
import { sampleInstallation } from '#test/support/sample-installation.ts';
import { createSigningTerminal, SAMPLE_PACK } from '#test/support/signing-terminal.ts';
import { denyAnswer, permitAnswer, stubPolicy } from '#test/support/stub-policy.ts';

const START_MS = 1_760_000_000_000;
const HOUR_MS = 3_600_000;
const ANN = personId('ann');
const installation = { ...sampleInstallation, doors: sampleInstallation.doors.map((door) => ({ ...door, offlineLeaseS: 28_800 })) };

type Judge = (input: DecisionInput) => unknown;
const openHouse: Judge = ({ subject, context }) =>
  subject.properties.status === 'active' && context.credential.known && context.face.verified
    ? permitAnswer('door.granted')
    : denyAnswer('subject.suspended');

async function rig({ judge = openHouse, doors = installation.doors }: { judge?: Judge; doors?: typeof installation.doors } = {}) {
  let nowMs = START_MS;
  const clock = { nowMs: () => nowMs, monotonicUs: () => nowMs * 1_000 };
  const asked: DecisionInput[] = [];
  const stores = createMemoryStores();
  const audit = createMemoryAuditLog({ clock });
  const sites = createSiteMap({ ...installation, doors });
  const policy = stubPolicy((input) => (asked.push(input), judge(input)));
  const random = createSystemRandom();
  const key = createLeaseKey({ secrets: stores.secrets, random });
  const { credentials, faceDevices: devices, faceTemplates: templates, people, presences: presence } = stores;
  const assemble = createAssembleInput(sites);
  const decide = createDecide({ policy, audit, clock, random, timeoutMs: 1_000 });
  const lent = new LentLeases({ sites, devices, clock });
  const desk = new LeaseDesk({ sites, people, credentials, presence, templates, lent, policy, assemble, key, clock, random });
  const newJournal = () => new LeaseJournal({ sites, devices, people, credentials, assemble, decide, audit, reader: audit, key, clock });
  let journal = newJournal();
  const terminal = await createSigningTerminal('main', 'main-in');
  await devices.add(terminal.device);
  const enrol = async (name: string, change: Partial<EnrolledTemplate> = {}): Promise<void> => {
    await people.save(somePerson(name));
    await credentials.saveBadge(someBadge(name, { personId: personId(name) }));
    await templates.add({
      id: `tpl_${name}`,
      personId: personId(name),
      deviceId: terminal.device.id,
      storage: 'terminal',
      packHash: SAMPLE_PACK,
      enrolledAtMs: START_MS,
      expiresAtMs: START_MS + 1_000 * HOUR_MS,
      deletionOrderedAtMs: null,
      status: 'kept',
      endedAtMs: null,
      receipt: null,
      ...change,
    });
  };
  const lend = async (): Promise<{ readonly jws: string; readonly lease: FaceLease }> => {
    const { jws } = await desk.lend(terminal.device);
    const lease = jws === null ? null : await key.verify(jws);
    if (jws === null || lease === null) throw new TypeError('nothing was lent');
    return { jws, lease };
  };
  const entryOf = (lease: FaceLease, seq: number, change: Partial<LeasedEntry> = {}): LeasedEntry => ({
    device: terminal.device.id,
    seq,
    lease: lease.id,
    door: lease.door,
    reader: lease.reader,
    person: ANN,
    badge: markBadge('H10301:12:ann', lease.salt),
    outcome: 'released',
    reason: 'verified',
    band: 'standard',
    liveness: 'active',
    pack: SAMPLE_PACK,
    at_ms: nowMs,
    ...change,
  });
  const tell = async (lease: string | null, ...entries: readonly LeasedEntry[]): Promise<number> => {
    const said = await Promise.all(entries.map((entry) => terminal.sign(entry, { typ: LEASED_ENTRY_TYPE })));
    return journal.take(terminal.device, { lease, entries: said });
  };
  const records = async <Type extends AuditRecord['type']>(type: Type) =>
    (await audit.read({ from: { afterSeq: 0 }, limit: 100, types: [type] })).map(
      ({ record }) => record as Extract<AuditRecord, { type: Type }>,
    );
  return {
    ...stores,
    asked,
    audit,
    desk,
    enrol,
    entryOf,
    key,
    lend,
    lent,
    pass: (ms: number) => (nowMs += ms),
    records,
    restart: () => (journal = newJournal()),
    tell,
    terminal,
  };
}

describe('a lease that is lent', () => {
  it('lists who would come in by badge and face, under marks of their badges, and is signed', async () => {
    const { asked, enrol, key, lend } = await rig();
    await enrol('ann');
    const { jws, lease } = await lend();
    expect(lease).toMatchObject({ device: 'fdv_main', reader: 'main-in', door: 'main', pack: SAMPLE_PACK, issued_at_ms: START_MS });
    expect(lease.expires_at_ms - lease.issued_at_ms).toBe(8 * HOUR_MS);
    expect(lease.people).toEqual([
      {
        person: ANN,
        template: 'tpl_ann',
        badges: [markBadge('H10301:12:ann', lease.salt)],
        until_ms: lease.expires_at_ms,
        release_ms: 5_000,
      },
    ]);
    expect(jws).not.toContain(Buffer.from('H10301').toString('base64url').slice(0, 6));
    expect(asked[0]?.context).toMatchObject({
      pep: { mode: 'leased' },
      face: { verified: true, liveness: 'active', score_band: 'standard' },
    });
    expect(await key.verify(`${jws.slice(0, -4)}AAAA`)).toBeNull();
  });

  it('lists nobody whom the policy refuses, whose template counts no more, or who is to be forgotten', async () => {
    const { credentials, enrol, faceTemplates, lend, people } = await rig();
    for (const name of ['ann', 'ben', 'cid', 'dan', 'eve', 'fay']) await enrol(name);
    await people.changeStanding({ personId: personId('ann'), to: 'suspended', nowMs: START_MS });
    await enrol('ben', { id: 'tpl_ben_2', packHash: 'c'.repeat(64), enrolledAtMs: START_MS + 1 });
    await enrol('cid', { id: 'tpl_cid_2', expiresAtMs: START_MS, enrolledAtMs: START_MS + 1 });
    await enrol('dan', { id: 'tpl_dan_2', storage: 'carried', enrolledAtMs: START_MS + 1 });
    await faceTemplates.orderDeletion('tpl_eve', START_MS);
    await credentials.saveBadge(someBadge('fay', { personId: personId('fay'), status: 'lost' }));
    const { lease } = await lend();
    expect(lease.people.map(({ person }) => person)).toEqual([personId('fay')]);
  });

  it('lists a person up to where their time ends', async () => {
    const endMs = START_MS + 2 * LEASE_STEP_MS + 60_000;
    const judge: Judge = ({ context }) => (context.time.epoch_ms < endMs ? permitAnswer('door.granted') : denyAnswer('grant.none'));
    const { enrol, lend } = await rig({ judge });
    await enrol('ann');
    const { lease } = await lend();
    expect(lease.people[0]?.until_ms).toBe(START_MS + 2 * LEASE_STEP_MS);
  });

  it('gives more time at the door to whoever needs it, and lists nobody of whom more is wanted', async () => {
    const wants =
      (id: string): Judge =>
      () =>
        permitAnswer('door.granted', [id === 'pin' ? { id, digits_max: 8 } : { id }]);
    const slow = await rig({ judge: wants('extended_open_time') });
    await slow.enrol('ann');
    expect((await slow.lend()).lease.people[0]?.release_ms).toBe(15_000);
    for (const more of ['pin', 'second_person']) {
      const { enrol, lend } = await rig({ judge: wants(more) });
      await enrol('ann');
      expect((await lend()).lease.people).toEqual([]);
    }
  });

  it('is none where the door does not say so, and no longer than its area allows', async () => {
    const closed = await rig({ doors: sampleInstallation.doors.map((door) => ({ ...door, offlineLeaseS: 0 })) });
    expect(await closed.desk.lend(closed.terminal.device)).toMatchObject({ jws: null });
    const { desk, key, terminal } = await rig();
    const { jws } = await desk.lend({ ...terminal.device, readerId: 'lab-in' as never });
    const lab = jws === null ? null : await key.verify(jws);
    expect((lab?.expires_at_ms ?? 0) - (lab?.issued_at_ms ?? 0)).toBeLessThanOrEqual(8 * HOUR_MS);
  });

  it('names the most people, and fits on its way', async () => {
    const { enrol, lend } = await rig({ judge: () => permitAnswer('door.granted') });
    for (let index = 0; index <= LEASE_PEOPLE_MAX; index += 1)
      await enrol(`p${String(index).padStart(22, '0')}`, { id: `tpl_${String(index).padStart(24, '0')}` });
    const { jws, lease } = await lend();
    expect(lease.people).toHaveLength(LEASE_PEOPLE_MAX);
    expect(jws.length).toBeLessThan(LEASE_JWS_MAX);
  });

  it('tells how long somebody is still exposed to a terminal that hears nothing', async () => {
    const { enrol, lend, lent, pass } = await rig();
    await lend();
    expect(await lent.exposing(ANN)).toEqual([]);
    await enrol('ann');
    const { lease } = await lend();
    expect(await lent.exposing(ANN)).toEqual([lease.expires_at_ms]);
    pass(8 * HOUR_MS);
    expect(await lent.exposing(ANN)).toEqual([]);
  });

  it('takes everybody for exposed until a terminal has asked, or whatever was lent before has ended', async () => {
    const { lend, lent } = await rig();
    expect(await lent.exposing(ANN)).toEqual([START_MS + 8 * HOUR_MS]);
    await lend();
    expect(await lent.exposing(ANN)).toEqual([]);
    const again = await rig();
    again.pass(8 * HOUR_MS);
    expect(await again.lent.exposing(ANN)).toEqual([]);
    const closed = await rig({ doors: sampleInstallation.doors.map((door) => ({ ...door, offlineLeaseS: 0 })) });
    expect(await closed.lent.exposing(ANN)).toEqual([]);
  });

  it('is recalled after a revocation: terminals that wait ask anew, and one that does not is named', async () => {
    const { enrol, lend, lent, people } = await rig();
    const suspend = () => people.changeStanding({ personId: ANN, to: 'suspended', nowMs: START_MS });
    await enrol('ann');
    await lend();
    await suspend();
    const waiting = lent.recalled().then(() => lend());
    expect(await lent.recall(ANN)).toBe(1);
    expect((await waiting).lease.people).toEqual([]);
    expect(await lent.recall(ANN)).toBe(0);

    await people.changeStanding({ personId: ANN, to: 'active', nowMs: START_MS });
    await lend();
    await suspend();
    await expect(lent.recall(ANN)).rejects.toMatchObject({ code: 'store.unavailable' });
  });
});

describe('what a terminal did alone', () => {
  it('is in the log once, in order, as decisions of that time', async () => {
    const { enrol, entryOf, faceDevices, lend, pass, records, tell, terminal } = await rig();
    await enrol('ann');
    const { jws, lease } = await lend();
    pass(60_000);
    const first = entryOf(lease, 1);
    const second = entryOf(lease, 2, { outcome: 'refused', reason: 'no_match', band: 'below', liveness: 'none' });
    pass(HOUR_MS);
    expect(await tell(jws, first, second)).toBe(2);
    expect(await tell(jws, first, second)).toBe(2);
    expect(await records('decision')).toMatchObject([
      {
        mode: 'leased',
        effect: 'permit',
        personId: ANN,
        occurredAtMs: START_MS + 60_000,
        input: { context: { pep: { mode: 'leased' }, face: { verified: true } } },
      },
      { mode: 'leased', effect: 'deny', input: { context: { face: { verified: false } } } },
    ]);
    expect((await records('outcome')).map(({ detail, outcome }) => [outcome, detail])).toEqual([
      ['unlocked', 'leased fdv_main 1 verified'],
      ['withheld', 'leased fdv_main 2 no_match'],
    ]);
    expect(await records('alarm')).toEqual([]);
    expect(await faceDevices.journalSeq(terminal.device.id)).toBe(2);
  });

  it('counts against whose badge showed somebody else, as at a door that asks', async () => {
    const { enrol, entryOf, lend, records, tell } = await rig();
    await enrol('ann');
    const { jws, lease } = await lend();
    const refused = (seq: number, reason: string) => entryOf(lease, seq, { outcome: 'refused', reason, band: 'below', liveness: 'none' });
    await tell(
      jws,
      entryOf(lease, 1),
      refused(2, 'no_match'),
      refused(3, 'not_live'),
      refused(4, 'no_face'),
      refused(5, 'lease.not_listed'),
    );
    expect(await records('credential')).toMatchObject([
      { event: 'authentication_failed', personId: ANN, cause: 'door:no_match', occurredAtMs: START_MS },
      { event: 'authentication_failed', personId: ANN, cause: 'door:not_live' },
    ]);
  });

  it('is known again by a gateway that ended before it had counted', async () => {
    const { enrol, entryOf, faceDevices, lend, records, restart, tell } = await rig();
    await enrol('ann');
    const { jws, lease } = await lend();
    const lost = vi.spyOn(faceDevices, 'advanceJournal').mockRejectedValueOnce(new Error('the power went'));
    await expect(tell(jws, entryOf(lease, 1))).rejects.toThrow('the power went');
    lost.mockRestore();
    restart();
    expect(await tell(jws, entryOf(lease, 1))).toBe(1);
    expect(await records('decision')).toHaveLength(1);
  });

  it('is an alarm where somebody came in who had been suspended by then, and none where the suspension came after', async () => {
    const { audit, enrol, entryOf, lend, pass, people, records, tell } = await rig();
    await enrol('ann');
    const { jws, lease } = await lend();
    const before = entryOf(lease, 1);
    pass(60_000);
    const { epoch } = await people.changeStanding({ personId: ANN, to: 'suspended', nowMs: START_MS });
    const standing: Omit<AuditRecordOf<'standing'>, 'type' | 'occurredAtMs'> = {
      personId: ANN,
      from: 'active',
      to: 'suspended',
      operators: ['usr_op'],
      reason: 'left',
      epoch,
      decisionId: null,
    } as const;
    await audit.append({ type: 'standing', occurredAtMs: START_MS + 60_000, ...standing });
    pass(60_000);
    expect(await tell(jws, before, entryOf(lease, 2))).toBe(2);
    expect((await records('decision')).map(({ effect }) => effect)).toEqual(['permit', 'deny']);
    expect(await records('alarm')).toMatchObject([{ code: 'face.leased_entry_denied', sourceId: 'main-in', personId: ANN, active: true }]);
  });

  it.each([
    ['with a lease that was changed', (jws: string) => `${jws.slice(0, -4)}AAAA`, {}],
    ['with no lease', () => null, {}],
    ['by nobody who is listed', (jws: string) => jws, { person: personId('ben') }],
    ['after its end', (jws: string) => jws, { at_ms: START_MS + 9 * HOUR_MS }],
    ['by a picture', (jws: string) => jws, { liveness: 'none' as const }],
  ])('is an alarm %s', async (_what, change, entry) => {
    const { enrol, entryOf, lend, pass, records, tell } = await rig();
    await enrol('ann');
    const { jws, lease } = await lend();
    const said = entryOf(lease, 1, entry);
    pass(10 * HOUR_MS);
    expect(await tell(change(jws), said)).toBe(1);
    expect((await records('alarm')).map(({ code }) => code)).toContain('face.leased_entry_invalid');
  });

  it('is missed where an entry is missing, and the rest is taken', async () => {
    const { enrol, entryOf, lend, records, tell } = await rig();
    await enrol('ann');
    const { jws, lease } = await lend();
    expect(await tell(jws, entryOf(lease, 3))).toBe(3);
    expect((await records('alarm')).map(({ code }) => code)).toEqual(['face.lease_journal_gap']);
  });

  it('is taken of its own terminal alone', async () => {
    const { enrol, entryOf, lend, records, tell } = await rig();
    await enrol('ann');
    const { jws, lease } = await lend();
    expect(await tell(jws, entryOf(lease, 1, { device: 'fdv_other' }))).toBe(0);
    expect(await records('decision')).toEqual([]);
  });
});
