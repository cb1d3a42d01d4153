import type { AuditRecord, AuditRecordOf } from '#gateway/domain/audit/record.ts';

/** Decision records are the largest and the most; this one has no input. */
export const someDecision = (decisionId: string, change: Partial<AuditRecordOf<'decision'>> = {}): AuditRecordOf<'decision'> => ({
  type: 'decision',
  occurredAtMs: 1_700_000_000_000,
  decisionId,
  channel: 'osdp',
  action: 'door.unlock',
  personId: 'person_ann',
  resourceType: 'door',
  resourceId: 'door_main',
  effect: 'permit',
  reasons: [],
  permits: ['door.granted'],
  obligations: [],
  policyRevision: 'a'.repeat(64),
  dataRevision: 'b'.repeat(64),
  epoch: 3,
  mode: 'online',
  latencyUs: 40,
  operatorReason: null,
  input: null,
  ...change,
});

export const someOutcome = (decisionId: string, change: Partial<AuditRecordOf<'outcome'>> = {}): AuditRecordOf<'outcome'> => ({
  type: 'outcome',
  occurredAtMs: 1_700_000_000_001,
  decisionId,
  resourceId: 'door_main',
  personId: 'person_ann',
  outcome: 'unlocked',
  detail: 'Grüße',
  ...change,
});

export const someAlarm = (code: string): AuditRecord => ({
  type: 'alarm',
  occurredAtMs: 1_700_000_000_002,
  code,
  sourceType: 'reader',
  sourceId: 'reader_main',
  active: true,
});

/** A record whose JSON has exactly so many UTF-8 bytes. */
export function decisionOfBytes(lengthBytes: number): AuditRecordOf<'decision'> {
  const short = someDecision('decision_long', { channel: '' });
  return { ...short, channel: 'x'.repeat(lengthBytes - Buffer.byteLength(JSON.stringify(short))) };
}
