import { hasSecret, type AddedApp, type AppKind } from '../../domain/apps/added-app.ts';
import { lastOf, type CheckedApp } from '../../domain/apps/live-check.ts';
import type { AppId } from '../../domain/site/ids.ts';
import type { SiteMap } from '../../domain/site/site-map.ts';
import type { App } from '../../domain/site/site.ts';
import type { ClientConfig } from '../../platform/config/config.ts';
import type { AppDetail, AppRow } from '../contract/apps.ts';
import type { AppsDeps } from './apps-deps.ts';

/** Apps as the console shows them, wherever they come from. */
export interface AppViews {
  rows(): readonly AppRow[];
  /** Null for an app that nobody knows. */
  detail(id: AppId): AppDetail | null;
  checked(id: AppId): CheckedApp | null;
}

export function createAppViews(sites: SiteMap, apps: AppsDeps): AppViews {
  const clientsById = new Map(apps.configured.map((client) => [client.appId, client]));
  const websitesById = new Map(apps.configuredWebsites.map((website) => [website.appId, website]));
  const discoveryUrl = `${apps.issuer}/.well-known/openid-configuration`;

  const ofFile = (app: App): AppDetail => {
    const client = clientsById.get(app.id);
    const website = websitesById.get(app.id);
    return {
      ...EMPTY,
      ...commonOf(app),
      ...(client === undefined ? {} : clientFields(client)),
      ...(website === undefined
        ? {}
        : { kind: 'website', origin: website.origin, paths: [...website.paths], publicPaths: [...website.publicPaths] }),
      issuer: apps.issuer,
      discoveryUrl,
    };
  };

  const ofAdded = (added: AddedApp): AppDetail => {
    const { changedAtMs, clientId, createdAtMs, isEnabled, secrets, version, ...draft } = added;
    return {
      ...draft,
      source: 'added',
      clientId,
      isEnabled,
      createdAtMs,
      changedAtMs,
      version,
      secrets: hasSecret(added.kind)
        ? secrets.map(({ createdAtMs: madeAtMs, validUntilMs }) => ({ createdAtMs: madeAtMs, validUntilMs }))
        : [],
      issuer: apps.issuer,
      discoveryUrl,
    };
  };

  const detail = (id: AppId): AppDetail | null => {
    const added = apps.added.find(id);
    if (added !== undefined) return ofAdded(added);
    const app = sites.app(id);
    return app === undefined ? null : ofFile(app);
  };

  return {
    rows: () =>
      sites.installation.apps.flatMap(({ id }) => {
        const one = detail(id);
        return one === null ? [] : [toRow(one, apps)];
      }),
    detail,
    checked: (id) => {
      const one = detail(id);
      if (one === null) return null;
      const { clientId, kind, origin, redirectUris } = one;
      return { clientId, kind, origin, redirectUris, discoveryUrl };
    },
  };
}

function toRow({ clientId, id, isEnabled, kind, name, rules, source }: AppDetail, { watch }: AppsDeps): AppRow {
  const { events } = watch.traceOf(clientId);
  const lastSignInAtMs = events.findLast((event) => event.kind === 'tokens_given')?.atMs ?? null;
  const last = lastOf(events);
  const hasProblem = last?.kind === 'problem' && last.problem.code !== 'denied';
  return { id, name, kind, source, clientId, sensitivity: rules.sensitivity, isEnabled, lastSignInAtMs, hasProblem };
}

const EMPTY = {
  source: 'file',
  kind: 'web',
  isEnabled: true,
  redirectUris: [],
  postLogoutRedirectUris: [],
  backchannelLogoutUri: null,
  origin: null,
  paths: [],
  publicPaths: [],
  apis: [],
  apiScopes: [],
  idTokenAlg: 'ES256',
  secrets: [],
  version: 0,
  createdAtMs: null,
  changedAtMs: null,
} as const satisfies Partial<Record<keyof AppDetail, unknown>>;

function commonOf({ allowedNetworks, clientId, id, maxAuthAgeS, maxPresenceAgeS, name, requiresAreaId, sensitivity, siteId }: App) {
  const rules = { sensitivity, siteId, requiresAreaId, maxPresenceAgeS, allowedNetworks: [...allowedNetworks], maxAuthAgeS };
  return {
    ...EMPTY,
    id,
    name,
    clientId,
    rules,
    redirectUris: [],
    postLogoutRedirectUris: [],
    paths: [],
    publicPaths: [],
    apis: [],
    apiScopes: [],
    secrets: [],
  };
}

function clientFields({ backchannelLogoutUri, options = {}, postLogoutRedirectUris, redirectUris, ...client }: ClientConfig) {
  const { apiScopes = [], apis = [], idTokenAlg = 'ES256', isEnabled = true } = options;
  return {
    kind: kindOf({ ...client, redirectUris, options }),
    isEnabled,
    redirectUris: [...redirectUris],
    postLogoutRedirectUris: [...postLogoutRedirectUris],
    backchannelLogoutUri,
    apis: [...apis],
    apiScopes: [...apiScopes],
    idTokenAlg,
  };
}

/** As the configuration file says it in other words. */
function kindOf({
  clientSecretSha256,
  options = {},
  redirectUris,
}: Pick<ClientConfig, 'clientSecretSha256' | 'options' | 'redirectUris'>): AppKind {
  if (redirectUris.length === 0 && options.grants?.includes('client_credentials') === true) return 'machine';
  if (options.isNative === true) return 'native';
  const isPublic = (options.authMethod ?? (clientSecretSha256 === null ? 'none' : 'client_secret_basic')) === 'none';
  return isPublic ? 'browser' : 'web';
}
