import { setTimeout as delay } from 'node:timers/promises';
import type { PendingRecord } from '../../ports/pending-record-store.ts';
import { PEOPLE_SAVED_MAX } from '../../ports/people-store.ts';
import { toPendingChange } from './directory-change.ts';
import { IMPORT_DONE } from './follow-imports.ts';
import type { ImportDeps, ImportPeople } from './import-types.ts';
import { planImport, toPerson } from './plan-import.ts';

/**
 * Adds and replaces people, badges, profiles and grants. Everything is compared with the store before anything is written, so a file
 * with one mistake changes nothing; then every change is recorded, and only then made. It removes nothing, moves nobody's standing, and
 * leaves a lost or stolen badge what it is. Running it twice is running it once.
 */
export function createImportPeople(deps: ImportDeps): ImportPeople {
  return async (written) => {
    const by = deps.changedBy === undefined ? {} : { changedBy: deps.changedBy };
    const { badges, changes, content, problems } = await planImport(deps, written);
    if (problems.length > 0) return { ok: false, problems };
    const records = changes.flatMap((change) => toPendingChange({ ...change, ...by }, deps) ?? []);
    await deps.pendingRecords.add(records);
    await inBatches(content.people, (some) => deps.people.saveAll(some.map(toPerson)));
    await inBatches(badges, async (some) => {
      for (const { badge } of some) await deps.credentials.saveBadge(badge);
    });
    for (const profile of content.profiles) await deps.grants.saveProfile(profile);
    for (const grant of content.grants) await deps.grants.saveGrant(grant);
    // A gateway beside this import asks about sessions now.
    if (deps.changedBy === undefined && records.length > 0) await deps.pendingRecords.add([toImportDone(deps)]);
    return {
      ok: true,
      people: content.people.length,
      badges: content.people.reduce((count, person) => count + person.badges.length, 0),
      profiles: content.profiles.length,
      grants: content.grants.length,
    };
  };
}

function toImportDone({ clock, random }: ImportDeps): PendingRecord {
  return { id: random.id('chg'), record: { type: 'system', occurredAtMs: clock.nowMs(), ...IMPORT_DONE } };
}

/** Longer than a writer that found the store locked sleeps before it tries again (SQLite: 25 ms at first, 100 at most). */
const PAUSE_MS = 50;

/** A gateway beside this one writes to the same store, and a table of many people must not keep it from that. */
async function inBatches<Item>(items: readonly Item[], work: (some: readonly Item[]) => Promise<void>): Promise<void> {
  for (let from = 0; from < items.length; from += PEOPLE_SAVED_MAX) {
    if (from > 0) await delay(PAUSE_MS);
    await work(items.slice(from, from + PEOPLE_SAVED_MAX));
  }
}
