import type { AccessProfile, Badge, Grant, Person } from './person.ts';

/*
 * What the directory says, as lines that may stand in the log: everything that decides about access, and no name, address or card number.
 */

export function personFacts(person: Person): readonly string[] {
  return [
    ...person.roles.map((role) => `role:${role}`),
    ...person.groups.map((group) => `group:${group}`),
    `clearance:${person.clearance}`,
    `employment_end:${person.employmentEndMs ?? 'none'}`,
    `accessibility:${person.accessibility}`,
  ];
}

export function badgeFacts(badge: Badge): readonly string[] {
  return [`valid_from:${badge.validFromMs ?? 'any'}`, `valid_until:${badge.validUntilMs ?? 'any'}`];
}

export function profileFacts(profile: AccessProfile): readonly string[] {
  return profile.resources.map(({ kind, id }) => `${kind}:${id}`);
}

export function grantFacts(grant: Grant): readonly string[] {
  return [
    `profile:${grant.profileId}`,
    `holder:${grant.holder.kind}:${grant.holder.id}`,
    `schedule:${grant.schedule}`,
    `valid_from:${grant.validFromMs ?? 'any'}`,
    `valid_until:${grant.validUntilMs ?? 'any'}`,
  ];
}

/** What is new with a `+`, what is gone with a `-`. */
export function diffFacts(before: readonly string[], after: readonly string[]): readonly string[] {
  const old = new Set(before);
  const now = new Set(after);
  return [
    ...[...old].filter((fact) => !now.has(fact)).map((fact) => `-${fact}`),
    ...[...now].filter((fact) => !old.has(fact)).map((fact) => `+${fact}`),
  ];
}
