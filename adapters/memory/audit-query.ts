import { relatedIds } from '#gateway/domain/audit/related-ids.ts';
import type { AuditEntry, AuditQuery } from '#gateway/ports/audit-log.ts';

export function matchesQuery(entry: AuditEntry, query: AuditQuery): boolean {
  const { personId, resourceId } = relatedIds(entry.record);
  const inRange = 'afterSeq' in query.from ? entry.seq > query.from.afterSeq : entry.seq < query.from.beforeSeq;
  return (
    inRange &&
    (query.types === undefined || query.types.includes(entry.record.type)) &&
    (query.personId === undefined || query.personId === personId) &&
    (query.resourceId === undefined || query.resourceId === resourceId)
  );
}
