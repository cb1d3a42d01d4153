import { groupsAbove } from '../../domain/people/group.ts';
import { toBadgeKey } from '../../domain/people/card-format.ts';
import { badgeFacts, grantFacts, personFacts, profileFacts } from '../../domain/people/directory-facts.ts';
import type { FieldProblem } from '../../domain/field-problem.ts';
import type { Badge, Person } from '../../domain/people/person.ts';
import type { CredentialId } from '../../domain/site/ids.ts';
import { findImportProblems } from './check-import.ts';
import type { DirectoryChange } from './directory-change.ts';
import type { ImportDeps, ImportedPerson, PeopleImport } from './import-types.ts';

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
  const content = await withoutFreedAddresses(deps, await withDirectoryGroups(deps, written));
  const problems = await findImportProblems(deps, content);
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

/** Whoever has departed has no address any more: a directory may have given it to somebody else. */
async function withoutFreedAddresses({ people }: ImportDeps, content: PeopleImport): Promise<PeopleImport> {
  const kept: ImportedPerson[] = [];
  for (const person of content.people) {
    const hasDeparted = person.email !== null && (await people.find(person.id))?.standing === 'departed';
    kept.push(hasDeparted ? { ...person, email: null } : person);
  }
  return { ...content, people: kept };
}

/** Standing and version are the store's: it keeps what it has and begins with these. */
export function toPerson(imported: ImportedPerson): Person {
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
