import type { DirectoryAccount, DirectoryGroup, GroupMember } from '../../domain/people/group.ts';
import type { Person } from '../../domain/people/person.ts';
import type { PersonId } from '../../domain/site/ids.ts';
import type { AuditLog } from '../../ports/audit-log.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DirectoryStore } from '../../ports/directory-store.ts';
import type { PeopleStore } from '../../ports/people-store.ts';
import type { Random } from '../../ports/random.ts';
import type { Closing } from '../revocation/suspend.ts';
import type { RevocationReceipt } from '../revocation/types.ts';
import type { TakeTurn } from './turns.ts';

/** A directory outside that the configuration trusts with people: the HR system, the corporate identity provider. */
export interface DirectoryClient {
  readonly id: string;
  /** How it says so; over SCIM if absent. */
  readonly kind?: 'upstream';
}

export interface DirectoryUser {
  readonly person: Person;
  /** Null for somebody whom no directory has named yet. */
  readonly account: DirectoryAccount | null;
}

/** What a directory may say about a person. Roles of the console and clearance are not its to give. */
export interface UserInput {
  readonly userName: string;
  readonly displayName: string;
  readonly email: string | null;
  readonly externalId: string | null;
  readonly active: boolean;
}

export type UserRefusal =
  | 'resource.unknown'
  /** It was changed since the caller read it. */
  | 'version.other'
  | 'user_name.taken'
  | 'email.taken'
  /** Two operators bring a suspended person back; no directory does. */
  | 'reinstatement.needed';
export type UserOutcome = { readonly ok: true; readonly user: DirectoryUser } | { readonly ok: false; readonly code: UserRefusal };

export interface GroupInput {
  readonly displayName: string;
  readonly externalId: string | null;
  readonly members: readonly GroupMember[];
}

export type GroupRefusal =
  | 'resource.unknown'
  | 'version.other'
  | 'name.taken'
  | 'member.unknown'
  | 'members.too_many'
  | 'groups.too_many'
  | 'person.too_many_groups'
  | 'nesting.cycle'
  | 'nesting.too_deep';
export type GroupOutcome =
  { readonly ok: true; readonly group: DirectoryGroup } | { readonly ok: false; readonly code: GroupRefusal; readonly about?: string };

export interface DirectoryDeps {
  readonly people: PeopleStore;
  readonly directory: DirectoryStore;
  /** Fences and closes doors and sessions; see `closePerson`. */
  readonly close: (closing: Closing) => Promise<RevocationReceipt>;
  /** Asks again about the person's live sessions after a change of groups. */
  readonly endLapsedSessions: (personId: PersonId, cause: string) => Promise<number>;
  readonly takeTurn: TakeTurn;
  readonly audit: Pick<AuditLog, 'append'>;
  readonly clock: Clock;
  readonly random: Random;
}
