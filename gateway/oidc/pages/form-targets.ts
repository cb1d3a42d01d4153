import type { KoaContextWithOIDC } from 'oidc-provider';

function originOf(address: unknown): string | null {
  const url = typeof address === 'string' ? URL.parse(address) : null;
  return url !== null && (url.protocol === 'https:' || url.protocol === 'http:') ? url.origin : null;
}

/** Adds an origin to `form-action` of the policy that the server in front has set. */
function allowForms(ctx: KoaContextWithOIDC, origin: string): void {
  const policy = ctx.response.get('content-security-policy');
  ctx.set(
    'content-security-policy',
    policy.replace(/form-action ([^;]*)/, (directive) => `${directive} ${origin}`),
  );
}

/**
 * Two pages of the provider lead to a client by a form: `response_mode=form_post`, and sign-out, which redirects after its own post.
 * Each may reach exactly the one client address that the provider has checked.
 */
export async function allowFormTargets(koaCtx: unknown, next: () => Promise<void>): Promise<void> {
  await next();
  const ctx = koaCtx as KoaContextWithOIDC;
  // Absent when no route of the provider matched.
  if ((ctx as { readonly oidc?: unknown }).oidc === undefined || !ctx.response.is('html')) return;
  const { client, params, redirectUriCheckPerformed, route, session } = ctx.oidc;
  if (client === undefined) return;
  const state = session?.state as { readonly postLogoutRedirectUri?: unknown } | undefined;
  const isFormPost = params?.['response_mode'] === 'form_post' && redirectUriCheckPerformed === true;
  const target = route === 'end_session' ? state?.postLogoutRedirectUri : isFormPost ? params?.['redirect_uri'] : null;
  const origin = originOf(target);
  if (origin !== null) allowForms(ctx, origin);
}
