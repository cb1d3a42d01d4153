import type { DirectoryAccount, DirectoryGroup, GroupGraph, GroupHead, GroupMember, LabelChange } from '../domain/people/group.ts';
import type { Person } from '../domain/people/person.ts';
import type { PersonId } from '../domain/site/ids.ts';

/** Most groups one page returns. */
export const GROUPS_PAGE_MAX = 500;
/** Accounts of one external id that a look-up returns. */
export const EXTERNAL_ID_OWNERS_MAX = 100;
/** Groups of all directories. */
export const DIRECTORY_GROUPS_MAX = 5_000;
/** Direct members of one group. */
export const GROUP_MEMBERS_MAX = 50_000;

/**
 * What a directory outside says about people and groups. Its only writer is the gateway's main thread, one change after the other; the
 * groups that decisions use stand at the person (`Person.groups`) and change with the membership in one transaction.
 */
export interface DirectoryStore {
  /** Of those that have one. */
  accounts(personIds: readonly PersonId[]): Promise<ReadonlyMap<PersonId, DirectoryAccount>>;
  /** User names are compared without case. */
  accountByUserName(userName: string): Promise<DirectoryAccount | null>;
  /** Oldest first, EXTERNAL_ID_OWNERS_MAX at most: each directory numbers its people by itself, so that one number may be several people's. */
  accountsByExternalId(externalId: string): Promise<readonly DirectoryAccount[]>;
  /**
   * The person, as `PeopleStore.save`, and the account in one transaction; without an account it is removed.
   * @throws store.conflict e-mail or user name belong to somebody else
   */
  saveUser(person: Person, account: DirectoryAccount | null): Promise<void>;

  group(id: string): Promise<DirectoryGroup | null>;
  /** Ordered by id; `after` = last id of the page before. */
  groups(page: { readonly after: string | null; readonly limit: number }): Promise<readonly GroupHead[]>;
  membersOf(groupIds: readonly string[]): Promise<GroupGraph>;
  /** Groups of which it is a direct member. */
  groupsWith(member: GroupMember): Promise<readonly string[]>;
  /** All groups, with those of their members that are groups. */
  nesting(): Promise<GroupGraph>;
  /**
   * Inserts or replaces the group with its members and applies the changes at the people, in one transaction; a person that is gone is
   * passed over. Version: 1 of a new one, else one more than it was. @throws store.conflict DIRECTORY_GROUPS_MAX
   */
  saveGroup(group: DirectoryGroup, labels: readonly LabelChange[]): Promise<void>;
  /** Also from the groups that it is in. */
  removeGroup(id: string, labels: readonly LabelChange[]): Promise<void>;
}
