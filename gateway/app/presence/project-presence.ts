import type { Presence } from '../../domain/presence/presence.ts';
import type { AreaId, PersonId, SiteId } from '../../domain/site/ids.ts';
import { AUDIT_READ_MAX, type AuditEntry, type AuditReader } from '../../ports/audit-log.ts';
import type { PresenceStore } from '../../ports/presence-store.ts';

/** The presence that a log entry states, or null. */
export function presenceOf({ seq, record }: AuditEntry): Presence | null {
  if (record.type !== 'presence') return null;
  return {
    personId: record.personId as PersonId, // Written by the gateway itself from a person's row.
    state: record.state,
    siteId: record.siteId as SiteId | null,
    areaId: record.areaId as AreaId | null,
    confidence: record.confidence,
    observedAtMs: record.occurredAtMs,
    sourceSeq: seq,
  };
}

/**
 * Brings the presence table up to the log after a crash: entries that were durable but not yet projected. Returns whose presence it changed,
 * so that their sessions can be looked at again.
 */
export async function catchUpPresence(deps: {
  readonly presence: PresenceStore;
  readonly log: AuditReader;
}): Promise<ReadonlySet<PersonId>> {
  const known = await deps.presence.list();
  let afterSeq = known.reduce((newest, { sourceSeq }) => Math.max(newest, sourceSeq), 0);
  const changed = new Set<PersonId>();
  for (;;) {
    const entries = await deps.log.read({ from: { afterSeq }, limit: AUDIT_READ_MAX, types: ['presence'] });
    for (const entry of entries) {
      const presence = presenceOf(entry);
      if (presence !== null && (await deps.presence.put(presence))) changed.add(presence.personId);
      afterSeq = entry.seq;
    }
    if (entries.length < AUDIT_READ_MAX) return changed;
  }
}
