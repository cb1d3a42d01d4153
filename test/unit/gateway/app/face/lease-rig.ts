import { createSystemRandom } from '#adapters/crypto/system-random.ts';
import { createMemoryAuditLog } from '#adapters/memory/audit-log.ts';
import { createMemoryStores } from '#adapters/memory/create-memory-stores.ts';
import { createAssembleInput } from '#gateway/app/access/assemble-input.ts';
import { createDecide } from '#gateway/app/access/decide.ts';
import { LeaseDesk } from '#gateway/app/face/lease-desk.ts';
import { LeaseJournal } from '#gateway/app/face/lease-journal.ts';
import { LentLeases } from '#gateway/app/face/lent-leases.ts';
import { createLeaseKey } from '#gateway/app/face/lease-key.ts';
import type { DecisionInput } from '#gateway/domain/access/decision-input.ts';
import type { AuditRecord } from '#gateway/domain/audit/record.ts';
import { markBadge } from '#gateway/domain/face/badge-mark.ts';
import type { EnrolledTemplate } from '#gateway/domain/face/enrolled-template.ts';
import { LEASED_ENTRY_TYPE, type FaceLease, type LeasedEntry } from '#gateway/domain/face/lease.ts';
import { createSiteMap } from '#gateway/domain/site/site-map.ts';
import { personId, someBadge, somePerson } from '#test/support/people.ts';
import { sampleInstallation } from '#test/support/sample-installation.ts';
import { createSigningTerminal, SAMPLE_PACK } from '#test/support/face/signing-terminal.ts';
import { denyAnswer, permitAnswer, stubPolicy } from '#test/support/policy/stub-policy.ts';

export const START_MS = 1_760_000_000_000;
export const HOUR_MS = 3_600_000;
export const ANN = personId('ann');
const installation = { ...sampleInstallation, doors: sampleInstallation.doors.map((door) => ({ ...door, offlineLeaseS: 28_800 })) };

export type Judge = (input: DecisionInput) => unknown;
const openHouse: Judge = ({ subject, context }) =>
  subject.properties.status === 'active' && context.credential.known && context.face.verified
    ? permitAnswer('door.granted')
    : denyAnswer('subject.suspended');

export async function leaseRig({
  judge = openHouse,
  doors = installation.doors,
}: { judge?: Judge; doors?: typeof installation.doors } = {}) {
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
  const newLent = () => new LentLeases({ devices, clock });
  const newDesk = (lent: LentLeases) =>
    new LeaseDesk({ sites, people, credentials, presence, templates, lent, policy, assemble, key, clock, random });
  const lent = newLent();
  const desk = newDesk(lent);
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
  const lend = async (by = desk): Promise<{ readonly jws: string; readonly lease: FaceLease }> => {
    const { jws } = await by.lend(terminal.device);
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
    newDesk,
    newLent,
    restart: () => (journal = newJournal()),
    tell,
    terminal,
  };
}
