import { RequestBudget } from '../../domain/request-budget.ts';
import type { VpnRealmId } from '../../domain/site/ids.ts';
import type { AuditLog } from '../../ports/audit-log.ts';
import type { Clock } from '../../ports/clock.ts';
import type { PeopleStore } from '../../ports/people-store.ts';
import type { Approvals } from './approvals.ts';
import { findUser } from './find-user.ts';
import type { ConnectOutcome, VpnRealmRules } from './types.ts';

/** How long a RADIUS request is held while its person uses a passkey, ms: FreeRADIUS gives up after 30 s. */
export const PUSH_WAIT_MS = 25_000;
/** So that the end of the wait, and not of the page, is what is told. */
const TIMER_LATE_MS = 1_000;
/** Held at once in a realm: each holds a thread of the RADIUS server, and codes need the others. */
export const PUSHES_WAITING_MAX = 8;
/** Held at once from one address. */
export const PUSHES_OF_ADDRESS_MAX = 2;
/** Of one person in a realm, whoever asks: nobody is to be worn down until they say yes. */
export const PUSHES_OF_PERSON = { max: 3, windowMs: 300_000, keysMax: 10_000 } as const;

/** Somebody who typed a name and no code at a VPN client. Everything but the realm was written by whoever tries. */
export interface PushAttempt {
  readonly realmId: VpnRealmId;
  readonly userName: string;
  /** What was typed beside `push`, to be found again on the page. */
  readonly word: string | null;
  readonly ip: string | null;
  readonly nas: string | null;
}

/** Never throws: every failure is a refusal. */
export type PushConnect = (attempt: PushAttempt) => Promise<ConnectOutcome>;

interface Deps {
  readonly realms: readonly VpnRealmRules[];
  readonly approvals: Pick<Approvals, 'begin' | 'settle'>;
  readonly people: Pick<PeopleStore, 'find' | 'findByEmail'>;
  readonly audit: Pick<AuditLog, 'append'>;
  readonly clock: Clock;
  /** Runs it once, later; returns what keeps it from running. */
  readonly after: (delayMs: number, run: () => void) => () => void;
  readonly codePage: string;
  readonly approvalPage: string;
}

const FAILED = 'Your access could not be checked, so it is a no. Try again; if it persists, tell the security desk.';

/**
 * Holds a connection until its person has said yes on the page where they answer apps. It is held under whatever name was typed: silence
 * is the answer for a name that is nobody's, too. A packet that the VPN server repeats does not come here: FreeRADIUS knows it again.
 */
export function createPush(deps: Deps): PushConnect {
  const { clock, codePage, people } = deps;
  const realms = new Map<VpnRealmId, VpnRealmRules>(deps.realms.map((rules) => [rules.realmId, rules]));
  const budget = new RequestBudget(PUSHES_OF_PERSON);
  const held = new Map<string, PushAttempt>();
  const refuse = (message: string): ConnectOutcome => ({ ok: false, message });

  const begin = async (rules: VpnRealmRules, attempt: PushAttempt): Promise<ConnectOutcome> => {
    const personId = (await findUser(people, attempt.userName))?.id ?? null;
    const key = `${attempt.realmId} ${personId ?? attempt.userName.toLowerCase()}`;
    // Even where all is the same: somebody behind the same address would be let in by the yes that was meant for another.
    if (held.has(key)) return refuse(`Another connection waits for you. Answer it first, or get a code at ${codePage}`);
    const others = [...held.values()].filter(({ realmId }) => realmId === attempt.realmId);
    const ofAddress = others.filter(({ ip }) => ip !== null && ip === attempt.ip);
    if (others.length >= PUSHES_WAITING_MAX || ofAddress.length >= PUSHES_OF_ADDRESS_MAX || budget.take(key, clock.nowMs()) > 0) {
      return refuse(`Too many connections wait. Get a code at ${codePage}`);
    }
    held.set(key, attempt);
    return hold(deps, rules, attempt, personId).finally(() => held.delete(key));
  };

  return async (attempt) => {
    const rules = realms.get(attempt.realmId);
    if (rules === undefined) return refuse(FAILED);
    if (!rules.push) return refuse(`Get a code at ${codePage} and give it as the password.`);
    return begin(rules, attempt).catch(() => refuse(FAILED));
  };
}

async function hold(
  deps: Deps,
  { interimS, sessionTtlS }: VpnRealmRules,
  attempt: PushAttempt,
  personId: string | null,
): Promise<ConnectOutcome> {
  const { after, approvalPage, approvals, audit, clock } = deps;
  const { id, verdict } = approvals.begin({ ...attempt, isListed: true }, PUSH_WAIT_MS + TIMER_LATE_MS);
  const silence = { kind: 'deny', message: `Nobody said yes to this connection in time. Open ${approvalPage} and try again.` } as const;
  const cancel = after(PUSH_WAIT_MS, () => approvals.settle(id, silence));
  const answer = await verdict.finally(cancel);
  if (answer.kind === 'accept') return { ok: true, personId: answer.personId, decisionId: answer.decisionId, sessionTtlS, interimS };
  // A deny of the policy is recorded as the decision that it is.
  const cause = answer === silence ? 'push_unanswered' : answer.isByPerson === true ? 'push_refused' : null;
  if (cause === null) return { ok: false, message: answer.message };
  const failed = { type: 'credential', event: 'authentication_failed', kind: 'vpn_code', credentialId: null, operatorId: null } as const;
  await audit.append({ ...failed, occurredAtMs: clock.nowMs(), personId, cause });
  return { ok: false, message: answer.message };
}
