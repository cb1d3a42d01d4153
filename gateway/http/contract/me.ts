import { z } from 'zod';
import { webauthnJsonSchema } from './common.ts';
import { languageSchema } from './language.ts';
import { ceremonyResponseSchema } from './sign-in.ts';

/*
 * The people's side. Answers carry codes and parameters, never sentences: the pages have the texts in each language. A refusal is the
 * usual error body; its `code` is a reason code (with `decisionId`) or one of meErrorCodeSchema. `message` is English, for tools.
 */

/** What a page of the people's side has a text for, beside the reason codes of the policy. */
export const meErrorCodeSchema = z.enum([
  'request.unauthenticated',
  'request.invalid',
  'request.conflict',
  'request.rate_limited',
  'resource.unknown',
  'authentication.failed',
  /** 403 of a change of credentials: confirm with a passkey (POST /api/me/confirm), then send the request again. */
  'authentication.too_old',
  'enrolment.invalid',
  /** 409: without this passkey nothing lets the person in again. */
  'passkey.last_way_in',
  /** 409: the person has PASSKEYS_MAX. */
  'passkey.too_many',
  /** 409: the authenticator is registered already. */
  'passkey.known',
  /** 409: the person has shown no badge at a staffed reader of late. */
  'recovery.badge_missing',
  /** 409: the person is suspended or has departed. */
  'recovery.person_closed',
  'vpn.unavailable',
  'store.unavailable',
  'audit.unavailable',
]);
export type MeErrorCode = z.infer<typeof meErrorCodeSchema>;

/** A reason of the policy. Parameters that may be there: `area` and `site`, names of where to badge in. */
export const reasonSchema = z.strictObject({ code: z.string(), params: z.record(z.string(), z.string()) });
export type Reason = z.infer<typeof reasonSchema>;

/** What is asked for beside what the person holds. */
export const conditionSchema = z.enum(['step_up', 'pin', 'second_person', 'face']);

export const resourceKindSchema = z.enum(['door', 'app', 'vpn_realm']);
const resourceSchema = z.strictObject({ kind: resourceKindSchema, id: z.string(), name: z.string() });

/**
 * GET /api/me -> who is signed in to the people's side; nobody is an answer, not an error. POST /api/me/session (ceremonyResponseSchema;
 * challenge for conditional UI by POST /api/me/session/options {}) -> the same. DELETE /api/me/session -> {}
 */
export const meSchema = z.strictObject({
  person: z.strictObject({ id: z.string(), displayName: z.string(), email: z.string().nullable() }).nullable(),
  /** Null = as the browser says. */
  language: languageSchema.nullable(),
  session: z.strictObject({ id: z.string(), startedAtMs: z.number(), expiresAtMs: z.number(), authenticatedAtMs: z.number() }).nullable(),
  /** The person may sign in to the console as well. */
  console: z.boolean(),
});
export type MeView = z.infer<typeof meSchema>;

/**
 * POST /api/me/confirm/options {} -> assertionOptionsSchema; POST /api/me/confirm (ceremonyResponseSchema) -> meSchema: the same person
 * again, with a passkey used just now. The session has another id and secret afterwards.
 */

/** PUT /api/me/language -> languageBodySchema as it stands now. */
export const languageBodySchema = z.strictObject({ language: languageSchema.nullable() });

export const PASSKEY_NAME_CHARS_MAX = 64;
export const PASSKEYS_MAX = 20;
/** Nothing that moves or hides what stands beside it: operators read it too. */
const passkeyNameSchema = z
  .string()
  .trim()
  .min(1)
  .max(PASSKEY_NAME_CHARS_MAX)
  .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+$/u, 'holds a control character');

export const passkeySchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  /** By what the authenticator says of itself: built into a device, a key to plug in or hold near, a phone beside the device. */
  kind: z.enum(['device', 'security_key', 'phone', 'unknown']),
  /** It is synced: it lives in an account and not only in one device. */
  backedUp: z.boolean(),
  createdAtMs: z.number(),
  /** Null = not since uses are counted. */
  lastUsedAtMs: z.number().nullable(),
  /** This session was begun or last confirmed with it. */
  current: z.boolean(),
  /** Null = it may be removed. */
  notRemovable: z.enum(['passkey.last_way_in']).nullable(),
  /** Ids of those that were added with it and are removed with it when it is lost, unless they are to be kept. */
  addedWithIt: z.array(z.string()),
});
export type PasskeyView = z.infer<typeof passkeySchema>;

