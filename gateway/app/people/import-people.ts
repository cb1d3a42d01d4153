import { findDuplicates, type FieldProblem } from '../../domain/field-problem.ts';
import { toBadgeKey } from '../../domain/people/card-format.ts';
import { groupsAbove, PERSON_GROUPS_MAX } from '../../domain/people/group.ts';
import type { AccessProfile, Badge, Grant, Person } from '../../domain/people/person.ts';
import { badgeFacts, grantFacts, personFacts, profileFacts } from '../../domain/people/directory-facts.ts';
import type { CredentialId, PersonId } from '../../domain/site/ids.ts';
import type { Installation } from '../../domain/site/site.ts';
import type { Clock } from '../../ports/clock.ts';
import type { CredentialStore } from '../../ports/credential-store.ts';
import type { DirectoryStore } from '../../ports/directory-store.ts';
import type { GrantStore } from '../../ports/grant-store.ts';
import type { PendingRecordStore } from '../../ports/pending-record-store.ts';
import type { PeopleStore } from '../../ports/people-store.ts';
import type { Random } from '../../ports/random.ts';
import { toPendingChange, type DirectoryChange } from './directory-change.ts';

export interface ImportedBadge {
  readonly format: string;
  readonly facility: number | null;
  readonly number: string;
  readonly validFromMs: number | null;
  readonly validUntilMs: number | null;
}

export type ImportedPerson = Omit<Person, 'standing' | 'version'> & { readonly badges: readonly ImportedBadge[] };

/** What an import file says. Lists have passed their limits; ids and references have not been compared with anything. */
export interface PeopleImport {
  readonly people: readonly ImportedPerson[];
  readonly profiles: readonly AccessProfile[];
  readonly grants: readonly Grant[];
}

export type ImportSummary =
  | { readonly ok: true; readonly people: number; readonly badges: number; readonly profiles: number; readonly grants: number }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

export interface ImportDeps {
  readonly installation: Installation;
  readonly scheduleNames: ReadonlySet<string>;
  readonly people: PeopleStore;
  readonly credentials: CredentialStore;
  readonly grants: GrantStore;
  /** Groups that a directory outside gives; an import does not take them away. Absent = there is none. */
  readonly directory?: Pick<DirectoryStore, 'groupsWith' | 'nesting'>;
  readonly pendingRecords: Pick<PendingRecordStore, 'add'>;
  readonly clock: Clock;
  readonly random: Random;
}

export type ImportPeople = (content: PeopleImport) => Promise<ImportSummary>;

/**
 * Adds and replaces people, badges, profiles and grants. Everything is compared with the store before anything is written, so a file
 * with one mistake changes nothing; then every change is recorded, and only then made. It removes nothing, moves nobody's standing, and leaves a lost or stolen badge what it is. Running
 * it twice is running it once.
 */
export function createImportPeople(deps: ImportDeps): ImportPeople {
  return async (written) => {
    const { badges, changes, content, problems } = await planImport(deps, written);
    if (problems.length > 0) return { ok: false, problems };
    await deps.pendingRecords.add(changes.flatMap((change) => toPendingChange(change, deps) ?? []));
    for (const person of content.people) await deps.people.save(toPerson(person));
    for (const { badge } of badges) await deps.credentials.saveBadge(badge);
    for (const profile of content.profiles) await deps.grants.saveProfile(profile);
    for (const grant of content.grants) await deps.grants.saveGrant(grant);
    return {
      ok: true,
      people: content.people.length,
      badges: content.people.reduce((count, person) => count + person.badges.length, 0),
      profiles: content.profiles.length,
      grants: content.grants.length,
    };
  };
}

export interface ImportPlan {
  /** As it would be stored. */
  readonly content: PeopleImport;
  readonly problems: readonly FieldProblem[];
  /** Also of what stays as it is. */
  readonly changes: readonly DirectoryChange[];
  readonly badges: readonly PlannedBadge[];
}

