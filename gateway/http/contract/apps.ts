import { z } from 'zod';
import { appDraftSchema, appKindSchema, APP_SECRET_KEEP_S_MAX, appRulesSchema, idTokenAlgSchema } from '../../domain/apps/added-app.ts';
import { operatorReasonSchema } from './common.ts';

export { APP_ADDRESSES_MAX, type AppDraft, type AppKind } from '../../domain/apps/added-app.ts';

const reason = operatorReasonSchema;

/** `file` = of the configuration file, and changed there. */
const sourceSchema = z.enum(['file', 'added']);

const appRowSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  kind: appKindSchema,
  source: sourceSchema,
  clientId: z.string(),
  sensitivity: z.int(),
  isEnabled: z.boolean(),
  /** Since the gateway started; null = not since then. */
  lastSignInAtMs: z.number().nullable(),
  /** What the client did last was refused. */
  hasProblem: z.boolean(),
});
export type AppRow = z.infer<typeof appRowSchema>;

const registeredClientSchema = z.strictObject({
  clientId: z.string(),
  /** As the client calls itself. */
  name: z.string(),
  appId: z.string(),
  redirectUris: z.array(z.string()),
  registeredAtMs: z.number().nullable(),
});
export type RegisteredClientRow = z.infer<typeof registeredClientSchema>;

/** GET /api/apps */
export const appsSchema = z.strictObject({ apps: z.array(appRowSchema) });
export type AppsView = z.infer<typeof appsSchema>;

/** GET /api/oidc/clients?after=CLIENT -> clients that have registered themselves. */
export const registeredClientsSchema = z.strictObject({
  clients: z.array(registeredClientSchema),
  /** Where the next page begins after; null = there is none. */
  next: z.string().nullable(),
});
export type RegisteredClientsView = z.infer<typeof registeredClientsSchema>;

/** GET /api/app-choices -> what apps refer to. */
export const appChoicesSchema = z.strictObject({
  issuer: z.string(),
  sites: z.array(z.strictObject({ id: z.string(), name: z.string() })),
  areas: z.array(z.strictObject({ id: z.string(), name: z.string(), siteId: z.string() })),
  apis: z.array(z.strictObject({ id: z.string(), name: z.string(), scopes: z.array(z.string()) })),
});
export type AppChoices = z.infer<typeof appChoicesSchema>;

const secretSchema = z.strictObject({ createdAtMs: z.number(), validUntilMs: z.number().nullable() });

/** GET /api/apps/:id */
export const appDetailSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  kind: appKindSchema,
  source: sourceSchema,
  clientId: z.string(),
  isEnabled: z.boolean(),
  redirectUris: z.array(z.string()),
  postLogoutRedirectUris: z.array(z.string()),
  backchannelLogoutUri: z.string().nullable(),
  origin: z.string().nullable(),
  paths: z.array(z.string()),
  publicPaths: z.array(z.string()),
  apis: z.array(z.string()),
  apiScopes: z.array(z.string()),
  idTokenAlg: idTokenAlgSchema,
  rules: appRulesSchema,
  issuer: z.string(),
  discoveryUrl: z.string(),
  /** The newest first; empty for one that has none, and for those of the configuration file. */
  secrets: z.array(secretSchema),
  /** 0 for those of the configuration file. */
  version: z.int(),
  createdAtMs: z.number().nullable(),
  changedAtMs: z.number().nullable(),
});
export type AppDetail = z.infer<typeof appDetailSchema>;

/** POST /api/apps -> 201 */
export const addAppBodySchema = z.strictObject({ draft: appDraftSchema, reason });
/** POST /api/app-check {draft} -> what is wrong with it; changes nothing. */
export const checkAppBodySchema = z.strictObject({ draft: appDraftSchema });
export const appProblemsSchema = z.strictObject({ problems: z.array(z.strictObject({ path: z.string(), message: z.string() })) });
export type AppProblems = z.infer<typeof appProblemsSchema>;
/** POST /api/apps/:id/change */
export const changeAppBodySchema = z.strictObject({ draft: appDraftSchema, version: z.int().min(1), reason });
/** POST /api/apps/:id/secret */
export const rotateSecretBodySchema = z.strictObject({ keepOldS: z.int().min(0).max(APP_SECRET_KEEP_S_MAX), reason });

/** A secret is in this answer and never again. */
export const appWithSecretSchema = z.strictObject({ app: appDetailSchema, secret: z.string().nullable() });
export type AppWithSecret = z.infer<typeof appWithSecretSchema>;

/** GET /api/apps/:id/settings -> to copy into the app, without a secret: PLACEHOLDER stands where it belongs. */
export const appSettingsSchema = z.strictObject({
  placeholder: z.string(),
  settings: z.array(
    z.strictObject({
      id: z.string(),
      title: z.string(),
      files: z.array(z.strictObject({ name: z.string(), language: z.string(), text: z.string() })),
      notes: z.array(z.string()),
    }),
  ),
});
export type AppSettings = z.infer<typeof appSettingsSchema>;
export type AppSetting = AppSettings['settings'][number];

/** GET /api/apps/:id/live-check?since=MS -> once; with /events the same as server-sent events named `check`, whenever it changes. */
export const liveCheckSchema = z.strictObject({
  state: z.enum(['waiting', 'under_way', 'problem', 'works']),
  problem: z.string().nullable(),
  title: z.string(),
  message: z.string(),
  remedy: z.string(),
  shown: z.array(z.strictObject({ label: z.string(), value: z.string() })),
  steps: z.array(z.strictObject({ id: z.enum(['discovery', 'begun', 'code', 'tokens']), doneAtMs: z.number().nullable() })),
  atMs: z.number().nullable(),
  person: z.strictObject({ id: z.string(), name: z.string() }).nullable(),
  decisionId: z.string().nullable(),
});
export type LiveCheckView = z.infer<typeof liveCheckSchema>;
