import { personFacts } from '../../domain/people/directory-facts.ts';
import { GatewayError } from '../../domain/errors.ts';
import type { Person } from '../../domain/people/person.ts';
import type { AuditLog } from '../../ports/audit-log.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DirectoryStore } from '../../ports/directory-store.ts';
import type { PeopleStore } from '../../ports/people-store.ts';
import type { Random } from '../../ports/random.ts';
import type { UpstreamStore } from '../../ports/upstream-store.ts';
import type { UserInput } from '../directory/types.ts';
import { directoryName, type DirectoryUsers } from '../directory/users.ts';
import { toPendingChange } from '../people/directory-change.ts';
import { readAccountName, toNewUser, type AccountName } from './account-name.ts';
import type { AccountRefusal, AccountRule, FoundPerson, UpstreamAccount } from './types.ts';

export interface FindUpstreamPersonDeps {
  readonly people: Pick<PeopleStore, 'find' | 'findByEmail'>;
  readonly directory: Pick<DirectoryStore, 'accountByUserName' | 'accountsByExternalId'>;
  readonly users: Pick<DirectoryUsers, 'create'>;
  readonly links: UpstreamStore;
  readonly audit: Pick<AuditLog, 'append'>;
  readonly clock: Clock;
  readonly random: Random;
}

export type FindUpstreamPerson = (account: UpstreamAccount, rule: AccountRule) => Promise<FoundPerson>;

const refuse = (code: AccountRefusal, person: Person | null = null): FoundPerson => ({ ok: false, code, personId: person?.id ?? null });
const isHere = (person: Person | null): person is Person => person !== null && person.standing !== 'departed';

/**
 * Whose account it is. At the first sign-in by the configured claim, from then on by the subject alone: names and addresses are given to
 * new people, a subject never is. Somebody suspended is found all the same, so that the policy says why they do not get in, and nobody
 * becomes a second person. @throws store.unavailable, audit.unavailable
 */
export function createFindUpstreamPerson(deps: FindUpstreamPersonDeps): FindUpstreamPerson {
  const { links, people } = deps;
  return async (account, rule) => {
    const link = await links.linkOfSubject(account.upstreamId, account.subject);
    const linked = link === null ? null : await people.find(link.personId);
    if (isHere(linked)) return { ok: true, personId: linked.id };
    const name = readAccountName(account.claims, rule);
    if (!name.ok) return refuse(name.code);
    const owners = await findOwners(deps, name);
    const [owner] = owners;
    if (owners.length > 1) return refuse('account.ambiguous');
    if (owner !== undefined) {
      // The account came back with another person's record: whoever left under the old one has it no more.
      if (link !== null) await links.removeLink(account.upstreamId, link.personId);
      return linkTo(deps, account, owner);
    }
    // Whoever has left is nobody new.
    if (!rule.create || link !== null) return refuse('account.unknown', linked);
    return createPerson(deps, account, name);
  };
}

async function findOwners({ directory, people }: FindUpstreamPersonDeps, { is, value }: AccountName): Promise<readonly Person[]> {
  if (is === 'email') return [await people.findByEmail(value)].filter(isHere);
  const accounts =
    is === 'external_id'
      ? await directory.accountsByExternalId(value)
      : [await directory.accountByUserName(value)].filter((account) => account !== null);
  const owners = await Promise.all(accounts.map(async ({ personId }) => people.find(personId)));
  return owners.filter(isHere);
}

async function linkTo(deps: FindUpstreamPersonDeps, { subject, upstreamId }: UpstreamAccount, person: Person): Promise<FoundPerson> {
  if ((await deps.links.linkOfPerson(upstreamId, person.id)) !== null) return refuse('account.linked_otherwise', person);
  const facts = personFacts(person);
  const about = { subjectType: 'person', subjectId: person.id, personId: person.id } as const;
  const changedBy = directoryName({ id: upstreamId, kind: 'upstream' });
  const change = toPendingChange({ ...about, before: facts, after: facts, unnamed: ['upstream_account'], changedBy }, deps);
  // Recorded first: an account that the log does not know must not be anybody's.
  if (change !== null) await deps.audit.append(change.record);
  try {
    await deps.links.addLink({ upstreamId, subject, personId: person.id, linkedAtMs: deps.clock.nowMs() });
  } catch (failure) {
    if (!(failure instanceof GatewayError) || failure.code !== 'store.conflict') throw failure;
    // Two first sign-ins at once: the other one linked it.
    const link = await deps.links.linkOfSubject(upstreamId, subject);
    if (link?.personId !== person.id) return refuse('account.linked_otherwise', person);
  }
  return { ok: true, personId: person.id };
}

async function createPerson(deps: FindUpstreamPersonDeps, account: UpstreamAccount, name: AccountName): Promise<FoundPerson> {
  const made = await createUnlessTaken(deps, account.upstreamId, toNewUser(account.claims, name));
  if (made !== null) return linkTo(deps, account, made);
  const link = await deps.links.linkOfSubject(account.upstreamId, account.subject);
  return link === null ? refuse('account.taken') : { ok: true, personId: link.personId };
}

/** Null: the name or the address is somebody else's, also where only the store knows it: of whoever has left, or got it a moment ago. */
async function createUnlessTaken(deps: FindUpstreamPersonDeps, upstreamId: string, input: UserInput): Promise<Person | null> {
  // Asked first, because a creation is recorded before the store refuses it.
  if (input.email !== null && (await deps.people.findByEmail(input.email)) !== null) return null;
  try {
    const made = await deps.users.create({ id: upstreamId, kind: 'upstream' }, input);
    return made.ok ? made.user.person : null;
  } catch (failure) {
    if (failure instanceof GatewayError && failure.code === 'store.conflict') return null;
    throw failure;
  }
}
