import { errors, type ClientMetadata, type Configuration, type KoaContextWithOIDC } from 'oidc-provider';
import { z } from 'zod';
import { GatewayError } from '../../domain/errors.ts';
import type { AppId, PersonId } from '../../domain/site/ids.ts';
import type { App } from '../../domain/site/site.ts';
import { isClientUri } from '../../platform/config/client-uri.ts';
import type { AuditLog } from '../../ports/audit-log.ts';
import type { Clock } from '../../ports/clock.ts';
import type { OidcStore } from '../../ports/oidc-store.ts';
import type { Random } from '../../ports/random.ts';
import { APP_FIELD, type RegisteredClients } from './registered-clients.ts';
import { storedId } from '../storage/stored-form.ts';

const MODEL = 'InitialAccessToken';
const POLICY = 'gatehouse';
const TOKEN_BYTES = 32;
/** Origins that one initial access token may allow. */
export const REGISTRATION_ORIGINS_MAX = 10;
export const REGISTRATION_TTL_S_MAX = 604_800;

const offerSchema = z.object({ gatehouse: z.object({ appId: z.string(), origins: z.array(z.string()), operatorId: z.string() }) });

export interface RegistrationOffer {
  /** The app, known to grants and policy, whose client the holder may register. */
  readonly appId: AppId;
  /** Where all addresses of the client must be. */
  readonly origins: readonly string[];
  readonly ttlS: number;
  readonly operatorId: PersonId;
}

export interface Registration {
  readonly feature: NonNullable<NonNullable<Configuration['features']>['registration']>;
  /**
   * Makes an initial access token for one registration. Only its hash is kept: the token is shown once.
   * @throws resource.unknown there is no such app; request.invalid an origin is none; audit.unavailable nothing was made then
   */
  readonly offer: (offer: RegistrationOffer) => Promise<{ readonly token: string; readonly expiresAtMs: number }>;
}

interface Deps {
  readonly store: OidcStore;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly random: Random;
  readonly registered: RegisteredClients;
  readonly findApp: (id: AppId) => App | undefined;
}

const ADDRESS_FIELDS = [
  'redirect_uris',
  'post_logout_redirect_uris',
  'backchannel_logout_uri',
  'jwks_uri',
  'sector_identifier_uri',
  'initiate_login_uri',
] as const;

const ALLOWED_GRANTS: ReadonlySet<string> = new Set([
  'authorization_code',
  'refresh_token',
  'urn:ietf:params:oauth:grant-type:device_code',
]);

/** Longest name of a client: people read it on the sign-in page. */
export const CLIENT_NAME_CHARS_MAX = 100;
/** Nothing that a page would show as something else: control characters, directions of writing, ends of lines. */
const CLIENT_NAME = /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+$/u;

const invalid = (text: string): Error => new errors.InvalidClientMetadata(text);

function checkAddresses(metadata: ClientMetadata, origins: ReadonlySet<string>): void {
  for (const field of ADDRESS_FIELDS) {
    const value = metadata[field];
    for (const uri of Array.isArray(value) ? (value as readonly unknown[]) : value === undefined ? [] : [value]) {
      if (typeof uri !== 'string' || !isClientUri(uri)) {
        if (field === 'redirect_uris') throw new errors.InvalidRedirectUri();
        throw invalid(`${field} must be https, without fragment`);
      }
      if (!origins.has(new URL(uri).origin)) throw invalid(`${field} is outside the origins of the initial access token`);
    }
  }
}

/** What a client may register is what the operator meant by the token: addresses of these origins, sign-ins of people, no more. */
function checkMetadata(metadata: ClientMetadata, origins: ReadonlySet<string>): void {
  checkAddresses(metadata, origins);
  const grants: unknown = metadata.grant_types ?? [];
  if (!Array.isArray(grants) || !grants.every((grant) => ALLOWED_GRANTS.has(grant as string)))
    throw invalid('grant_types may name authorization_code, refresh_token and device_code');
  const { client_name: name } = metadata;
  if (name !== undefined && (typeof name !== 'string' || name.length > CLIENT_NAME_CHARS_MAX || !CLIENT_NAME.test(name)))
    throw invalid(`client_name is a text of at most ${String(CLIENT_NAME_CHARS_MAX)} visible characters`);
}

