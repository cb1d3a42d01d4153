import type { Standing } from '#gateway/domain/people/person.ts';
import type { PersonId } from '#gateway/domain/site/ids.ts';
import type { AuditLog } from '#gateway/ports/audit-log.ts';
import type { PeopleStore } from '#gateway/ports/people-store.ts';

interface Stores {
  readonly people: Pick<PeopleStore, 'changeStanding'>;
  readonly audit: Pick<AuditLog, 'append'>;
}

/** As a directory closes an account: in the records, and then in the log. */
export async function changeStanding(
  { people, audit }: Stores,
  { personId, to, nowMs }: { readonly personId: PersonId; readonly to: Standing; readonly nowMs: number },
): Promise<void> {
  const { epoch, from } = await people.changeStanding({ personId, to, nowMs });
  const said = { from, to, operators: ['scim:hr'], reason: 'left', epoch, decisionId: null };
  await audit.append({ type: 'standing', occurredAtMs: nowMs, personId, ...said });
}
