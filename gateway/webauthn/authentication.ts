import { generateAuthenticationOptions, verifyAuthenticationResponse, type AuthenticationResponseJSON } from '@simplewebauthn/server';
import { z } from 'zod';
import type { Authentication } from '../app/access/types.ts';
import type { Passkey } from '../domain/people/person.ts';
import type { CredentialId, PersonId } from '../domain/site/ids.ts';
import { tryParse } from '../domain/try-parse.ts';
import type { AuditLog } from '../ports/audit-log.ts';
import type { Clock } from '../ports/clock.ts';
import type { CredentialStore } from '../ports/credential-store.ts';
import type { OneTimeStore } from '../ports/one-time-store.ts';
import type { Random } from '../ports/random.ts';
import { assertionResponseSchema } from './response-schemas.ts';
import { CHALLENGE_BYTES, CHALLENGE_TTL_MS, PASSKEY_ACR, passkeyAmr, relyingPartyOf, type WebauthnSettings } from './settings.ts';

/** Why a passkey was refused. For the log only: the browser is told no more than "failed". */
export type AuthenticationFailure =
  | 'challenge_unknown'
  | 'response_malformed'
  | 'credential_unknown'
  | 'credential_blocked'
  | 'user_handle_mismatch'
  | 'assertion_invalid'
  | 'counter_mismatch';

export type AuthenticationOutcome =
  | {
      readonly ok: true;
      readonly personId: PersonId;
      /** The passkey that was used. */
      readonly credentialId: CredentialId;
      readonly authentication: Authentication;
    }
  | { readonly ok: false; readonly cause: AuthenticationFailure };

export interface CeremonyStart {
  readonly ceremonyId: string;
  /** PublicKeyCredential(Creation|Request)OptionsJSON, for the browser. */
  readonly options: object;
}

export interface AuthenticationCeremonies {
  /** A challenge for any discoverable passkey, usable once within CHALLENGE_TTL_MS and only for the same `flow`. */
  begin(flow: string): Promise<CeremonyStart>;
  /** Checks the assertion, user verification included (WebAuthn 7.2). A refusal is recorded before it is answered. @throws audit.unavailable */
  finish(flow: string, ceremonyId: string, response: unknown): Promise<AuthenticationOutcome>;
}

interface Deps {
  readonly settings: WebauthnSettings;
  readonly credentials: CredentialStore;
  readonly oneTime: OneTimeStore;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly random: Random;
}

const challengeSchema = z.strictObject({ kind: z.literal('authentication'), flow: z.string(), challenge: z.string() });

type Checked =
  | { readonly ok: true; readonly newCounter: number; readonly isBackedUp: boolean }
  | { readonly ok: false; readonly cause: AuthenticationFailure };

interface Verdict {
  readonly outcome: AuthenticationOutcome;
  readonly passkey: Passkey | null;
}

const refuse = (cause: AuthenticationFailure, passkey: Passkey | null): Verdict => ({ outcome: { ok: false, cause }, passkey });

export function createAuthenticationCeremonies(deps: Deps): AuthenticationCeremonies {
  return new StoredAuthenticationCeremonies(deps);
}

class StoredAuthenticationCeremonies implements AuthenticationCeremonies {
  readonly #deps: Deps;
  readonly #party: ReturnType<typeof relyingPartyOf>;

  constructor(deps: Deps) {
    this.#deps = deps;
    this.#party = relyingPartyOf(deps.settings.publicUrl);
  }

  async begin(flow: string): Promise<CeremonyStart> {
    const { clock, oneTime, random } = this.#deps;
    const nowMs = clock.nowMs();
    const ceremonyId = random.id('ceremony');
    const options = await generateAuthenticationOptions({
      rpID: this.#party.id,
      challenge: Uint8Array.from(random.bytes(CHALLENGE_BYTES)),
      userVerification: 'required',
      timeout: CHALLENGE_TTL_MS,
    });
    const payloadJson = JSON.stringify({ kind: 'authentication', flow, challenge: options.challenge });
    await oneTime.put({ purpose: 'webauthn_challenge', key: ceremonyId, payloadJson, expiresAtMs: nowMs + CHALLENGE_TTL_MS, nowMs });
    return { ceremonyId, options };
  }

