import { z } from 'zod';
import type { AppId, DecisionId } from '../../domain/site/ids.ts';
import { tryParse } from '../../domain/try-parse.ts';
import type { AuditLog } from '../../ports/audit-log.ts';
import type { Clock } from '../../ports/clock.ts';
import type { OidcStore } from '../../ports/oidc-store.ts';
import type { EndClient } from './end-client.ts';
import { APP_FIELD, type RegisteredClients } from './registered-clients.ts';

const MODEL = 'Client';
/** Clients that one answer names. */
export const REGISTERED_PAGE_MAX = 100;

/** A client that has registered itself with an initial access token. */
export interface RegisteredClient {
  readonly clientId: string;
  /** As the client calls itself: shown, and trusted in nothing. */
  readonly name: string;
  readonly appId: string;
  readonly redirectUris: readonly string[];
  readonly registeredAtMs: number | null;
}

export interface RegisteredClientDesk {
  list(afterId: string | null): Promise<{ readonly clients: readonly RegisteredClient[]; readonly next: string | null }>;
  /** With its sessions and tokens. False when there is none. @throws audit.unavailable nothing was removed then */
  remove(clientId: string, by: RemovedBy): Promise<boolean>;
  /** Those of an app that is removed, and whatever could still register one: another app of this id must not inherit them. */
  removeOf(appId: AppId, by: RemovedBy): Promise<void>;
}

interface RemovedBy {
  readonly operatorId: string;
  readonly decisionId: DecisionId;
}

interface Deps {
  readonly store: OidcStore;
  readonly registered: Pick<RegisteredClients, 'forget'>;
  readonly endClient: EndClient;
  readonly audit: Pick<AuditLog, 'append'>;
  readonly clock: Clock;
}

const OFFER_MODEL = 'InitialAccessToken';
const offerSchema = z.looseObject({ gatehouse: z.looseObject({ appId: z.string() }) });
const clientSchema = z.looseObject({
  client_id: z.string(),
  client_name: z.string().optional(),
  [APP_FIELD]: z.string(),
  redirect_uris: z.array(z.string()).default([]),
  client_id_issued_at: z.number().optional(),
});

function toClient(payloadJson: string): RegisteredClient {
  const client = clientSchema.parse(JSON.parse(payloadJson));
  const { client_id: clientId, client_name: name = '', client_id_issued_at: issuedAtS } = client;
  const registeredAtMs = issuedAtS === undefined ? null : issuedAtS * 1_000;
  return { clientId, name, appId: client[APP_FIELD], redirectUris: client.redirect_uris, registeredAtMs };
}

export function createRegisteredClientDesk({ audit, clock, endClient, registered, store }: Deps): RegisteredClientDesk {
  const remove = async (clientId: string, { decisionId, operatorId }: RemovedBy): Promise<boolean> => {
    const stored = await store.find(MODEL, clientId, clock.nowMs());
    if (stored === null) return false;
    await audit.append({
      type: 'directory_change',
      occurredAtMs: clock.nowMs(),
      changeId: decisionId,
      subjectType: 'client',
      subjectId: clientId,
      personId: null,
      change: 'removed',
      changes: [`app:${toClient(stored.payloadJson).appId}`],
      digestBefore: null,
      digestAfter: null,
      operatorId,
    });
    // Twice: it is told that its sessions end while it is still known, and may begin new ones until it is not.
    await endClient(clientId, 'client_removed');
    await store.destroy(MODEL, clientId);
    registered.forget(clientId);
    await endClient(clientId, 'client_removed');
    return true;
  };

  /** Of all artifacts of a model those whose payload speaks of the app. */
  const idsOf = async (model: string, speaksOf: (payload: unknown) => boolean): Promise<readonly string[]> => {
    const ids: string[] = [];
    let afterId: string | null = null;
    do {
      const page = await store.ofModel(model, { afterId, limit: REGISTERED_PAGE_MAX }, clock.nowMs());
      ids.push(...page.filter(({ payloadJson }) => speaksOf(JSON.parse(payloadJson))).map(({ id }) => id));
      afterId = page.length < REGISTERED_PAGE_MAX ? null : (page.at(-1)?.id ?? null);
    } while (afterId !== null);
    return ids;
  };

  return {
    list: async (afterId) => {
      const found = await store.ofModel(MODEL, { afterId, limit: REGISTERED_PAGE_MAX }, clock.nowMs());
      const next = found.length < REGISTERED_PAGE_MAX ? null : (found.at(-1)?.id ?? null);
      return { clients: found.map(({ payloadJson }) => toClient(payloadJson)), next };
    },
    remove,
    removeOf: async (appId, by) => {
      const ofApp = (payload: unknown): boolean => tryParse(clientSchema, payload).data?.[APP_FIELD] === appId;
      for (const clientId of await idsOf(MODEL, ofApp)) await remove(clientId, by);
      const offersApp = (payload: unknown): boolean => tryParse(offerSchema, payload).data?.gatehouse.appId === appId;
      for (const id of await idsOf(OFFER_MODEL, offersApp)) await store.destroy(OFFER_MODEL, id);
    },
  };
}
