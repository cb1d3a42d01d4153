import { z } from 'zod';
import type { DecisionId, DeskDeviceId, PersonId, VpnRealmId } from '../../domain/site/ids.ts';
import type { OneTimeStore } from '../../ports/one-time-store.ts';
import type { CodeOrigin, CodeOwner } from './code-book.ts';

/** From a permit to the VPN server's word that the tunnel is up. A later one begins a session of which nobody knows how it came about. */
export const LOGIN_TTL_MS = 120_000;

export interface RecentLogin extends CodeOrigin {
  readonly decisionId: DecisionId;
  readonly ip: string | null;
}

/** A permit for a computer's certificate. */
export interface CertificateLogin extends RecentLogin {
  readonly personId: PersonId;
  readonly deviceId: DeskDeviceId;
}

const idOf = <Id>() => z.custom<Id>((value) => typeof value === 'string' && value !== '');
const loginSchema = z.strictObject({
  authentication: z.strictObject({ amr: z.array(z.string()), acr: z.string(), userVerified: z.boolean(), authenticatedAtMs: z.int() }),
  correlation: z.string(),
  decisionId: idOf<DecisionId>(),
  ip: z.string().nullable(),
});
const certificateLoginSchema = loginSchema.extend({ personId: idOf<PersonId>(), deviceId: idOf<DeskDeviceId>() });

const keyOf = ({ realmId, personId }: CodeOwner): string => `${realmId} ${personId}`;
const certificateKeyOf = (realmId: VpnRealmId, decisionId: DecisionId): string => `${realmId} ${decisionId}`;

/** Remembers a permit until the tunnel is up. @throws store.unavailable */
export async function keepLogin(oneTime: OneTimeStore, owner: CodeOwner, login: RecentLogin, nowMs: number): Promise<void> {
  const payloadJson = JSON.stringify(login satisfies RecentLogin);
  await oneTime.put({ purpose: 'vpn_login', key: keyOf(owner), payloadJson, expiresAtMs: nowMs + LOGIN_TTL_MS, nowMs });
}

/** The person's permit at the realm, once; null when there was none of late. @throws store.unavailable */
export async function takeLogin(oneTime: OneTimeStore, owner: CodeOwner, nowMs: number): Promise<RecentLogin | null> {
  const payloadJson = await oneTime.take('vpn_login', keyOf(owner), nowMs);
  return payloadJson === null ? null : loginSchema.parse(JSON.parse(payloadJson));
}

/**
 * Remembers a permit for as long as its session may last: who walks from one access point to the next begins a session there without
 * showing the certificate again. @throws store.unavailable
 */
export async function keepCertificateLogin(
  oneTime: OneTimeStore,
  realmId: VpnRealmId,
  login: CertificateLogin,
  times: { readonly nowMs: number; readonly expiresAtMs: number },
): Promise<void> {
  const payloadJson = JSON.stringify(login satisfies CertificateLogin);
  await oneTime.put({ purpose: 'vpn_certificate', key: certificateKeyOf(realmId, login.decisionId), payloadJson, ...times });
}

/** The permit of that number; null when it was none for a certificate, or is over. @throws store.unavailable */
export async function findCertificateLogin(
  oneTime: OneTimeStore,
  realmId: VpnRealmId,
  decisionId: DecisionId,
  nowMs: number,
): Promise<CertificateLogin | null> {
  const payloadJson = await oneTime.peek('vpn_certificate', certificateKeyOf(realmId, decisionId), nowMs);
  return payloadJson === null ? null : certificateLoginSchema.parse(JSON.parse(payloadJson));
}
