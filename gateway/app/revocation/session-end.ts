import type { AuditRecordOf } from '../../domain/audit/record.ts';
import type { ConsoleSession } from '../../ports/session-store.ts';

/** The record of a console session's or command-line token's end. Written by whoever removed it from the store, and by nobody else. */
export function toSessionEnd(
  { id, kind, personId }: Pick<ConsoleSession, 'id' | 'kind' | 'personId'>,
  cause: string,
  occurredAtMs: number,
): AuditRecordOf<'session'> {
  return { type: 'session', occurredAtMs, event: 'ended', kind, sessionId: id, personId, appId: null, cause, decisionId: null };
}
