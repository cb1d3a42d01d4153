import { z } from 'zod';
import type { AppId } from '../site/ids.ts';
import type { App } from '../site/site.ts';
import type { Website } from '../site/website.ts';
import { tryParse } from '../try-parse.ts';

/** Apps that were added while the gateway runs, beside those of the configuration file. */
export const ADDED_APPS_MAX = 500;
export const APP_ADDRESSES_MAX = 20;
export const APP_ADDRESS_CHARS_MAX = 2_048;
export const APP_PATHS_MAX = 100;
export const APP_APIS_MAX = 50;
export const APP_SCOPES_MAX = 100;
/** The one in use and the one before it. */
export const APP_SECRETS_MAX = 2;
/** How long the secret before may still be used, seconds. */
export const APP_SECRET_KEEP_S_MAX = 2_592_000;

/**
 * `web` has a server that keeps a secret, `browser` (single-page) and `native` cannot keep one, `machine` signs nobody in, `website` is
 * behind a proxy that asks about each request.
 */
export const appKindSchema = z.enum(['web', 'browser', 'native', 'machine', 'website']);
export type AppKind = z.infer<typeof appKindSchema>;

export const idTokenAlgSchema = z.enum(['ES256', 'EdDSA', 'RS256']);

const id = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'is not 1 to 63 lower-case letters, digits and hyphens, beginning with a letter or digit');
/** C0, C1 and line separators move a terminal's cursor; the bidirectional overrides show a line in another order than it is. */
const VISIBLE_TEXT = /^[^\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]*$/u;
const address = z.string().min(1).max(APP_ADDRESS_CHARS_MAX);
const epochMs = z.int().min(0);

/** What the policy knows of it, as of an app of the configuration file. */
export const appRulesSchema = z.strictObject({
  /** 0 public .. 5 critical. */
  sensitivity: z.int().min(0).max(5),
  siteId: z.string().min(1).max(128).nullable(),
  requiresAreaId: z.string().min(1).max(128).nullable(),
  maxPresenceAgeS: z.int().min(0).max(604_800),
  allowedNetworks: z.array(z.enum(['site', 'vpn_egress', 'elsewhere'])).max(3),
  maxAuthAgeS: z.int().min(0).max(86_400),
});
export type AppRules = z.infer<typeof appRulesSchema>;

export const DEFAULT_APP_RULES: AppRules = {
  sensitivity: 1,
  siteId: null,
  requiresAreaId: null,
  maxPresenceAgeS: 36_000,
  allowedNetworks: [],
  maxAuthAgeS: 0,
};

/** What an operator says of an app. */
export const appDraftSchema = z.strictObject({
  /** Named by grants, policy and log. */
  id,
  name: z.string().trim().min(1).max(200).regex(VISIBLE_TEXT, 'has control characters'),
  kind: appKindSchema,
  redirectUris: z.array(address).max(APP_ADDRESSES_MAX),
  postLogoutRedirectUris: z.array(address).max(APP_ADDRESSES_MAX),
  backchannelLogoutUri: address.nullable(),
  /** Of a website: where browsers know it, what of the origin it is, and what of that is open to everybody. */
  origin: z.string().min(1).max(300).nullable(),
  paths: z.array(z.string().min(1).max(APP_ADDRESS_CHARS_MAX)).max(APP_PATHS_MAX),
  publicPaths: z.array(z.string().min(1).max(APP_ADDRESS_CHARS_MAX)).max(APP_PATHS_MAX),
  /** Ids of APIs of the configuration file, and what it may ask for there as a machine. */
  apis: z.array(z.string().min(1).max(128)).max(APP_APIS_MAX),
  apiScopes: z.array(z.string().min(1).max(64)).max(APP_SCOPES_MAX),
  idTokenAlg: idTokenAlgSchema,
  rules: appRulesSchema,
});
export type AppDraft = z.infer<typeof appDraftSchema>;

const secretSchema = z.strictObject({
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  createdAtMs: epochMs,
  /** Null = until it is rotated. */
  validUntilMs: epochMs.nullable(),
});
export type AppSecret = z.infer<typeof secretSchema>;

export const addedAppSchema = appDraftSchema.extend({
  id: z.custom<AppId>((value) => tryParse(id, value).success),
  clientId: z.string().min(1).max(128),
  /** The newest first. Hashes only: a secret is shown once, to whoever added the app or rotated it. */
  secrets: z.array(secretSchema).max(APP_SECRETS_MAX),
  isEnabled: z.boolean(),
  createdAtMs: epochMs,
  changedAtMs: epochMs,
  /** Counts changes, so that nobody overwrites what they have not seen. */
  version: z.int().min(1),
});
export type AddedApp = z.infer<typeof addedAppSchema>;

/** Whether apps of the kind have a secret of their own. A website's codes are redeemed inside the gateway. */
export function hasSecret(kind: AppKind): boolean {
  return kind === 'web' || kind === 'machine';
}

/** Secrets that open the token endpoint now. */
export function validSecretsOf({ secrets }: Pick<AddedApp, 'secrets'>, nowMs: number): readonly string[] {
  return secrets.flatMap(({ sha256, validUntilMs }) => (validUntilMs === null || nowMs < validUntilMs ? [sha256] : []));
}

/** The half that decisions need. */
export function toSiteApp({ id: appId, name, clientId, rules }: AddedApp): App {
  const { siteId, requiresAreaId, ...rest } = rules;
  return {
    id: appId,
    name,
    clientId,
    ...rest,
    // Checked against the installation when the app was added or changed.
    siteId: siteId as App['siteId'],
    requiresAreaId: requiresAreaId as App['requiresAreaId'],
  };
}

/** Null for an app that is no website. */
export function toWebsite({ id: appId, name, clientId, kind, origin, paths, publicPaths }: AddedApp): Website | null {
  return kind !== 'website' || origin === null ? null : { appId, name, clientId, origin, paths, publicPaths };
}
