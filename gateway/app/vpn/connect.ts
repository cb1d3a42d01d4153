import type { VpnRealmId } from '../../domain/site/ids.ts';
import type { AuditLog } from '../../ports/audit-log.ts';
import type { Clock } from '../../ports/clock.ts';
import type { OneTimeStore } from '../../ports/one-time-store.ts';
import type { PeopleStore } from '../../ports/people-store.ts';
import type { AuthorizeVpn } from '../access/authorize-vpn.ts';
import type { CodeBook } from './code-book.ts';
import { findUser } from './find-user.ts';
import { keepLogin } from './recent-login.ts';
import { refusalText } from './refusal-text.ts';
import type { Connect, ConnectAttempt, ConnectOutcome, VpnRealmRules } from './types.ts';

export interface ConnectDeps {
  readonly realms: readonly VpnRealmRules[];
  readonly people: Pick<PeopleStore, 'find' | 'findByEmail'>;
  readonly codes: CodeBook;
  readonly oneTime: OneTimeStore;
  readonly authorizeVpn: AuthorizeVpn;
  readonly audit: AuditLog;
  readonly clock: Clock;
  /** Where people get a code. */
  readonly codePage: string;
}

const FAILED = 'Your access could not be checked, so it is a no. Try again; if it persists, tell the security desk.';

/** A code at a VPN server: the code proves who it is, then the policy decides by the facts of now. */
export function createConnect(deps: ConnectDeps): Connect {
  const realms = new Map<VpnRealmId, VpnRealmRules>(deps.realms.map((rules) => [rules.realmId, rules]));
  return async (attempt) => {
    const rules = realms.get(attempt.realmId);
    if (rules === undefined) return { ok: false, message: FAILED };
    return connect(deps, rules, attempt).catch(() => ({ ok: false, message: FAILED }) as const);
  };
}

async function connect(deps: ConnectDeps, rules: VpnRealmRules, attempt: ConnectAttempt): Promise<ConnectOutcome> {
  const { realmId, userName, ip } = attempt;
  const nowMs = deps.clock.nowMs();
  const person = await findUser(deps.people, userName);
  const origin = person === null ? null : await deps.codes.take({ realmId, personId: person.id }, normalCode(attempt.code), nowMs);
  if (person === null || origin === null) {
    await recordFailure(deps, person?.id ?? null);
    // The same for everybody: who exists, and who has a code, is nobody's business.
    return { ok: false, message: `The code is wrong, was used or has expired. Get a new one at ${deps.codePage}` };
  }
  const { authentication, correlation } = origin;
  const network = { source: 'pep', ip } as const;
  const decision = await deps.authorizeVpn({
    realmId,
    personId: person.id,
    credential: 'passkey',
    deviceId: null,
    authentication,
    network,
    correlation,
  });
  if (decision.effect === 'deny') return { ok: false, message: refusalText(decision) };
  await keepLogin(deps.oneTime, { realmId, personId: person.id }, { authentication, correlation, decisionId: decision.id, ip }, nowMs);
  return { ok: true, personId: person.id, decisionId: decision.id, sessionTtlS: rules.sessionTtlS, interimS: rules.interimS };
}

/** As shown in two halves, or as read aloud. */
const normalCode = (code: string): string => code.replaceAll(/[\s-]/g, '');

async function recordFailure({ audit, clock }: ConnectDeps, personId: string | null): Promise<void> {
  await audit.append({
    type: 'credential',
    occurredAtMs: clock.nowMs(),
    event: 'authentication_failed',
    kind: 'vpn_code',
    personId,
    credentialId: null,
    cause: 'code_refused',
    operatorId: null,
  });
}
