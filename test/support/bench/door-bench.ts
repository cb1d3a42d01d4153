import { createMemoryAuditLog } from '#adapters/memory/audit-log.ts';
import { createMemoryStores } from '#adapters/memory/create-memory-stores.ts';
import { createScryptPinHasher } from '#adapters/crypto/scrypt-pin-hasher.ts';
import { createSystemRandom } from '#adapters/crypto/system-random.ts';
import { createAssembleInput } from '#gateway/app/access/assemble-input.ts';
import { createDecide } from '#gateway/app/access/decide.ts';
import { createRefuse } from '#gateway/app/access/refuse.ts';
import { createBadgeRead, createPinRead, findBadgeHolder } from '#gateway/app/doors/badge-read.ts';
import { createFaceRead } from '#gateway/app/doors/face-read.ts';
import { createPinCheck } from '#gateway/app/doors/pin-check.ts';
import { Companions } from '#gateway/app/doors/companions.ts';
import { DoorController } from '#gateway/app/doors/door-controller.ts';
import { ReaderTamper } from '#gateway/app/doors/reader-tamper.ts';
import { FaceDesk } from '#gateway/app/face/face-desk.ts';
import type { FaceRefusal } from '#gateway/domain/face/attestation.ts';
import type { AuditRecord, AuditRecordOf, AuditRecordType } from '#gateway/domain/audit/record.ts';
import type { DecisionInput } from '#gateway/domain/access/decision-input.ts';
import { encodeCard } from '#gateway/domain/people/card-format.ts';
import type { ReaderId } from '#gateway/domain/site/ids.ts';
import { createSiteMap } from '#gateway/domain/site/site-map.ts';
import { createFakeReaders } from '../readers/fake-readers.ts';
import { SAMPLE_NOW_MS, sampleBadge, samplePerson } from '../sample-input.ts';
import { sampleInstallation } from '../sample-installation.ts';
import { stubPolicy } from '../policy/stub-policy.ts';

/** The doors of the sample installation on memory stores, with readers and a policy that the test plays. */
export async function createDoorBench(answer: (input: DecisionInput) => unknown) {
  let nowMs = SAMPLE_NOW_MS;
  let setBackMs = 0;
  const clock = { nowMs: () => nowMs - setBackMs, monotonicUs: () => nowMs * 1_000 };
  const random = createSystemRandom();
  const stores = createMemoryStores();
  const audit = createMemoryAuditLog({ clock });
  const sites = createSiteMap(sampleInstallation);
  const policy = stubPolicy(answer);
  const readers = createFakeReaders();
  // Cheap: what it costs is the hasher's own test.
  const hasher = createScryptPinHasher(async () => new Uint8Array(32).fill(7), { n: 16, r: 1, p: 1 });
  const tamper = new ReaderTamper();
  const companions = new Companions(() => nowMs);
  const deps = {
    sites,
    people: stores.people,
    credentials: stores.credentials,
    presence: stores.presences,
    tamper,
    companions,
    pins: createPinCheck({ credentials: stores.credentials, hasher, clock }),
    assemble: createAssembleInput(sites),
    decide: createDecide({ policy, audit, clock, random, timeoutMs: 1_000 }),
    refuse: createRefuse({ policy, audit, clock, random }),
    clock,
    random,
  };
  const unrecorded: AuditRecord[] = [];
  const faceRefusals: FaceRefusal[] = [];
  const faceFaults: string[] = [];
  const desk = new FaceDesk({
    devices: stores.faceDevices,
    clock,
    random,
    onFault: ({ personId, readerId, result }) => void faceFaults.push(`${personId} ${readerId} ${result}`),
    onRefused: ({ code }) => void faceRefusals.push(code),
  });
  const controller = new DoorController({
    sites,
    readers,
    badgeRead: createBadgeRead(deps),
    pinRead: createPinRead(deps),
    findHolder: (read) => findBadgeHolder(deps, read),
    tamper,
    companions,
    faces: { desk, read: createFaceRead(deps) },
    audit,
    clock,
    onUnrecorded: (record) => unrecorded.push(record),
  });
  await stores.people.save(samplePerson);
  await stores.credentials.saveBadge(sampleBadge);
  controller.start();
  const card = encodeCard({ format: 'H10301', facility: 12, number: '3456' });
  if (card === null) throw new Error('the sample badge fits its format');
  return {
    stores,
    audit,
    readers,
    controller,
    hasher,
    clock,
    faces: desk.point,
    faceFaults,
    faceRefusals,
    unrecorded,
    advance: (ms: number) => void (nowMs += ms),
    /** The wall clock only, as an administrator or a time server would. */
    setBack: (ms: number) => void (setBackMs += ms),
    online: (...ids: readonly string[]) => {
      for (const id of ids) {
        const readerId = id as ReaderId;
        readers.emit({
          kind: 'online',
          readerId,
          secure: true,
          occurredAtMs: nowMs,
          identity: { vendor: '000000', model: 1, version: 1, serial: '00', firmware: '1.0.0' },
        });
        readers.emit({ kind: 'local_status', readerId, tampered: false, powerFailed: false, occurredAtMs: nowMs });
        readers.emit({ kind: 'inputs', readerId, inputs: ['inactive', 'inactive'], occurredAtMs: nowMs });
        readers.emit({ kind: 'outputs', readerId, active: [false], occurredAtMs: nowMs });
      }
    },
    contact: (id: string, open: boolean) =>
      readers.emit({ kind: 'inputs', readerId: id as ReaderId, inputs: [open ? 'active' : 'inactive', 'inactive'], occurredAtMs: nowMs }),
    badge: async (id: string, bits = card, readAtMs = nowMs) => {
      readers.emit({ kind: 'card_read', readerId: id as ReaderId, bits: bits.bits, bitCount: bits.bitCount, occurredAtMs: readAtMs });
      await controller.settled();
      await new Promise((resolve) => setImmediate(resolve));
    },
    keys: async (id: string, keys: string) => {
      readers.emit({ kind: 'keypad', readerId: id as ReaderId, keys, occurredAtMs: nowMs });
      await controller.settled();
      await new Promise((resolve) => setImmediate(resolve));
    },
    records: async <T extends AuditRecordType>(type: T) => {
      const entries = await audit.read({ from: { afterSeq: 0 }, limit: 1_000, types: [type] });
      return entries.map(({ record }) => record as AuditRecordOf<T>);
    },
  };
}