/** What an import would do, compared with the store; nothing is written. With problems it would do nothing. */
export async function planImport(deps: ImportDeps, written: PeopleImport): Promise<ImportPlan> {
  const content = await withDirectoryGroups(deps, written);
  const problems = [...findRepeated(content), ...(await findConflicts(deps, content)), ...(await findUnknown(deps, content))];
  const badges = problems.length > 0 ? [] : await planBadges(deps, content);
  const changes = [...(await findPeopleChanges(deps, content)), ...badges.map(toBadgeChange), ...(await findGrantChanges(deps, content))];
  return { content, problems, changes, badges };
}

async function withDirectoryGroups({ directory }: ImportDeps, content: PeopleImport): Promise<PeopleImport> {
  const nesting = await directory?.nesting();
  if (directory === undefined || nesting === undefined || nesting.size === 0) return content;
  const people: ImportedPerson[] = [];
  for (const person of content.people) {
    const direct = await directory.groupsWith({ kind: 'person', id: person.id });
    const given = direct.flatMap((id) => [...groupsAbove(nesting, id)]);
    people.push({ ...person, groups: [...new Set([...person.groups, ...given])] });
  }
  return { ...content, people };
}

/** Standing and version are the store's: it keeps what it has and begins with these. */
function toPerson(imported: ImportedPerson): Person {
  return {
    id: imported.id,
    displayName: imported.displayName,
    email: imported.email,
    standing: 'active',
    roles: imported.roles,
    groups: imported.groups,
    clearance: imported.clearance,
    employmentEndMs: imported.employmentEndMs,
    accessibility: imported.accessibility,
    version: 1,
  };
}

export interface PlannedBadge {
  readonly stored: Badge | null;
  readonly badge: Badge;
}

async function planBadges(deps: ImportDeps, content: PeopleImport): Promise<PlannedBadge[]> {
  const planned: PlannedBadge[] = [];
  for (const { id: personId, badges } of content.people) {
    for (const imported of badges) {
      const badgeKey = toBadgeKey(imported);
      const stored = await deps.credentials.findBadge(badgeKey);
      const badge: Badge = {
        id: stored?.id ?? (deps.random.id('crd') as CredentialId),
        personId,
        badgeKey,
        status: stored?.status ?? 'active',
        validFromMs: imported.validFromMs,
        validUntilMs: imported.validUntilMs,
      };
      planned.push({ stored, badge });
    }
  }
  return planned;
}

function toBadgeChange({ stored, badge }: PlannedBadge): DirectoryChange {
  const subject = { subjectType: 'badge', subjectId: badge.id, personId: badge.personId } as const;
  return { ...subject, before: stored === null ? null : badgeFacts(stored), after: badgeFacts(badge), unnamed: [] };
}

async function findPeopleChanges(deps: ImportDeps, content: PeopleImport): Promise<DirectoryChange[]> {
  const changes: DirectoryChange[] = [];
  for (const imported of content.people) {
    const stored = await deps.people.find(imported.id);
    const unnamed =
      stored === null
        ? []
        : [...changed('name', stored.displayName, imported.displayName), ...changed('email', stored.email, imported.email)];
    const before = stored === null ? null : personFacts(stored);
    changes.push({
      subjectType: 'person',
      subjectId: imported.id,
      personId: imported.id,
      before,
      after: personFacts(toPerson(imported)),
      unnamed,
    });
  }
  return changes;
}

async function findGrantChanges(deps: ImportDeps, content: PeopleImport): Promise<DirectoryChange[]> {
  const profiles = new Map((await deps.grants.profiles()).map((profile) => [profile.id, profile]));
  const grants = new Map((await deps.grants.grants()).map((grant) => [grant.id, grant]));
  return [
    ...content.profiles.map((profile): DirectoryChange => {
      const stored = profiles.get(profile.id);
      const subject = { subjectType: 'profile', subjectId: profile.id, personId: null } as const;
      const unnamed = stored === undefined ? [] : changed('name', stored.name, profile.name);
      return { ...subject, before: stored === undefined ? null : profileFacts(stored), after: profileFacts(profile), unnamed };
    }),
    ...content.grants.map((grant): DirectoryChange => {
      const stored = grants.get(grant.id);
      const personId = grant.holder.kind === 'person' ? grant.holder.id : null;
      const subject = { subjectType: 'grant', subjectId: grant.id, personId } as const;
      const unnamed = stored === undefined ? [] : changed('reason', stored.reason, grant.reason);
      return { ...subject, before: stored === undefined ? null : grantFacts(stored), after: grantFacts(grant), unnamed };
    }),
  ];
}

