import type { KoaContextWithOIDC } from 'oidc-provider';
import type Provider from 'oidc-provider';
import type { PersonId } from '../../domain/site/ids.ts';
import type { CredentialStore } from '../../ports/credential-store.ts';
import type { LiveSessions } from '../../ports/live-sessions.ts';

const MESSAGE = 'The passkey of this sign-in was removed a moment ago. Go back to the app and sign in with another one.';

interface Deps {
  readonly provider: Provider;
  readonly credentials: Pick<CredentialStore, 'passkeysOf'>;
  readonly liveSessions: () => Pick<LiveSessions, 'endOne'>;
}

/**
 * A passkey may be removed, because somebody else has it, while a sign-in with it is under way. Looked at after everything of the sign-in is
 * stored: either this sees the removal, or what the removal closes afterwards includes the sign-in.
 */
export function refuseRemovedPasskeys({ credentials, liveSessions, provider }: Deps): void {
  provider.use(async (koaCtx, next) => {
    await next();
    const ctx = koaCtx as unknown as KoaContextWithOIDC;
    // Absent when no route of the provider matched.
    const { result, session } = (ctx as { readonly oidc?: KoaContextWithOIDC['oidc'] }).oidc ?? {};
    const credentialId = result?.['passkey'];
    if (typeof credentialId !== 'string' || session?.accountId === undefined) return;
    // The provider's account is one of our people.
    const personId = session.accountId as PersonId;
    const isInUse = (await credentials.passkeysOf(personId)).some(({ id, status }) => id === credentialId && status === 'active');
    if (isInUse) return;
    ctx.remove('location');
    ctx.status = 403;
    ctx.type = 'text';
    ctx.body = MESSAGE;
    await liveSessions().endOne(personId, session.uid, 'passkey.removed');
  });
}
