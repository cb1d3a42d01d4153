import { personFacts } from '../../domain/people/directory-facts.ts';
import type { DirectoryAccount } from '../../domain/people/group.ts';
import type { Person } from '../../domain/people/person.ts';
import type { PersonId } from '../../domain/site/ids.ts';
import { toPendingChange } from '../people/directory-change.ts';
import { leaveGroups } from './groups.ts';
import type { DirectoryClient, DirectoryDeps, DirectoryUser, UserInput, UserOutcome, UserRefusal } from './types.ts';

export interface UserChange {
  /** It says that the person is not active: they are closed whatever becomes of the rest. */
  readonly isInactive: boolean;
  /** Sees the user as it is in its turn; what it throws is thrown. */
  readonly apply: (user: DirectoryUser) => UserInput;
}

export interface DirectoryUsers {
  /** Null also for whoever has left: to a directory they are gone. */
  find(id: string): Promise<DirectoryUser | null>;
  findByUserName(userName: string): Promise<DirectoryUser | null>;
  /** Oldest first, EXTERNAL_ID_OWNERS_MAX at most: each directory numbers its people by itself. */
  findByExternalId(externalId: string): Promise<readonly DirectoryUser[]>;
  findByEmail(email: string): Promise<DirectoryUser | null>;
  /** Ordered by id. `next` is the last id of the page, null at the end: people who have left are read and not shown. */
  list(after: string | null, limit: number): Promise<{ readonly users: readonly DirectoryUser[]; readonly next: string | null }>;
  create(client: DirectoryClient, input: UserInput): Promise<UserOutcome>;
  /** `expectedVersion` null = any. */
  change(client: DirectoryClient, id: string, expectedVersion: number | null, change: UserChange): Promise<UserOutcome>;
  /** The person departs: doors and sessions close, names are free again; what the log says about them stays. */
  remove(
    client: DirectoryClient,
    id: string,
    expectedVersion: number | null,
  ): Promise<{ readonly ok: true } | { readonly ok: false; readonly code: UserRefusal }>;
}

/** The name under which directories know the person: as one said, else the e-mail, else the id. */
export const userNameOf = ({ account, person }: DirectoryUser): string => account?.userName ?? person.email ?? person.id;

export const isActive = ({ standing }: Person): boolean => standing === 'active' || standing === 'restricted';

export const directoryName = ({ id, kind = 'scim' }: { readonly id: string; readonly kind?: 'scim' | 'upstream' }): string =>
  `${kind}:${id}`;

type Reading = Omit<DirectoryUsers, 'create' | 'change' | 'remove'>;

function createReading({ directory, people }: Pick<DirectoryDeps, 'directory' | 'people'>): Reading {
  const withAccount = async (person: Person | null): Promise<DirectoryUser | null> => {
    if (person === null || person.standing === 'departed') return null;
    return { person, account: (await directory.accounts([person.id])).get(person.id) ?? null };
  };
  // Branded where it enters, and looked up at once.
  const find = async (id: string): Promise<DirectoryUser | null> => withAccount(await people.find(id as PersonId));

  return {
    find,
    findByUserName: async (userName) => {
      const account = await directory.accountByUserName(userName);
      if (account !== null) return find(account.personId);
      const unnamed = (await withAccount(await people.findByEmail(userName))) ?? (await find(userName));
      // Whoever has got another user name since is not found under the old one.
      return unnamed !== null && unnamed.account === null && userNameOf(unnamed).toLowerCase() === userName.toLowerCase() ? unnamed : null;
    },
    findByExternalId: async (externalId) => {
      const accounts = await directory.accountsByExternalId(externalId);
      const users = await Promise.all(accounts.map(async ({ personId }) => find(personId)));
      return users.filter((user) => user !== null);
    },
    findByEmail: async (email) => withAccount(await people.findByEmail(email)),
    list: async (after, limit) => {
      const page = await people.list({ after: after as PersonId | null, limit });
      const accounts = await directory.accounts(page.map(({ id }) => id));
      const users = page.flatMap((person) =>
        person.standing === 'departed' ? [] : [{ person, account: accounts.get(person.id) ?? null }],
      );
      return { users, next: page.length < limit ? null : (page.at(-1)?.id ?? null) };
    },
  };
}

