import type { AccessProfile, Grant } from '../../people/person.ts';
import type { GrantId, ProfileId } from '../../site/ids.ts';
import type { ItemOf, PolicyDocument } from './items.ts';

/** Profiles and grants of the store as items of the document, and back. */
export function toProfileItems(profiles: readonly AccessProfile[]): PolicyDocument['profiles'] {
  return Object.fromEntries(profiles.map(({ id, name, resources }) => [id, { name, resources: [...resources] }]));
}

export function toGrantItems(grants: readonly Grant[]): PolicyDocument['grants'] {
  return Object.fromEntries(grants.map(({ id, ...item }) => [id, item]));
}

export function toProfile(id: string, item: ItemOf<'profiles'>): AccessProfile {
  return { id: id as ProfileId, ...item };
}

export function toGrant(id: string, { profileId, ...item }: ItemOf<'grants'>): Grant {
  return { id: id as GrantId, profileId: profileId as ProfileId, ...item };
}
