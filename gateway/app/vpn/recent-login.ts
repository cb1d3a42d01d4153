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

const certificateKeyOf = (realmId: VpnRealmId, decisionId: DecisionId): string => `${realmId} ${decisionId}`;

/** Permits of one person at one realm that wait for their tunnels: several computers may connect at once. The oldest gives way. */
export const LOGINS_WAITING_MAX = 4;
const SLOTS = Array.from({ length: LOGINS_WAITING_MAX }, (_, slot) => slot);
const keyOf = ({ realmId, personId }: CodeOwner, slot: number): string => `${realmId} ${personId} ${String(slot)}`;

const waitingSchema = z.strictObject({ login: loginSchema, keptAtMs: z.int() });

interface Slot {
  readonly key: string;
  readonly login: RecentLogin;
  readonly keptAtMs: number;
}

async function waitingOf(oneTime: OneTimeStore, owner: CodeOwner, nowMs: number): Promise<readonly Slot[]> {
  const slots: Slot[] = [];
  for (const key of SLOTS.map((slot) => keyOf(owner, slot))) {
    const payloadJson = await oneTime.peek('vpn_login', key, nowMs);
    if (payloadJson !== null) slots.push({ key, ...waitingSchema.parse(JSON.parse(payloadJson)) });
  }
  return slots.toSorted((left, right) => left.keptAtMs - right.keptAtMs);
}

/** Remembers a permit until the tunnel is up. @throws store.unavailable */
export async function keepLogin(oneTime: OneTimeStore, owner: CodeOwner, login: RecentLogin, nowMs: number): Promise<void> {
  const payloadJson = JSON.stringify({ login, keptAtMs: nowMs });
  const item = { purpose: 'vpn_login', payloadJson, expiresAtMs: nowMs + LOGIN_TTL_MS, nowMs } as const;
  for (const slot of SLOTS) if (await oneTime.putNew({ ...item, key: keyOf(owner, slot) })) return;
  const [oldest] = await waitingOf(oneTime, owner, nowMs);
  await oneTime.put({ ...item, key: oldest?.key ?? keyOf(owner, 0) });
}

/** What a VPN server says of the tunnel that a permit may have been for. */
export interface LoginSigns {
  readonly decisionId: DecisionId | null;
  readonly ip: string | null;
}

/**
 * A permit of the person at the realm, once; null when there was none of late. The one with the number that the server gives back, and no
 * other; without a number the one from the same address, else the oldest. @throws store.unavailable
 */
export async function takeLogin(
  oneTime: OneTimeStore,
  owner: CodeOwner,
  { decisionId, ip }: LoginSigns,
  nowMs: number,
): Promise<RecentLogin | null> {
  const waiting = await waitingOf(oneTime, owner, nowMs);
  const fitting =
    decisionId === null
      ? waiting.toSorted((left, right) => Number(right.login.ip === ip) - Number(left.login.ip === ip))
      : waiting.filter(({ login }) => login.decisionId === decisionId);
  for (const { key, login } of fitting) {
    // Another tunnel may have taken it meanwhile, and another permit may be in its place.
    const payloadJson = await oneTime.take('vpn_login', key, nowMs);
    if (payloadJson === null) continue;
    const { login: taken } = waitingSchema.parse(JSON.parse(payloadJson));
    if (taken.decisionId === login.decisionId) return taken;
    await keepLogin(oneTime, owner, taken, nowMs);
  }
  return null;
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
