import type { KoaContextWithOIDC } from 'oidc-provider';

/** CIBA Core 4: the provider says true wherever CIBA is, and a request with a user code is refused here: the passkey is asked for instead. */
export async function tellNoUserCode(koaCtx: unknown, next: () => Promise<void>): Promise<void> {
  await next();
  const { body, oidc } = koaCtx as Partial<KoaContextWithOIDC>;
  if (oidc?.route === 'discovery' && typeof body === 'object' && body !== null) {
    Object.assign(body, { backchannel_user_code_parameter_supported: false });
  }
}