type Record = (change: 'added' | 'used', about: { id: string; appId: string; operatorId: string }) => Promise<void>;

function createRecord({ audit, clock, random }: Deps): Record {
  return async (change, { appId, id, operatorId }) => {
    await audit.append({
      type: 'directory_change',
      occurredAtMs: clock.nowMs(),
      changeId: random.id('change'),
      subjectType: 'client',
      subjectId: id,
      personId: null,
      change,
      changes: [change === 'added' ? '+initial_access_token' : '+registered', `app:${appId}`],
      digestBefore: null,
      digestAfter: null,
      operatorId,
    });
  };
}

/** Runs for each registration, before the provider stores anything. */
function createPolicy({ clock, findApp, registered, store }: Deps, record: Record) {
  return async (ctx: KoaContextWithOIDC, metadata: ClientMetadata): Promise<void> => {
    const token = (ctx.oidc.entities as { readonly InitialAccessToken?: { readonly jti: string } }).InitialAccessToken;
    const id = storedId(MODEL, token?.jti ?? '');
    const artifact = await store.find(MODEL, id, clock.nowMs());
    if (artifact === null || artifact.consumedAtMs !== null) throw new errors.InvalidToken('the initial access token was used');
    const { appId, operatorId, origins } = offerSchema.parse(JSON.parse(artifact.payloadJson)).gatehouse;
    if (findApp(appId as AppId) === undefined) throw new errors.InvalidToken('the app of the initial access token is gone');
    checkMetadata(metadata, new Set(origins));
    metadata[APP_FIELD] = appId;
    registered.allowAddresses(metadata);
    // Before the token is used up: what is not valid can be corrected and sent again.
    await (ctx.oidc.provider.Client as unknown as { validate(metadata: ClientMetadata): Promise<void> }).validate(metadata);
    if (!(await store.consume(MODEL, id, clock.nowMs()))) throw new errors.InvalidToken('the initial access token was used');
    await record('used', { id: metadata.client_id, appId, operatorId });
  };
}

export function createRegistration(deps: Deps): Registration {
  const { clock, random, store } = deps;
  const record = createRecord(deps);

  return {
    feature: {
      enabled: true,
      initialAccessToken: true,
      // A client is changed by registering it anew: nothing but its own keys could show who it is.
      issueRegistrationAccessToken: false,
      policies: { [POLICY]: createPolicy(deps, record) },
      idFactory: () => random.id('client'),
      secretFactory: () => Buffer.from(random.bytes(TOKEN_BYTES)).toString('base64url'),
    },

    offer: async ({ appId, operatorId, origins, ttlS }) => {
      if (deps.findApp(appId) === undefined) throw new GatewayError('resource.unknown', 'There is no such app.');
      if (origins.length === 0 || origins.length > REGISTRATION_ORIGINS_MAX || !origins.every(isOrigin)) {
        throw new GatewayError('request.invalid', 'Name the origins of the client, such as https://app.example.com.');
      }
      if (!Number.isInteger(ttlS) || ttlS < 60 || ttlS > REGISTRATION_TTL_S_MAX) {
        throw new GatewayError('request.invalid', 'A token lives a minute to a week.');
      }
      const token = Buffer.from(random.bytes(TOKEN_BYTES)).toString('base64url');
      const nowS = Math.floor(clock.nowMs() / 1_000);
      const expiresAtMs = (nowS + ttlS) * 1_000;
      await record('added', { id: random.id('iat'), appId, operatorId });
      await store.upsert({
        model: MODEL,
        id: storedId(MODEL, token),
        payloadJson: JSON.stringify({
          kind: MODEL,
          iat: nowS,
          exp: nowS + ttlS,
          policies: [POLICY],
          gatehouse: { appId, origins, operatorId },
        }),
        personId: null,
        clientId: null,
        grantId: null,
        uid: null,
        userCode: null,
        expiresAtMs,
        consumedAtMs: null,
      });
      return { token, expiresAtMs };
    },
  };
}

function isOrigin(text: string): boolean {
  return isClientUri(text) && new URL(text).origin === text;
}
