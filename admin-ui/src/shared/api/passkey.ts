import {
  startAuthentication,
  startRegistration,
  WebAuthnError,
  type AuthenticationResponseJSON,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  type RegistrationResponseJSON,
} from '@simplewebauthn/browser';
import { ApiError } from './api-error.ts';

/** The options come from the gateway's WebAuthn library, which made them: here they are only handed to the browser's. */
export function signWithPasskey(options: unknown): Promise<AuthenticationResponseJSON> {
  return explained(() => startAuthentication({ optionsJSON: options as PublicKeyCredentialRequestOptionsJSON }));
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
