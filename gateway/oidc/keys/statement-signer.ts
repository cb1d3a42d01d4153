import { importJWK, SignJWT, type JWK } from 'jose';
import type { ProviderKeys } from './signing-keys.ts';

/** The provider's ES256 key in force, imported once. Its public half is in the JWKS, before it signs. */
export function createStatementSigner(keys: () => ProviderKeys) {
  let imported: { readonly jwk: JWK; readonly key: Awaited<ReturnType<typeof importJWK>> } | null = null;
  return async () => {
    const jwk = keys().signing.find(({ alg }) => alg === 'ES256');
    if (jwk === undefined) throw new TypeError('the provider has no ES256 key');
    if (imported?.jwk !== jwk) imported = { jwk, key: await importJWK(jwk, 'ES256') };
    return imported;
  };
}

/** What the gateway says to programs of its own: a JWT of a `typ` that nothing else has. */
export interface GatewayStatements {
  /** The issuer under which its keys are published. */
  readonly issuer: string;
  /** @throws TypeError the payload names another issuer */
  sign(payload: object, typ: string): Promise<string>;
}

export function createGatewayStatements(issuer: string, keys: () => ProviderKeys): GatewayStatements {
  const signer = createStatementSigner(keys);
  return {
    issuer,
    sign: async (payload, typ) => {
      const { jwk, key } = await signer();
      return new SignJWT({ ...payload })
        .setProtectedHeader({ alg: 'ES256', typ, ...(jwk.kid === undefined ? {} : { kid: jwk.kid }) })
        .setIssuer(issuer)
        .sign(key);
    },
  };
}
