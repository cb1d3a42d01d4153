import type { Person } from '../../domain/people/person.ts';
import type { PersonId } from '../../domain/site/ids.ts';
import type { PeopleStore } from '../../ports/people-store.ts';

/** Longest user name that is looked up, characters: an e-mail address at most (RFC 5321 4.5.3.1.3). */
export const USER_NAME_CHARS_MAX = 254;

/** The person whom a VPN client names: by e-mail address, or by id where there is none. */
export async function findUser(people: Pick<PeopleStore, 'find' | 'findByEmail'>, userName: string): Promise<Person | null> {
  if (userName === '' || userName.length > USER_NAME_CHARS_MAX) return null;
  // Branded where it enters, and looked up at once.
  return userName.includes('@') ? people.findByEmail(userName) : people.find(userName as PersonId);
}

/** All names under which a VPN server may know the person. */
export function userNamesOf({ id, email }: Pick<Person, 'id' | 'email'>): readonly string[] {
  return email === null ? [id] : [id, email];
}
