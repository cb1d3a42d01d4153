import type { Adapter, AdapterFactory } from 'oidc-provider';
import { validSecretsOf, type AddedApp } from '../../domain/apps/added-app.ts';
import type { AppId } from '../../domain/site/ids.ts';
import { CALLBACK_PATH } from '../../forward-auth/sign-in-round.ts';
import type { ClientConfig } from '../../platform/config/config.ts';
import { toClientMetadata } from './clients.ts';
import type { OutgoingAddress } from '../outgoing-fetch.ts';

/** Apps that are added, changed and removed while the provider runs. */
export interface AddedClients {
  ofClient(clientId: string): AddedApp | undefined;
  all(): readonly AddedApp[];
}

/** Every client but those that have registered themselves: of the configuration file, and added since. */
export interface ClientDirectory {
  readonly configured: readonly ClientConfig[];
  /** Undefined for a client that is unknown or switched off. */
  find(clientId: string): ClientConfig | undefined;
  /** Of a client that is known, switched on or not. */
  appIdOf(clientId: string): AppId | null;
  /** Hashes of the secrets that are valid at this moment; null where the client's own metadata says it. */
  secretsOf(clientId: string, nowMs: number): readonly string[] | null;
  /** Addresses of added clients that the gateway may call now. */
  outgoingAddresses(): readonly OutgoingAddress[];
  /** The provider's storage, in which an added client is found as it is now. */
  wrap(factory: AdapterFactory): AdapterFactory;
  /** While `work` runs the provider still finds the client, so that it can be told that its sessions end. */
  whileLeaving(clientId: string, work: () => Promise<void>): Promise<void>;
}

/** In the metadata of a client without a valid secret: the provider wants one there, and none that is presented is compared with it. */
const NO_SECRET = '0'.repeat(64);

/** The OIDC half of an added app, as the configuration file's apps have it. */
export function toClientConfig(app: AddedApp): ClientConfig {
  const { apiScopes, apis, backchannelLogoutUri, clientId, id, idTokenAlg, isEnabled, kind, name, origin, secrets } = app;
  const isSite = kind === 'website' && origin !== null;
  const isPublic = kind === 'browser' || kind === 'native';
  return {
    appId: id,
    clientId,
    name,
    clientSecretSha256: isPublic ? null : (secrets[0]?.sha256 ?? NO_SECRET),
    redirectUris: isSite ? [`${origin}${CALLBACK_PATH}`] : app.redirectUris,
    postLogoutRedirectUris: isSite ? [`${origin}/`] : app.postLogoutRedirectUris,
    backchannelLogoutUri,
    options: {
      isEnabled,
      authMethod: isPublic ? 'none' : 'client_secret_basic',
      grants: kind === 'machine' ? ['client_credentials'] : ['authorization_code', 'refresh_token'],
      apis,
      apiScopes,
      isNative: kind === 'native',
      idTokenAlg,
    },
  };
}

export function createClientDirectory(configured: readonly ClientConfig[], added: AddedClients): ClientDirectory {
  const byId = new Map(configured.map((client) => [client.clientId, client]));
  const leaving = new Set<string>();
  // An added client is looked at as often as it is used, and changed rarely: what it became is kept beside it.
  const converted = new WeakMap<AddedApp, ClientConfig>();
  const ofAdded = (clientId: string): ClientConfig | undefined => {
    const app = added.ofClient(clientId);
    if (app === undefined) return undefined;
    const known = converted.get(app) ?? toClientConfig(app);
    converted.set(app, known);
    return known;
  };
  const isOpen = (client: ClientConfig | undefined): client is ClientConfig => client !== undefined && client.options?.isEnabled !== false;

  return {
    configured,
    find: (clientId) => {
      const client = byId.get(clientId) ?? ofAdded(clientId);
      return isOpen(client) ? client : undefined;
    },
    appIdOf: (clientId) => (byId.get(clientId) ?? ofAdded(clientId))?.appId ?? null,
    secretsOf: (clientId, nowMs) => {
      const app = byId.has(clientId) ? undefined : added.ofClient(clientId);
      return app === undefined ? null : validSecretsOf(app, nowMs);
    },
    outgoingAddresses: () =>
      added
        .all()
        .flatMap(({ backchannelLogoutUri, clientId }) =>
          backchannelLogoutUri === null ? [] : [{ clientId, field: 'backchannel_logout_uri' as const, uri: backchannelLogoutUri }],
        ),
    wrap: (factory) => (model) => {
      const inner: Adapter = factory(model);
      if (model !== 'Client') return inner;
      return {
        ...inner,
        find: async (id) => {
          const client = ofAdded(id);
          if (client === undefined) return inner.find(id);
          // Typed by another package; it is this program's own metadata.
          return isOpen(client) || leaving.has(id) ? toClientMetadata(client) : undefined;
        },
      };
    },
    whileLeaving: async (clientId, work) => {
      leaving.add(clientId);
      try {
        await work();
      } finally {
        leaving.delete(clientId);
      }
    },
  };
}