/** Where somebody without a passkey gets in again: badge there, and ask who is on duty. */
export const recoverySchema = z.strictObject({
  /** The person holds a badge that is in use, and there is a place to show it. */
  registered: z.boolean(),
  /** Who gives the code: whoever is on duty there, or only an administrator; `nobody`: the person is the only one. */
  from: z.enum(['duty', 'administrator', 'nobody']),
  places: z.array(z.strictObject({ reader: z.string(), site: z.string() })),
});

/** GET /api/me/passkeys */
export const passkeysSchema = z.strictObject({ passkeys: z.array(passkeySchema), passkeysMax: z.number(), recovery: recoverySchema });
export type PasskeysView = z.infer<typeof passkeysSchema>;

/** POST /api/me/passkeys/options {} -> options for navigator.credentials.create. */
export const registrationOptionsSchema = z.strictObject({ ceremonyId: z.string(), options: webauthnJsonSchema });
/** POST /api/me/passkeys -> passkeySchema. Without a name it gets one by its number. */
export const addPasskeySchema = ceremonyResponseSchema.extend({ name: passkeyNameSchema.optional() });
/** PATCH /api/me/passkeys/:id -> passkeySchema */
export const renamePasskeySchema = z.strictObject({ name: passkeyNameSchema });
/**
 * POST /api/me/passkeys/:id/remove -> removedSchema. `lost`: somebody else may have it, so that everything which may have been begun with
 * it ends, this session apart. `unused`: only sessions of the people's side and the console that were begun with it end.
 */
const removalSchema = z.strictObject({ because: z.enum(['unused', 'lost']) });
/** `keep`: of `addedWithIt` of a lost one, what the person has added themselves. */
export const removePasskeySchema = removalSchema.extend({ keep: z.array(z.string().min(1).max(128)).max(PASSKEYS_MAX).default([]) });
export const removeOwnSchema = removalSchema;

/** What was closed, and what could not be: `residual` names what is still open (`apps`: an app did not acknowledge, `vpn`). */
export const closedSchema = z.strictObject({
  sessions: z.number(),
  logoutTokensSent: z.number(),
  logoutTokensAcknowledged: z.number(),
  residual: z.array(z.enum(['apps', 'vpn'])),
});
export type ClosedView = z.infer<typeof closedSchema>;
export const removedSchema = z.strictObject({ closed: closedSchema });

const sessionAppSchema = z.strictObject({ id: z.string(), name: z.string(), startedAtMs: z.number() });

/**
 * GET /api/me/sessions, newest first. `sign_in` is a browser in which the person signed in to apps: closing it closes them, since the
 * browser would sign in again by itself. `app_access` is an app that keeps access without a browser.
 */
export const mySessionSchema = z.strictObject({
  id: z.string(),
  kind: z.enum(['portal', 'console', 'cli', 'sign_in', 'app_access', 'vpn']),
  startedAtMs: z.number(),
  /** Null = it has no fixed end. */
  expiresAtMs: z.number().nullable(),
  current: z.boolean(),
  apps: z.array(sessionAppSchema),
  /** The VPN, where it is one. */
  realmName: z.string().nullable(),
  /** Last sign of life of a VPN. */
  seenAtMs: z.number().nullable(),
});
export type MySession = z.infer<typeof mySessionSchema>;
export const mySessionsSchema = z.strictObject({ sessions: z.array(mySessionSchema) });
export type MySessions = z.infer<typeof mySessionsSchema>;
/** POST /api/me/sessions/:id/close {} and POST /api/me/sessions/close-others {} -> closedSchema. The current one is closed by DELETE /api/me/session. */

