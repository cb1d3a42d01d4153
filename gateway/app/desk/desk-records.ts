import type { DeskDeviceId, PersonId } from '../../domain/site/ids.ts';
import type { AuditLog } from '../../ports/audit-log.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Random } from '../../ports/random.ts';

interface Deps {
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly random: Random;
}

/** What the log is told of a person's computers, before it happens. @throws audit.unavailable */
export interface DeskRecords {
  changed(personId: PersonId, operatorId: string, changes: readonly string[]): Promise<void>;
  /** `credentialId` names the template and says nothing of the face. */
  face(event: 'enrolled' | 'revoked' | 'authentication_failed', about: FaceEvent): Promise<void>;
  /** An answer that became no fact. */
  refused(code: string, about: { readonly deviceId: DeskDeviceId | null; readonly personId: PersonId | null }): Promise<void>;
}

interface FaceEvent {
  readonly personId: PersonId;
  readonly credentialId: string | null;
  readonly cause: string;
}

export function createDeskRecords({ audit, clock, random }: Deps): DeskRecords {
  return {
    changed: async (personId, operatorId, changes) => {
      await audit.append({
        type: 'directory_change',
        occurredAtMs: clock.nowMs(),
        changeId: random.id('chg'),
        subjectType: 'person',
        subjectId: personId,
        personId,
        change: 'replaced',
        changes: [...changes],
        digestBefore: null,
        digestAfter: null,
        operatorId,
      });
    },
    face: async (event, about) => {
      await audit.append({ type: 'credential', occurredAtMs: clock.nowMs(), event, kind: 'face_template', ...about, operatorId: null });
    },
    refused: async (code, { deviceId, personId }) => {
      const occurredAtMs = clock.nowMs();
      const sourceId = deviceId ?? 'unknown-desk';
      await audit.append({ type: 'alarm', occurredAtMs, code, sourceType: 'gateway', sourceId, active: false, personId });
    },
  };
}
