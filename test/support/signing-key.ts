import { CompactSign, exportJWK, generateKeyPair, type CryptoKey } from 'jose';
import { facePublicKeySchema, type FacePublicKey } from '#gateway/domain/face/face-device.ts';

export interface SigningKey {
  readonly privateKey: CryptoKey;
  readonly publicKey: FacePublicKey;
  /** A compact JWS; an empty `kid` is left out, as by a device that has no id yet. */
  readonly sign: (payload: unknown, header: { readonly typ: string; readonly kid: string }) => Promise<string>;
}

/** The key of a device that says whatever the test wants. */
export async function createSigningKey(): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const { kty, crv, x, y } = await exportJWK(publicKey);
  return {
    privateKey,
    publicKey: facePublicKeySchema.parse({ kty, crv, x, y }),
    sign: (payload, { kid, typ }) =>
      new CompactSign(new TextEncoder().encode(JSON.stringify(payload)))
        .setProtectedHeader({ alg: 'ES256', typ, ...(kid === '' ? {} : { kid }) })
        .sign(privateKey),
  };
}
