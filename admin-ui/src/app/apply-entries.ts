import type { QueryClient } from '@tanstack/react-query';
import type { Entry } from '#gateway/http/contract/admin.ts';
import { directoryQuery, doorsQuery, statusQuery } from '../shared/api/queries.ts';

type Record_ = Entry['record'];

/** Which lists an entry makes out of date. Door and reader states need no question: the entry itself is the new state. */
const touches: Readonly<Partial<Record<Record_['type'], readonly string[]>>> = {
  decision: ['log', 'decisions'],
  outcome: ['log', 'decisions'],
  door_state: ['log'],
  egress: ['log'],
  presence: ['log', 'people'],
  standing: ['log', 'people', 'status'],
  revocation_receipt: ['log', 'people'],
  session: ['log', 'people'],
  credential: ['log', 'people', 'face-templates', 'reader-templates'],
  reinstatement_requested: ['log', 'people'],
  policy_revision: ['log', 'status', 'policy', 'policy-data'],
  system: ['log', 'status', 'doors', 'directory'],
  access_search: ['log'],
  alarm: ['log'],
  reader_state: ['log'],
};

export function applyEntries(queries: QueryClient, entries: readonly Entry[]): void {
  const stale = new Set<string>();
  for (const { record } of entries) {
    for (const key of touches[record.type] ?? []) stale.add(key);
    if (record.type === 'door_state' || record.type === 'reader_state') setDoorFacts(queries, record);
    if (namesUnknownPerson(queries, record)) stale.add('directory');
  }
  for (const key of stale) {
    const queryKey = key === 'status' ? statusQuery.queryKey : key === 'directory' ? directoryQuery.queryKey : [key];
    void queries.invalidateQueries({ queryKey });
  }
}

function setDoorFacts(queries: QueryClient, record: Extract<Record_, { readonly type: 'door_state' | 'reader_state' }>): void {
  queries.setQueryData(doorsQuery.queryKey, (known) => {
    if (known === undefined) return undefined;
    return {
      doors: known.doors.map((door) => {
        if (record.type === 'door_state') {
          return door.id === record.state.doorId ? { ...door, status: record.state, statusSinceMs: record.occurredAtMs } : door;
        }
        const readers = door.readers.map((reader) => (reader.id === record.readerId ? { ...reader, online: record.online } : reader));
        return { ...door, readers };
      }),
    };
  });
}

function namesUnknownPerson(queries: QueryClient, record: Record_): boolean {
  if (!('personId' in record) || record.personId === null || record.personId === undefined) return false;
  const directory = queries.getQueryData(directoryQuery.queryKey);
  return directory !== undefined && directory.people[record.personId] === undefined;
}
