import { z } from 'zod';

/**
 * The browser's answers (WebAuthn 5.1, PublicKeyCredential.toJSON), as far as they are used. Lengths are bounds against abuse, not of
 * the standard; the cryptographic content is checked by the WebAuthn library.
 */
const base64url = (lengthMax: number) =>
  z
    .string()
    .min(1)
    .max(lengthMax)
    .regex(/^[A-Za-z0-9_-]+$/);

/** WebAuthn allows ids of up to 1,023 bytes. */
const credentialId = base64url(1_364);

export const assertionResponseSchema = z.object({
  id: credentialId,
  rawId: credentialId,
  type: z.literal('public-key'),
  response: z.object({
    clientDataJSON: base64url(8_192),
    authenticatorData: base64url(8_192),
    signature: base64url(8_192),
    userHandle: z
      .string()
      .max(88)
      .nullish()
      .transform((handle) => (handle === null || handle === '' ? undefined : handle)),
  }),
  clientExtensionResults: z.looseObject({}).default({}),
});

export const attestationResponseSchema = z.object({
  id: credentialId,
  rawId: credentialId,
  type: z.literal('public-key'),
  response: z.object({
    clientDataJSON: base64url(8_192),
    attestationObject: base64url(32_768),
    transports: z.array(z.string().max(32)).max(8).default([]),
  }),
  clientExtensionResults: z.looseObject({}).default({}),
});
