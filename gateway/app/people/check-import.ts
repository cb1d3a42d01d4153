import { findDuplicates, type FieldProblem } from '../../domain/field-problem.ts';
import { toBadgeKey } from '../../domain/people/card-format.ts';
import { PERSON_GROUPS_MAX } from '../../domain/people/group.ts';
import type { PersonId } from '../../domain/site/ids.ts';
import type { ImportDeps, PeopleImport } from './import-types.ts';

/** What keeps an import from being made: of the file itself, and against the store. */
export async function findImportProblems(deps: ImportDeps, content: PeopleImport): Promise<readonly FieldProblem[]> {
  return [...findRepeated(content), ...(await findConflicts(deps, content)), ...(await findUnknown(deps, content))];
}

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
