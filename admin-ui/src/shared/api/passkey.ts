import {
  browserSupportsWebAuthnAutofill,
  startAuthentication,
  startRegistration,
  WebAuthnAbortService,
  WebAuthnError,
  type AuthenticationResponseJSON,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  type RegistrationResponseJSON,
} from '@simplewebauthn/browser';
import type { AssertionOptions } from '#gateway/http/contract/sign-in.ts';
import { ApiError } from './api-error.ts';

/** The options come from the gateway's WebAuthn library, which made them: here they are only handed to the browser's. */
export function signWithPasskey(options: unknown): Promise<AuthenticationResponseJSON> {
  return explained(() => startAuthentication({ optionsJSON: options as PublicKeyCredentialRequestOptionsJSON }));
}

/** What every ceremony's last call takes. */
export interface PasskeyAnswer {
  readonly ceremonyId: string;
  readonly response: AuthenticationResponseJSON;
}

export async function answerWithPasskey({ ceremonyId, options }: AssertionOptions): Promise<PasskeyAnswer> {
  return { ceremonyId, response: await signWithPasskey(options) };
}

/** As `answerWithPasskey`, by a passkey that the browser offers in a text field. Waits until one is picked; any other ceremony ends it. */
export async function answerWithSavedPasskey({ ceremonyId, options }: AssertionOptions): Promise<PasskeyAnswer> {
  const given: unknown = options;
  const optionsJSON = given as PublicKeyCredentialRequestOptionsJSON;
  return { ceremonyId, response: await startAuthentication({ optionsJSON, useBrowserAutofill: true }) };
}

/** Whether it is worth to ask `canOfferSavedPasskeys`, which answers a moment later. */
export function mayOfferSavedPasskeys(): boolean {
  return typeof PublicKeyCredential === 'function' && typeof PublicKeyCredential.isConditionalMediationAvailable === 'function';
}

export const canOfferSavedPasskeys = browserSupportsWebAuthnAutofill;

export function stopOfferingPasskeys(): void {
  WebAuthnAbortService.cancelCeremony();
}

export function createPasskey(options: unknown): Promise<RegistrationResponseJSON> {
  return explained(() => startRegistration({ optionsJSON: options as PublicKeyCredentialCreationOptionsJSON }));
}

const texts: Readonly<Record<string, string>> = {
  NotAllowedError: 'The passkey was not used: it was cancelled, took too long, or this device has none for this site.',
  InvalidStateError: 'This device already has a passkey for you.',
  SecurityError: 'Passkeys need a secure address: open the page through https or http://localhost.',
  NotSupportedError: 'This device or browser cannot use passkeys here.',
};

async function explained<T>(ceremony: () => Promise<T>): Promise<T> {
  try {
    return await ceremony();
  } catch (error) {
    const cause = error instanceof WebAuthnError && error.cause instanceof Error ? error.cause : error;
    const name = cause instanceof Error ? cause.name : '';
    throw new ApiError({ status: 0, code: `passkey.${name}`, message: texts[name] ?? 'This browser could not use a passkey.' });
  }
}
