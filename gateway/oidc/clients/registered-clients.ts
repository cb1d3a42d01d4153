import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider';
import type { AppId } from '../../domain/site/ids.ts';
import { hashSecret } from './clients.ts';
import type { OutgoingCalls, OutgoingField } from '../outgoing-fetch.ts';

/** Of which app a registered client is; written at the registration, from the initial access token and never from the client. */
export const APP_FIELD = 'gatehouse_app';

/** Clients whose app is remembered; all of them are in the store. */
export const REGISTERED_CLIENTS_MAX = 10_000;

const OUTGOING_FIELDS: readonly (readonly [string, OutgoingField])[] = [
  ['jwks_uri', 'jwks_uri'],
  ['sector_identifier_uri', 'sector_identifier_uri'],
  ['backchannel_logout_uri', 'backchannel_logout_uri'],
];

export interface RegisteredClients {
  /** The app of a client that the provider has read since the start; null for any other. */
  appIdOf(clientId: string): AppId | null;
  /** The provider's storage, which keeps hashes of secrets only and takes note of each client that is read. */
  wrap(factory: AdapterFactory): AdapterFactory;
  /** Of a client that was removed. */
  forget(clientId: string): void;
  /** Lets the provider call the addresses of a client. */
  allowAddresses(metadata: AdapterPayload): void;
}

/**
 * A registered client is one more client of an app that the installation knows: grants, policy and log are about the app, so that nothing
 * is open to it that nobody has granted.
 */
export function createRegisteredClients(outgoing: Pick<OutgoingCalls, 'allow'>): RegisteredClients {
  const appIds = new Map<string, AppId>();

  const allowAddresses = (metadata: AdapterPayload): void => {
    const clientId = String(metadata['client_id']);
    for (const [name, field] of OUTGOING_FIELDS) {
      const uri = metadata[name];
      if (typeof uri === 'string') outgoing.allow({ clientId, field, uri });
    }
  };

  const remember = (metadata: AdapterPayload): void => {
    const { client_id: clientId, [APP_FIELD]: appId } = metadata;
    if (typeof clientId !== 'string' || typeof appId !== 'string') return;
    const [oldest] = appIds.keys();
    if (appIds.size >= REGISTERED_CLIENTS_MAX && !appIds.has(clientId) && oldest !== undefined) appIds.delete(oldest);
    // Checked against the installation when the initial access token was made.
    appIds.set(clientId, appId as AppId);
    allowAddresses(metadata);
  };

  return {
    appIdOf: (clientId) => appIds.get(clientId) ?? null,
    forget: (clientId) => void appIds.delete(clientId),
    allowAddresses,
    wrap: (factory) => (model) => {
      const inner: Adapter = factory(model);
      if (model !== 'Client') return inner;
      return {
        ...inner,
        upsert: async (id, metadata, expiresInS) => {
          const { client_secret: secret } = metadata;
          const stored = typeof secret === 'string' ? { ...metadata, client_secret: hashSecret(secret) } : metadata;
          remember(stored);
          await inner.upsert(id, stored, expiresInS);
        },
        find: async (id) => {
          const metadata = await inner.find(id);
          if (metadata === undefined || metadata === null) return undefined;
          remember(metadata);
          return metadata;
        },
      };
    },
  };
}
