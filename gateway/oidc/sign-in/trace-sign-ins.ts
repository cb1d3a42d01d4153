import type Provider from 'oidc-provider';
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { SignInWatch } from '../../app/apps/sign-in-watch.ts';
import { reasonCodeSchema, type ReasonCode } from '../../domain/access/reason-code.ts';
import { tryParse } from '../../domain/try-parse.ts';
import { accessPromptSchema } from '../decisions/access-check.ts';
import { claimsByScope } from '../claims/accounts.ts';
import { explainRefusal, presentable, type Refusal } from './explain-refusal.ts';
import { AUTHORIZATION_CODE_TTL_S } from '../types.ts';

/** Scopes that are shown as unknown. */
const UNKNOWN_SCOPES_MAX = 10;
const ENDPOINTS_OF_APPS = [
  'authorization.error',
  'pushed_authorization_request.error',
  'device_authorization.error',
  'grant.error',
  'introspection.error',
] as const;
const DENIED = /^access denied: (\S+) \((\S+)\)$/;

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** The client id of a request that no client was found for: of its parameters, or of its Basic header. Nothing else of the header is read. */
function presentedClientId(ctx: KoaContextWithOIDC): string | null {
  const stated = textOf(ctx.oidc.params?.['client_id']);
  if (stated !== null) return stated;
  const [scheme, value] = (ctx.headers.authorization ?? '').split(' ');
  if (scheme?.toLowerCase() !== 'basic' || value === undefined) return null;
  const [id = ''] = Buffer.from(value, 'base64').toString('utf8').split(':', 1);
  try {
    return decodeURIComponent(id.replaceAll('+', '%20'));
  } catch {
    return id;
  }
}

/** A decision that is said to the client itself, which shows no page. */
function denialIn({ error, error_description: description }: Refusal): { readonly reason: ReasonCode; readonly decisionId: string } | null {
  const [, code, decisionId] = DENIED.exec(description ?? '') ?? [];
  const reason = tryParse(reasonCodeSchema, code);
  const isDenial = error === 'access_denied' || error === 'invalid_grant';
  return isDenial && reason.success && decisionId !== undefined ? { reason: reason.data, decisionId } : null;
}

function unknownScopesOf(ctx: KoaContextWithOIDC): readonly string[] {
  const known = new Set([...Object.keys(claimsByScope), 'offline_access']);
  const ofApis = Object.values(ctx.oidc.resourceServers ?? {}).flatMap(({ scope }) => scope.split(' '));
  // As it was sent: of the parameters the provider has taken what it does not know.
  const asked = (textOf(ctx.query['scope']) ?? '').split(' ').filter((scope) => scope !== '');
  return asked
    .filter((scope) => !known.has(scope) && !ofApis.includes(scope))
    .slice(0, UNKNOWN_SCOPES_MAX)
    .map(presentable);
}

type NowMs = () => number;

/** Tells the watch what was refused, and to whom. */
function createRefused(watch: SignInWatch, nowMs: NowMs) {
  /** The storage forgets a code with its minute, and then says that there was none. */
  const isLate = (clientId: string): boolean => {
    const given = watch.traceOf(clientId).events.findLast(({ kind }) => kind === 'code_given');
    return given !== undefined && nowMs() - given.atMs >= AUTHORIZATION_CODE_TTL_S * 1_000;
  };
  return (ctx: KoaContextWithOIDC, failure: Refusal): void => {
    const { client, params, session } = ctx.oidc;
    const clientId = client?.clientId;
    const denial = denialIn(failure);
    if (denial !== null) {
      if (clientId === undefined) return;
      const problem = {
        code: 'denied',
        reasons: [denial.reason],
        decisionId: denial.decisionId,
        personId: session?.accountId ?? null,
      } as const;
      return watch.note(clientId, { kind: 'problem', problem });
    }
    // A refresh that no longer holds is how sessions end.
    if (failure.error === 'invalid_grant' && params?.['grant_type'] === 'refresh_token') return;
    if (failure.error === 'access_denied') {
      if (clientId !== undefined) watch.note(clientId, { kind: 'problem', problem: { code: 'cancelled' } });
      return;
    }
    const hasSecret = client === undefined ? null : client['clientAuthMethod'] !== 'none';
    const request = { redirectUri: textOf(params?.['redirect_uri']), clientId: presentedClientId(ctx) };
    const problem = explainRefusal(failure, request, hasSecret);
    if (problem === null) return;
    if (clientId !== undefined && problem.code === 'code_unknown' && isLate(clientId)) {
      watch.note(clientId, { kind: 'problem', problem: { code: 'code_expired' } });
    } else if (clientId !== undefined) watch.note(clientId, { kind: 'problem', problem });
    else if (problem.code === 'unknown_client') watch.noteStranger({ kind: 'problem', problem });
  };
}

/** Lets the watch know what clients do at this provider. It listens, and changes nothing. */
export function traceSignIns(provider: Provider, watch: SignInWatch, nowMs: NowMs): void {
  const refused = createRefused(watch, nowMs);
  for (const event of ENDPOINTS_OF_APPS) {
    // The names of some events are missing in the types of the library.
    provider.on(event as 'grant.error', (ctx, failure) => refused(ctx, failure as Refusal));
  }
  provider.on('server_error', (ctx) => {
    // Absent when no route of the provider matched.
    const clientId = (ctx as { readonly oidc?: KoaContextWithOIDC['oidc'] }).oidc?.client?.clientId;
    if (clientId !== undefined) watch.note(clientId, { kind: 'problem', problem: { code: 'gateway_failed' } });
  });
  provider.on('interaction.started', (ctx, prompt) => {
    const clientId = ctx.oidc.client?.clientId;
    if (clientId === undefined) return;
    const access = prompt.name === 'access' ? tryParse(accessPromptSchema, prompt.details) : null;
    if (access?.success === true && access.data.kind === 'denied') {
      const { decisionId, reasons } = access.data;
      const problem = { code: 'denied', reasons, decisionId, personId: ctx.oidc.session?.accountId ?? null } as const;
      return watch.note(clientId, { kind: 'problem', problem });
    }
    watch.note(clientId, { kind: 'begun', unknownScopes: unknownScopesOf(ctx) });
  });
  provider.on('authorization.success', (ctx) => {
    const { client, session } = ctx.oidc;
    if (client !== undefined && session?.accountId !== undefined)
      watch.note(client.clientId, { kind: 'code_given', personId: session.accountId });
  });
  provider.on('grant.success', (ctx) => {
    const { client, entities, params } = ctx.oidc;
    if (client === undefined || params?.['grant_type'] === 'refresh_token') return;
    watch.note(client.clientId, { kind: 'tokens_given', personId: entities.Account?.accountId ?? null });
  });
  provider.use(async (ctx, next) => {
    await next();
    if (ctx.path.startsWith('/.well-known/') && ctx.status === 200) watch.noteDiscovery();
  });
}
