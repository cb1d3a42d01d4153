import { z } from 'zod';
import type { DecisionId } from '../../domain/site/ids.ts';
import type { OneTimeStore } from '../../ports/one-time-store.ts';
import type { CodeOrigin, CodeOwner } from './code-book.ts';

/** From a permit to the VPN server's word that the tunnel is up. A later one begins a session of which nobody knows how it came about. */
export const LOGIN_TTL_MS = 120_000;

export interface RecentLogin extends CodeOrigin {
  readonly decisionId: DecisionId;
  readonly ip: string | null;
}

const loginSchema = z.strictObject({
  authentication: z.strictObject({ amr: z.array(z.string()), acr: z.string(), userVerified: z.boolean(), authenticatedAtMs: z.int() }),
  correlation: z.string(),
  decisionId: z.custom<DecisionId>((value) => typeof value === 'string' && value !== ''),
  ip: z.string().nullable(),
});

const keyOf = ({ realmId, personId }: CodeOwner): string => `${realmId} ${personId}`;

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