  async finish(flow: string, ceremonyId: string, response: unknown): Promise<AuthenticationOutcome> {
    const { outcome, passkey } = await this.#judge(await this.#takeChallenge(flow, ceremonyId), response);
    if (!outcome.ok) {
      await this.#deps.audit.append({
        type: 'credential',
        occurredAtMs: this.#deps.clock.nowMs(),
        event: 'authentication_failed',
        kind: 'passkey',
        personId: passkey?.personId ?? null,
        credentialId: passkey?.id ?? null,
        cause: outcome.cause,
        operatorId: null,
      });
    }
    return outcome;
  }

  async #takeChallenge(flow: string, ceremonyId: string): Promise<string | null> {
    const payloadJson = await this.#deps.oneTime.take('webauthn_challenge', ceremonyId, this.#deps.clock.nowMs());
    if (payloadJson === null) return null;
    const parsed = tryParse(challengeSchema, JSON.parse(payloadJson));
    return parsed.success && parsed.data.flow === flow ? parsed.data.challenge : null;
  }

  async #judge(challenge: string | null, raw: unknown): Promise<Verdict> {
    if (challenge === null) return refuse('challenge_unknown', null);
    const parsed = tryParse(assertionResponseSchema, raw);
    if (!parsed.success) return refuse('response_malformed', null);
    const passkey = await this.#deps.credentials.findPasskey(parsed.data.id);
    if (passkey === null) return refuse('credential_unknown', null);
    if (passkey.status !== 'active') return refuse('credential_blocked', passkey);
    const { userHandle } = parsed.data.response;
    if (userHandle !== undefined && Buffer.from(userHandle, 'base64url').toString('utf8') !== passkey.personId) {
      return refuse('user_handle_mismatch', passkey);
    }
    const checked = await this.#check(passkey, challenge, parsed.data as AuthenticationResponseJSON);
    if (!checked.ok) return refuse(checked.cause, passkey);
    if (!(await this.#advance(passkey, checked.newCounter))) return refuse('counter_mismatch', passkey);
    const authenticatedAtMs = this.#deps.clock.nowMs();
    await this.#deps.credentials.markUsed(passkey.id, authenticatedAtMs);
    const authentication = { amr: passkeyAmr(checked.isBackedUp), acr: PASSKEY_ACR, userVerified: true, authenticatedAtMs };
    return { outcome: { ok: true, personId: passkey.personId, credentialId: passkey.id, authentication }, passkey };
  }

  async #check(passkey: Passkey, challenge: string, response: AuthenticationResponseJSON): Promise<Checked> {
    try {
      const { verified, authenticationInfo } = await verifyAuthenticationResponse({
        response,
        expectedChallenge: challenge,
        expectedOrigin: this.#party.origin,
        expectedRPID: this.#party.id,
        requireUserVerification: true,
        // The library refuses a counter that did not rise; here it is compared below, against the store and in one step.
        credential: { id: passkey.webauthnId, publicKey: Uint8Array.from(passkey.publicKey), counter: 0 },
      });
      if (!verified) return { ok: false, cause: 'assertion_invalid' };
      // Once synced, a copy may be anywhere, whatever the authenticator says today.
      const isBackedUp = passkey.backedUp || authenticationInfo.credentialBackedUp;
      return { ok: true, newCounter: authenticationInfo.newCounter, isBackedUp };
    } catch {
      // The library throws for every way in which an assertion can be wrong; each is the same refusal.
      return { ok: false, cause: 'assertion_invalid' };
    }
  }

  /** WebAuthn 7.2 step 22: a counter that did not rise means a cloned authenticator. 0 on both sides: it has none. */
  async #advance(passkey: Passkey, newCounter: number): Promise<boolean> {
    if (newCounter === 0 && passkey.counter === 0) return true;
    return newCounter > passkey.counter && (await this.#deps.credentials.advanceCounter(passkey.id, passkey.counter, newCounter));
  }
}