/** GET /api/me/access?kind=&after=&limit= -> what is open to the person now, by the policy in force and the facts of now. */
export const accessItemSchema = resourceSchema.extend({
  /** The site's name. */
  site: z.string().nullable(),
  /** `conditional`: open to who also does what `conditions` name. */
  state: z.enum(['open', 'conditional', 'closed']),
  conditions: z.array(conditionSchema),
  /** Set with `closed`: why. */
  reasons: z.array(reasonSchema),
  /** Of an app: where it starts; null when no browser can go there. */
  url: z.string().nullable(),
});
export type AccessItem = z.infer<typeof accessItemSchema>;
export const ACCESS_LIMIT_MAX = 100;
/** `next` is the `after` of the next page. */
export const accessSchema = z.strictObject({ atMs: z.number(), items: z.array(accessItemSchema), next: z.string().nullable() });
export type AccessView = z.infer<typeof accessSchema>;
/** GET /api/me/access/:kind/:id -> why not this one. What the person may not know of is as unknown (404) as what does not exist. */
export const accessDetailSchema = z.strictObject({ atMs: z.number(), item: accessItemSchema });

const entryBase = { seq: z.number(), atMs: z.number() };

const myDecisionSchema = z.strictObject({
  ...entryBase,
  kind: z.literal('decision'),
  action: z.enum(['door.unlock', 'app.login', 'vpn.connect', 'console.sign_in', 'self.sign_in', 'self.change']),
  effect: z.enum(['permit', 'deny']),
  /** Null = the console, or the people's side itself. */
  resource: z.strictObject({ kind: resourceKindSchema, id: z.string(), name: z.string().nullable() }).nullable(),
  reasons: z.array(reasonSchema),
  /** A permit that held only if these were met; the decision after it says whether they were. */
  conditions: z.array(conditionSchema),
  decisionId: z.string(),
  network: z.enum(['site', 'vpn_egress', 'elsewhere', 'none']),
});

/** One line of the person's own log. Names are null where the thing is no more. */
export const myLogEntrySchema = z.discriminatedUnion('kind', [
  myDecisionSchema,
  z.strictObject({
    ...entryBase,
    kind: z.literal('session'),
    event: z.enum(['started', 'ended']),
    session: z.enum(['portal', 'console', 'cli', 'sign_in', 'app', 'vpn']),
    /** Of the app or the VPN. */
    name: z.string().nullable(),
    /** A code such as `signed_out`, or a reason code. */
    cause: z.string(),
  }),
  z.strictObject({
    ...entryBase,
    kind: z.literal('credential'),
    event: z.enum(['enrolment_offered', 'enrolled', 'renamed', 'revoked', 'authentication_failed']),
    credential: z.enum(['badge', 'passkey', 'enrolment_link', 'cli_token', 'face_template', 'vpn_code', 'upstream_account', 'computer']),
    /** Of a passkey or a computer. */
    name: z.string().nullable(),
    /** Who did it; never who by name. */
    by: z.enum(['self', 'operator', 'gateway']),
    cause: z.string(),
  }),
  z.strictObject({
    ...entryBase,
    kind: z.literal('standing'),
    to: z.enum(['active', 'restricted', 'suspended', 'departed']),
  }),
]);
export type MyLogEntry = z.infer<typeof myLogEntrySchema>;
export const MY_LOG_LIMIT_MAX = 100;
/** GET /api/me/log?before=SEQ&limit= -> newest first, of the last 30 days. A page may hold fewer than asked for, even none, and go on. */
export const myLogSchema = z.strictObject({ entries: z.array(myLogEntrySchema), next: z.number().nullable() });
export type MyLogView = z.infer<typeof myLogSchema>;

/**
 * GET /api/me/overview -> what the log says in short. `isWhole` false: more is recorded than was looked through, so that what was not found
 * may be there all the same.
 */
export const myOverviewSchema = z.strictObject({
  standing: z.enum(['active', 'restricted']),
  /** Of the last seven days. */
  denials: z.strictObject({ count: z.number(), isWhole: z.boolean() }),
  /** The last time that a badge was read, whatever came of it, in the last 30 days. */
  lastBadge: z.strictObject({ entry: myDecisionSchema.nullable(), isWhole: z.boolean() }),
});
export type MyOverview = z.infer<typeof myOverviewSchema>;