/** People as directories outside see and change them, one change after the other. */
export function createDirectoryUsers(deps: DirectoryDeps): DirectoryUsers {
  const reading = createReading(deps);
  const { find } = reading;
  const found = async (id: string): Promise<UserOutcome> => {
    const user = await find(id);
    return user === null ? { ok: false, code: 'resource.unknown' } : { ok: true, user };
  };
  const findAt = async (id: string, expectedVersion: number | null): Promise<UserOutcome> => {
    const outcome = await found(id);
    const isOther = outcome.ok && expectedVersion !== null && outcome.user.person.version !== expectedVersion;
    return isOther ? { ok: false, code: 'version.other' } : outcome;
  };

  /** A table of people may have its turn for long: doors and sessions do not wait for it. */
  const closeAhead = async (client: DirectoryClient, id: string, to: 'suspended' | 'departed'): Promise<UserOutcome> => {
    const outcome = await found(id);
    if (outcome.ok && (to === 'departed' || isActive(outcome.user.person))) await close(deps, client, outcome.user.person.id, to);
    return outcome;
  };

  return {
    ...reading,
    create: (client, input) =>
      deps.takeTurn(async () => {
        const code = await findTaken(reading, null, input);
        if (code !== null) return { ok: false, code };
        const person = newPerson(deps.random.id('usr') as PersonId, input); // A new id is made here.
        await save(deps, client, { before: null, person, input });
        if (!input.active) await close(deps, client, person.id, 'suspended');
        return found(person.id);
      }),
    change: async (client, id, expectedVersion, change) => {
      if (change.isInactive && expectedVersion === null) await closeAhead(client, id, 'suspended');
      return deps.takeTurn(async () => {
        const outcome = await findAt(id, expectedVersion);
        if (!outcome.ok) return outcome;
        const { user } = outcome;
        // Before anything that may be refused: who has left must not stay in because of a mistyped e-mail.
        if (change.isInactive && isActive(user.person)) await close(deps, client, user.person.id, 'suspended');
        const input = change.apply(user);
        if (!input.active && !change.isInactive && isActive(user.person)) await close(deps, client, user.person.id, 'suspended');
        if (input.active && !isActive(user.person)) return { ok: false, code: 'reinstatement.needed' };
        const code = await findTaken(reading, user.person.id, input);
        if (code !== null) return { ok: false, code };
        await save(deps, client, { before: user, person: { ...user.person, displayName: input.displayName, email: input.email }, input });
        return found(id);
      });
    },
    remove: async (client, id, expectedVersion) => {
      const closed = expectedVersion === null ? await closeAhead(client, id, 'departed') : null;
      return deps.takeTurn(async () => {
        const outcome = closed ?? (await findAt(id, expectedVersion));
        if (!outcome.ok) return outcome;
        if (closed === null) await close(deps, client, outcome.user.person.id, 'departed');
        await forget(deps, client, outcome.user);
        return { ok: true };
      });
    },
  };
}

/** Of whoever has departed: their groups end, and their names are free. */
async function forget(deps: DirectoryDeps, client: DirectoryClient, user: DirectoryUser): Promise<void> {
  const { id } = user.person;
  await leaveGroups(deps, client, id);
  const left = { ...((await deps.people.find(id)) ?? user.person), email: null };
  await record(deps, client, { before: user, after: left, unnamed: ['user_name', 'email'] });
  await deps.directory.saveUser(left, null);
}

function newPerson(id: PersonId, { active, displayName, email }: UserInput): Person {
  const standing = active ? 'active' : 'suspended';
  return { id, displayName, email, standing, roles: [], groups: [], clearance: 0, employmentEndMs: null, accessibility: false, version: 1 };
}

async function close(
  { close: closePerson }: DirectoryDeps,
  client: DirectoryClient,
  personId: PersonId,
  to: 'suspended' | 'departed',
): Promise<void> {
  const said = to === 'departed' ? 'deleted' : 'deactivated';
  await closePerson({
    personId,
    to,
    closedBy: directoryName(client),
    reason: `The directory ${client.id} has ${said} the account.`,
    decisionId: null,
  });
}

async function findTaken(
  { findByEmail, findByUserName }: Pick<Reading, 'findByUserName' | 'findByEmail'>,
  id: PersonId | null,
  { email, userName }: UserInput,
): Promise<'user_name.taken' | 'email.taken' | null> {
  const named = await findByUserName(userName);
  if (named !== null && named.person.id !== id) return 'user_name.taken';
  const owner = email === null ? null : await findByEmail(email);
  return owner !== null && owner.person.id !== id ? 'email.taken' : null;
}

interface Saved {
  readonly before: DirectoryUser | null;
  readonly person: Person;
  readonly input: UserInput;
}

/** Recorded before it is stored; what changes nothing is neither. */
async function save(deps: DirectoryDeps, client: DirectoryClient, { before, person, input }: Saved): Promise<void> {
  const account = before?.account ?? null;
  const unnamed = [
    ...(before?.person.displayName === person.displayName ? [] : ['name']),
    ...(before?.person.email === person.email ? [] : ['email']),
    ...(account?.userName === input.userName ? [] : ['user_name']),
    ...((account?.externalId ?? null) === input.externalId ? [] : ['external_id']),
  ];
  if (before !== null && unnamed.length === 0) return;
  await record(deps, client, { before, after: person, unnamed });
  const nowMs = deps.clock.nowMs();
  const saved: DirectoryAccount = {
    personId: person.id,
    userName: input.userName,
    externalId: input.externalId,
    createdAtMs: account?.createdAtMs ?? nowMs,
    modifiedAtMs: nowMs,
  };
  await deps.directory.saveUser(person, saved);
}

async function record(
  deps: DirectoryDeps,
  client: DirectoryClient,
  { after, before, unnamed }: { readonly before: DirectoryUser | null; readonly after: Person; readonly unnamed: readonly string[] },
): Promise<void> {
  const subject = { subjectType: 'person', subjectId: after.id, personId: after.id } as const;
  const facts = { before: before === null ? null : personFacts(before.person), after: personFacts(after) };
  const change = toPendingChange({ ...subject, ...facts, unnamed: before === null ? [] : unnamed, changedBy: directoryName(client) }, deps);
  if (change !== null) await deps.audit.append(change.record);
}
