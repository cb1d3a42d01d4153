import type { AuditRecordOf } from '../../domain/audit/record.ts';
import type { VpnSession } from '../../ports/vpn-session-store.ts';

/** What the log says of the beginning and the end of a tunnel. */
export const toSessionRecord = (
  session: VpnSession,
  event: 'started' | 'ended',
  cause: string,
  occurredAtMs: number,
): AuditRecordOf<'session'> => ({
  type: 'session',
  occurredAtMs,
  event,
  kind: 'vpn',
  realmId: session.realmId,
  sessionId: session.id,
  personId: session.personId,
  appId: null,
  cause: cause.slice(0, 64),
  decisionId: session.decisionId,
});
