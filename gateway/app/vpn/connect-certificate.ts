import { VPN_CERTIFICATE_ACR } from '../../domain/access/assurance.ts';
import type { DeskDevice } from '../../domain/desk/desk-device.ts';
import type { DeskDeviceId, VpnRealmId } from '../../domain/site/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DeskDeviceStore } from '../../ports/desk-device-store.ts';
import type { OneTimeStore } from '../../ports/one-time-store.ts';
import type { PeopleStore } from '../../ports/people-store.ts';
import type { Random } from '../../ports/random.ts';
import type { AuthorizeVpn } from '../access/authorize-vpn.ts';
import type { Authentication } from '../access/types.ts';
import { keepCertificateLogin } from './recent-login.ts';
import { refusalText } from './refusal-text.ts';
import type { CertificateAttempt, ConnectByCertificate, ConnectOutcome, VpnRealmRules } from './types.ts';

export interface ConnectCertificateDeps {
  readonly realms: readonly VpnRealmRules[];
  readonly people: Pick<PeopleStore, 'find'>;
  readonly devices: Pick<DeskDeviceStore, 'find'>;
  readonly oneTime: OneTimeStore;
  readonly authorizeVpn: AuthorizeVpn;
  readonly clock: Clock;
  readonly random: Random;
  /** A certificate of an issuer that the realm does not have: its configuration, or the RADIUS server's, is likely wrong. */
  readonly onForeignIssuer: (realmId: VpnRealmId, issuer: string) => void;
}

const FAILED = 'Your access could not be checked, so it is a no. Try again; if it persists, tell the security desk.';
/** RFC 8176: somebody had the key. Who, it does not say. */
const PROOF_OF_POSSESSION = 'pop';

/**
 * A certificate that the RADIUS server has verified (EAP-TLS): it names a computer with a desk agent, whose person and posture are known, and
 * the policy decides by the facts of now. A certificate that names none is decided upon all the same, as nobody's.
 */
export function createConnectByCertificate(deps: ConnectCertificateDeps): ConnectByCertificate {
  const realms = new Map<VpnRealmId, VpnRealmRules>(deps.realms.map((rules) => [rules.realmId, rules]));
  return async (attempt) => {
    const rules = realms.get(attempt.realmId);
    if (rules === undefined) return { ok: false, message: FAILED };
    return connect(deps, rules, attempt).catch(() => ({ ok: false, message: FAILED }) as const);
  };
}

async function connect(deps: ConnectCertificateDeps, rules: VpnRealmRules, attempt: CertificateAttempt): Promise<ConnectOutcome> {
  const { realmId, ip } = attempt;
  const nowMs = deps.clock.nowMs();
  const device = await findDevice(deps, rules, attempt);
  const authentication: Authentication | null =
    device === null ? null : { amr: [PROOF_OF_POSSESSION], acr: VPN_CERTIFICATE_ACR, userVerified: false, authenticatedAtMs: nowMs };
  const correlation = deps.random.id('vpn');
  const decision = await deps.authorizeVpn({
    realmId,
    personId: device?.personId ?? null,
    credential: 'certificate',
    deviceId: device?.id ?? null,
    authentication,
    network: { source: 'pep', ip },
    correlation,
  });
  if (decision.effect === 'deny') return { ok: false, message: refusalText(decision) };
  const person = device === null ? null : await deps.people.find(device.personId);
  // A policy that permits nobody's certificate has no session to begin.
  if (device === null || authentication === null || person === null) return { ok: false, message: FAILED };
  const { interimS, sessionTtlS } = rules;
  const login = { authentication, correlation, decisionId: decision.id, ip, personId: person.id, deviceId: device.id };
  await keepCertificateLogin(deps.oneTime, realmId, login, { nowMs, expiresAtMs: nowMs + sessionTtlS * 1_000 });
  return {
    ok: true,
    personId: person.id,
    userName: person.email ?? person.id,
    decisionId: decision.id,
    sessionTtlS,
    interimS,
    vlan: vlanOf(rules, person.groups),
  };
}

/** Two computers in one certificate are none: nobody knows which of them holds the key. */
async function findDevice(
  { devices, onForeignIssuer }: ConnectCertificateDeps,
  { certificates, realmId }: VpnRealmRules,
  { issuer, names }: CertificateAttempt,
): Promise<DeskDevice | null> {
  if (certificates === null || !certificates.issuers.includes(issuer)) {
    onForeignIssuer(realmId, issuer);
    return null;
  }
  const found = new Map<DeskDeviceId, DeskDevice>();
  for (const name of new Set(names)) {
    // Branded where it enters, and looked up at once.
    const device = await devices.find(name as DeskDeviceId);
    if (device !== null) found.set(device.id, device);
  }
  const [device, another] = found.values();
  return another === undefined ? (device ?? null) : null;
}

/** Of the first row that holds for the person; a row without a group holds for everybody. */
function vlanOf({ certificates }: VpnRealmRules, groups: readonly string[]): number | null {
  return certificates?.vlans.find(({ group }) => group === null || groups.includes(group))?.vlan ?? null;
}
