import { BiometricDesk } from './app/face/biometric-desk.ts';
import { FaceDesk, type FaceDeskDeps } from './app/face/face-desk.ts';
import { createFaceSources } from './app/face/face-sources.ts';
import { createReaderEnrolment } from './app/face/reader-enrolment.ts';
import type { Records } from './compose-records.ts';
import type { AuditRecord } from './domain/audit/record.ts';
import { lookCause } from './domain/face/mismatches.ts';
import type { SiteMap } from './domain/site/site-map.ts';
import type { BiometricReaders } from './ports/biometric-readers.ts';
import type { Clock } from './ports/clock.ts';
import type { Random } from './ports/random.ts';

interface Around {
  readonly records: Pick<Records, 'faceDevices' | 'readerTemplates'>;
  readonly readers: BiometricReaders;
  readonly raise: (record: AuditRecord) => void;
}

/** Who is asked for faces at the doors of this thread: terminals, and readers that compare themselves. */
export function composeDoorFaces(
  { clock, random, sites }: { readonly clock: Clock; readonly random: Random; readonly sites: SiteMap },
  { raise, readers, records }: Around,
) {
  const told = lookRecords(clock, raise);
  const comparing = { sites, clock, readers, templates: records.readerTemplates };
  const enrolAtReader = createReaderEnrolment(comparing);
  const desk = new FaceDesk({ devices: records.faceDevices, enrolAtReader, clock, random, ...told });
  return { desk, sources: createFaceSources(desk, new BiometricDesk({ ...comparing, ...told })) };
}

/** Each answer that became no fact is an alarm: a terminal or reader is broken, or somebody tries what it says. */
function lookRecords(clock: Clock, raise: (record: AuditRecord) => void): Required<Pick<FaceDeskDeps, 'onFault' | 'onRefused'>> {
  return {
    onFault: ({ personId, result }) => {
      const cause = lookCause('door', result);
      const about = { event: 'authentication_failed', kind: 'face_template', personId, credentialId: null, operatorId: null } as const;
      raise({ type: 'credential', occurredAtMs: clock.nowMs(), ...about, cause });
    },
    onRefused: ({ code, readerId }) => {
      const source = readerId === null ? (['gateway', 'doors'] as const) : (['reader', readerId] as const);
      raise({ type: 'alarm', occurredAtMs: clock.nowMs(), code, sourceType: source[0], sourceId: source[1], active: true });
    },
  };
}
