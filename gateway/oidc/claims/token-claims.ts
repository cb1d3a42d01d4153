import type { AccessToken, ClientCredentials, KoaContextWithOIDC, UnknownObject } from 'oidc-provider';
import type { Exchanges } from '../storage/exchanges.ts';
import { machineTokenOf, type MachineCheck } from '../decisions/machine-check.ts';

/** What a code, refresh token, device code or back-channel request remembers of the sign-in. */
interface Source {
  readonly acr?: string | undefined;
  readonly amr?: readonly string[] | undefined;
  readonly authTime?: number | undefined;
}

function sourceOf(ctx: KoaContextWithOIDC): Source | undefined {
  // The provider keeps what the token came from under its model's name.
  const { AuthorizationCode, BackchannelAuthenticationRequest, DeviceCode, RefreshToken } = ctx.oidc.entities as Readonly<
    Record<string, Source | undefined>
  >;
  return AuthorizationCode ?? DeviceCode ?? BackchannelAuthenticationRequest ?? RefreshToken;
}

/**
 * Access tokens say how the person signed in (RFC 9068 2.2.1, RFC 9470 6.1 and 6.2), as JWT and at introspection. The hook runs for each
 * token that is about to be given out, so a machine's is decided here.
 */
export function createTokenClaims(machines: MachineCheck, exchanges: Pick<Exchanges, 'record' | 'settle'>) {
  return async (ctx: KoaContextWithOIDC, token: AccessToken | ClientCredentials): Promise<UnknownObject | undefined> => {
    const isMachine = token.kind === 'ClientCredentials';
    if (isMachine) exchanges.record(ctx, (await machines.assert(machineTokenOf(ctx, token.scope))).recorded);
    // A JWT is stored nowhere: what it was given for is used up, and why it is given is recorded, before it is signed.
    if (token.resourceServer?.accessTokenFormat === 'jwt') await exchanges.settle(ctx);
    if (isMachine) return undefined;
    const source = sourceOf(ctx);
    return {
      ...(source?.acr === undefined ? {} : { acr: source.acr }),
      ...(source?.amr === undefined ? {} : { amr: source.amr }),
      ...(source?.authTime === undefined ? {} : { auth_time: source.authTime }),
    };
  };
}
