import type { SessionId } from '../../domain/site/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { OneTimeStore } from '../../ports/one-time-store.ts';
import type { PeopleStore } from '../../ports/people-store.ts';
import type { Random } from '../../ports/random.ts';
import type { VpnSession } from '../../ports/vpn-session-store.ts';
import { findUser } from './find-user.ts';
import { findCertificateLogin, takeLogin, type CertificateLogin } from './recent-login.ts';
import type { Tunnel } from './tunnel.ts';

interface Deps {
  readonly people: Pick<PeopleStore, 'find' | 'findByEmail'>;
  readonly oneTime: OneTimeStore;
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * The session of a tunnel that a server tells of for the first time, with the permit that it came about by. Null when it is nobody's.
 * @throws store.unavailable
 */
export async function toNewSession(deps: Deps, tunnel: Tunnel): Promise<VpnSession | null> {
  const { decisionId, ip, nas, realmId, serverSessionId, userName } = tunnel;
  const nowMs = deps.clock.nowMs();
  const certificate = await certificateLoginOf(deps, tunnel, nowMs);
  // Access points may tell of whatever name the computer gave before it showed its certificate.
  const person = certificate === null ? await findUser(deps.people, userName) : await deps.people.find(certificate.personId);
  if (person === null) return null;
  const login = certificate ?? (await takeLogin(deps.oneTime, { realmId, personId: person.id }, { decisionId, ip }, nowMs));
  return {
    id: deps.random.id('vpn') as SessionId, // Made here.
    realmId,
    personId: person.id,
    userName,
    serverSessionId,
    startedAtMs: nowMs,
    seenAtMs: nowMs,
    ip: ip ?? login?.ip ?? null,
    authentication: login?.authentication ?? null,
    decisionId: login?.decisionId ?? null,
    correlation: login?.correlation ?? deps.random.id('vpn'),
    deviceId: certificate?.deviceId ?? null,
    nas,
  };
}

async function certificateLoginOf({ oneTime }: Deps, { decisionId, realmId }: Tunnel, nowMs: number): Promise<CertificateLogin | null> {
  return decisionId === null ? null : findCertificateLogin(oneTime, realmId, decisionId, nowMs);
}
