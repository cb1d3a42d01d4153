import { generateRegistrationOptions, verifyRegistrationResponse } from '@simplewebauthn/server';
import { GatewayError } from '../domain/errors.ts';
import type { Passkey, Person } from '../domain/people/person.ts';
import { tryParse } from '../domain/try-parse.ts';
import type { Random } from '../ports/random.ts';
import { attestationResponseSchema } from './response-schemas.ts';
import { CHALLENGE_BYTES, CHALLENGE_TTL_MS, relyingPartyOf, type WebauthnSettings } from './settings.ts';

/** What a registration proved (WebAuthn 7.1). */
export type VerifiedPasskey = Pick<Passkey, 'webauthnId' | 'publicKey' | 'counter' | 'transports' | 'backedUp'>;

type CreationOptions = Awaited<ReturnType<typeof generateRegistrationOptions>>;

/** The WebAuthn half of every registration: what is asked of the browser, and the check of its answer. Nothing is stored here. */
export interface Registration {
  /** For a discoverable, user-verified passkey; authenticators of the passkeys in use refuse. */
  optionsFor(person: Person, passkeys: readonly Passkey[]): Promise<CreationOptions>;
  /** @throws enrolment.invalid */
  verify(challenge: string, response: unknown): Promise<VerifiedPasskey>;
}

const invalid = (message: string, cause?: unknown): GatewayError => new GatewayError('enrolment.invalid', message, { cause });

export function createRegistration({ settings, random }: { readonly settings: WebauthnSettings; readonly random: Random }): Registration {
  const party = relyingPartyOf(settings.publicUrl);
  return {
    optionsFor: (person, passkeys) =>
      generateRegistrationOptions({
        rpName: 'Gatehouse',
        rpID: party.id,
        userName: person.email ?? person.displayName,
        userDisplayName: person.displayName,
        // WebAuthn 5.4.3 wants no personal data in the user handle: it is the opaque person id.
        userID: new TextEncoder().encode(person.id),
        challenge: Uint8Array.from(random.bytes(CHALLENGE_BYTES)),
        timeout: CHALLENGE_TTL_MS,
        attestationType: 'none',
        // One that was removed may be registered again.
        excludeCredentials: passkeys
          .filter(({ status }) => status === 'active')
          .map(({ webauthnId, transports }) => ({ id: webauthnId, transports: [...transports] })),
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      }),

    verify: async (expectedChallenge, raw) => {
      const parsed = tryParse(attestationResponseSchema, raw);
      if (!parsed.success) throw invalid('The passkey could not be read.', parsed.error);
      const { data } = parsed;
      const verification = await verifyRegistrationResponse({
        response: data,
        expectedChallenge,
        expectedOrigin: party.origin,
        expectedRPID: party.id,
        requireUserVerification: true,
      }).catch((cause: unknown) => {
        throw invalid('The passkey could not be verified.', cause);
      });
      if (!verification.verified) throw invalid('The passkey could not be verified.');
      const { credential, credentialBackedUp: backedUp } = verification.registrationInfo;
      const { id: webauthnId, publicKey, counter } = credential;
      return { webauthnId, publicKey, counter, transports: data.response.transports, backedUp };
    },
  };
}