const changed = (field: string, before: string | null, after: string | null): readonly string[] => (before === after ? [] : [field]);

function findRepeated(content: PeopleImport): readonly FieldProblem[] {
  const emails = content.people.flatMap((person, i) =>
    person.email === null ? [] : [{ value: person.email.toLowerCase(), path: `people[${i}].email` }],
  );
  const badges = content.people.flatMap((person, i) =>
    person.badges.map((badge, b) => ({ value: toBadgeKey(badge), path: `people[${i}].badges[${b}]` })),
  );
  return [
    ...findDuplicates(content.people.map((person, i) => ({ value: person.id, path: `people[${i}].id` }))),
    ...findDuplicates(emails),
    ...findDuplicates(badges),
    ...findDuplicates(content.profiles.map((profile, i) => ({ value: profile.id, path: `profiles[${i}].id` }))),
    ...findDuplicates(content.grants.map((grant, i) => ({ value: grant.id, path: `grants[${i}].id` }))),
  ];
}

/** What belongs to somebody else in the store. */
async function findConflicts(deps: ImportDeps, content: PeopleImport): Promise<FieldProblem[]> {
  const problems: FieldProblem[] = [];
  for (const [i, person] of content.people.entries()) {
    if (person.groups.length > PERSON_GROUPS_MAX)
      problems.push({ path: `people[${i}].groups`, message: `with those of the directory are more than ${PERSON_GROUPS_MAX}` });
    const owner = person.email === null ? null : await deps.people.findByEmail(person.email);
    if (owner !== null && owner.id !== person.id) problems.push({ path: `people[${i}].email`, message: `belongs to ${owner.id} already` });
    for (const [b, badge] of person.badges.entries()) {
      const stored = await deps.credentials.findBadge(toBadgeKey(badge));
      if (stored !== null && stored.personId !== person.id) {
        problems.push({ path: `people[${i}].badges[${b}]`, message: `belongs to ${stored.personId} already` });
      }
    }
  }
  return problems;
}

/** References into the installation, the schedules, and the people and profiles of file and store together. */
async function findUnknown(deps: ImportDeps, content: PeopleImport): Promise<FieldProblem[]> {
  const { doors, apps, vpnRealms } = deps.installation;
  const resources = new Set([
    ...doors.map((door) => `door:${door.id}`),
    ...apps.map((app) => `app:${app.id}`),
    ...vpnRealms.map((realm) => `vpn_realm:${realm.id}`),
  ]);
  const problems: FieldProblem[] = content.profiles.flatMap((profile, i) =>
    profile.resources.flatMap((resource, r) => {
      const key = `${resource.kind}:${resource.id}`;
      return resources.has(key) ? [] : [{ path: `profiles[${i}].resources[${r}]`, message: `there is no ${key}` }];
    }),
  );
  const profiles = new Set<string>([...content.profiles, ...(await deps.grants.profiles())].map((profile) => profile.id));
  const people = new Set<string>(content.people.map((person) => person.id));
  for (const [i, grant] of content.grants.entries()) {
    if (!profiles.has(grant.profileId)) problems.push({ path: `grants[${i}].profile`, message: `there is no profile ${grant.profileId}` });
    if (!deps.scheduleNames.has(grant.schedule))
      problems.push({ path: `grants[${i}].schedule`, message: `there is no schedule ${grant.schedule}` });
    const { kind, id } = grant.holder;
    const isKnown = kind !== 'person' || people.has(id) || (await deps.people.find(id as PersonId)) !== null;
    if (!isKnown) problems.push({ path: `grants[${i}].holder`, message: `there is no person ${id}` });
  }
  return problems;
}
