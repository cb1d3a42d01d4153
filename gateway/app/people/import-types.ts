import type { FieldProblem } from '../../domain/field-problem.ts';
import type { AccessProfile, Grant, Person } from '../../domain/people/person.ts';
import type { Installation } from '../../domain/site/site.ts';
import type { Clock } from '../../ports/clock.ts';
import type { CredentialStore } from '../../ports/credential-store.ts';
import type { DirectoryStore } from '../../ports/directory-store.ts';
import type { GrantStore } from '../../ports/grant-store.ts';
import type { PendingRecordStore } from '../../ports/pending-record-store.ts';
import type { PeopleStore } from '../../ports/people-store.ts';
import type { Random } from '../../ports/random.ts';

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
  /** Who does it; whoever may use the tools at the host if absent. */
  readonly changedBy?: string;
  readonly clock: Clock;
  readonly random: Random;
}

export type ImportPeople = (content: PeopleImport) => Promise<ImportSummary>;
