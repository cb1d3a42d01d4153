import type { AuditRecord } from '../../domain/audit/record.ts';
import type { PersonId } from '../../domain/site/ids.ts';

/** What an import at the host leaves as its last record, when everything that it recorded is made. */
export const IMPORT_DONE = { event: 'configuration_imported', detail: 'people' } as const;

type EndLapsedSessions = (personId: PersonId, cause: string) => Promise<number>;

export interface ImportFollower {
  /** A record that was taken over from the store. */
  readonly take: (record: AuditRecord) => void;
  /** Asks about whom a finished import changed; with `all` also where an import ended before it was done. */
  readonly settle: (ask: EndLapsedSessions, all?: 'all') => Promise<void>;
}

/**
 * Doors read the store at each badge; sessions are asked about when an import beside the gateway has made what it recorded. Changes are
 * recorded first: asked about at once, somebody would be judged by what they were.
 */
export function createImportFollower(): ImportFollower {
  const changed = new Set<PersonId>();
  let isDone = false;
  return {
    take: (record) => {
      if (record.type === 'system') isDone ||= record.event === IMPORT_DONE.event && record.detail === IMPORT_DONE.detail;
      else if (record.type === 'directory_change' && record.personId !== null && record.change !== 'added')
        // Branded again: it is a person of the store.
        changed.add(record.personId as PersonId);
    },
    settle: async (ask, all) => {
      if (!isDone && all === undefined) return;
      isDone = false;
      const people = [...changed];
      changed.clear();
      // One that fails is asked about at its next refresh.
      for (const personId of people) await ask(personId, 'directory:import').catch(() => 0);
    },
  };
}
