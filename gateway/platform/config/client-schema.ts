import { z } from 'zod';
import { clientUri, httpsClientUri } from './client-uri.ts';
import { field } from './field.ts';
import { idSchema, nameSchema } from './site-schema.ts';

export const APIS_MAX = 200;
export const SCOPES_PER_API_MAX = 100;
export const APIS_PER_APP_MAX = 50;
export const KEYS_PER_CLIENT_MAX = 10;

export const CLIENT_AUTH_METHODS = [
  'client_secret_basic',
  'client_secret_post',
  'private_key_jwt',
  'tls_client_auth',
  'self_signed_tls_client_auth',
  'none',
] as const;

/** What each one is called on the wire. */
export const GRANTS = ['authorization_code', 'refresh_token', 'client_credentials', 'device_code', 'ciba'] as const;

export const ACR_NAMES = ['aal2', 'aal3', 'face', 'on-site', 'fresh-badge'] as const;

const scopeName = z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,64}$/, 'is not a scope: visible ASCII without quote, backslash and space');

/** RFC 7517, the public part only: a private key in a configuration file would be everybody's who reads it. */
const publicJwk = z
  .looseObject({ kty: z.enum(['EC', 'OKP', 'RSA']), kid: z.string().max(256).optional(), alg: z.string().max(32).optional() })
  .refine((key) => !['d', 'p', 'q', 'k'].some((part) => part in key), 'holds a private key: give the public part only');

/** An API that takes access tokens of the gateway (RFC 8707 resource indicator). */
export const apiSchema = z.strictObject({
  id: field(idSchema, 'id', 'What apps name in their `apis`.'),
  name: field(nameSchema, 'text', 'As its users call it.'),
  resource: field(clientUri, 'URI', 'The resource indicator that clients send, compared exactly.'),
  audience: field(z.string().min(1).max(2_048).optional(), 'text', '`aud` of its tokens; the resource itself if absent.'),
  scopes: field(z.array(scopeName).min(1).max(SCOPES_PER_API_MAX), 'list of scopes', 'What clients may ask for at it.'),
  token: field(
    z.enum(['jwt', 'opaque']).default('jwt'),
    'jwt or opaque',
    'A JWT is checked by the API alone and lives until it expires; an opaque token is asked about and ends with the session.',
  ),
  acr: field(
    z.enum(ACR_NAMES).optional(),
    ACR_NAMES.join(', '),
    'What the person must have reached before a token for it is given out; absent = the sign-in itself.',
  ),
});

/** The part of an app that only matters to clients that want more than code and refresh. */
export const clientFields = {
  enabled: field(z.boolean().default(true), 'true or false', 'A client that is switched off is unknown to everybody.'),
  auth_method: field(
    z.enum(CLIENT_AUTH_METHODS).optional(),
    CLIENT_AUTH_METHODS.join(', '),
    'How it shows who it is; absent = its secret by HTTP Basic, or nothing for a public client.',
  ),
  jwks: field(
    z.strictObject({ keys: z.array(publicJwk).min(1).max(KEYS_PER_CLIENT_MAX) }).optional(),
    'JWK set',
    'Its public keys, for private_key_jwt, self_signed_tls_client_auth and signed requests.',
  ),
  jwks_uri: field(clientUri.optional(), 'URI', 'Where its keys are read instead, so that it may rotate them.'),
  tls_client_subject_dn: field(
    z.string().min(3).max(512).optional(),
    'RFC 4514 name',
    'Subject of its certificate, for tls_client_auth; the proxy that ends TLS has checked the chain.',
  ),
  grants: field(
    z.array(z.enum(GRANTS)).min(1).max(GRANTS.length).default(['authorization_code', 'refresh_token']),
    GRANTS.join(', '),
    'What it may exchange for tokens.',
  ),
  apis: field(z.array(idSchema).max(APIS_PER_APP_MAX).default([]), 'list of API ids', 'APIs it may get tokens for.'),
  api_scopes: field(
    z.array(scopeName).max(SCOPES_PER_API_MAX).default([]),
    'list of scopes',
    'What it may ask for at its APIs as a machine (client_credentials); people get what they ask for.',
  ),
  native: field(z.boolean().default(false), 'true or false', 'Runs on the person’s machine: any port of loopback redirects is accepted.'),
  pairwise: field(z.boolean().default(false), 'true or false', 'Each sector sees another subject of the same person.'),
  sector_identifier_uri: field(httpsClientUri.optional(), 'URI', 'Lists the redirect URIs of clients that share subjects.'),
  require_par: field(z.boolean().default(false), 'true or false', 'Authorization requests are pushed first (RFC 9126).'),
  require_signed_request: field(z.boolean().default(false), 'true or false', 'Authorization requests are signed (RFC 9101).'),
  bound_tokens: field(
    z.enum(['none', 'dpop', 'mtls']).default('none'),
    'none, dpop, mtls',
    'Tokens that are worth nothing without a key of the client (RFC 9449, RFC 8705).',
  ),
  fapi: field(
    z.boolean().default(false),
    'true or false',
    'FAPI 2.0 security profile: pushed requests, bound tokens and client keys are all required.',
  ),
  no_pkce_reason: field(
    z.string().trim().min(10).max(200).optional(),
    'text',
    'The named exception for a confidential client whose library cannot do PKCE; it must use nonce.',
  ),
  id_token_alg: field(z.enum(['ES256', 'EdDSA', 'RS256']).default('ES256'), 'ES256, EdDSA, RS256', 'How its ID tokens are signed.'),
  ciba_notification_uri: field(
    httpsClientUri.optional(),
    'URI',
    'Told when a back-channel sign-in was answered (CIBA ping); absent = the client polls.',
  ),
  ciba_badge: field(
    z.boolean().default(false),
    'true or false',
    'A badge at a reader with answers_sign_ins says yes to its back-channel sign-ins; the policy wants the PIN with it.',
  ),
} as const;

type ClientFields = z.output<z.ZodObject<typeof clientFields>> & {
  readonly public: boolean;
  readonly client_secret_sha256?: string | undefined;
};

const SECRET_METHODS: readonly string[] = ['client_secret_basic', 'client_secret_post'];
const KEY_METHODS: readonly string[] = ['private_key_jwt', 'self_signed_tls_client_auth'];
const FAPI_METHODS: readonly string[] = ['private_key_jwt', 'tls_client_auth', 'self_signed_tls_client_auth'];

/** How the client shows who it is, written or not. */
export function authMethodOf(app: ClientFields): (typeof CLIENT_AUTH_METHODS)[number] {
  return app.auth_method ?? (app.public ? 'none' : 'client_secret_basic');
}

/** What does not go together, as path and message. */
export function clientProblems(app: ClientFields): readonly { readonly path: string; readonly message: string }[] {
  const method = authMethodOf(app);
  const hasSecret = app.client_secret_sha256 !== undefined;
  const hasKeys = app.jwks !== undefined || app.jwks_uri !== undefined;
  const isBound = app.bound_tokens !== 'none';
  const problems: readonly (readonly [boolean, string, string])[] = [
    [app.public !== (method === 'none'), 'auth_method', 'none is for public clients, and every public client has none'],
    [
      SECRET_METHODS.includes(method) !== hasSecret,
      'client_secret_sha256',
      'is needed unless the client is public or has keys, and only then',
    ],
    [KEY_METHODS.includes(method) && !hasKeys, 'jwks', `is needed by ${method}, or jwks_uri`],
    [app.jwks !== undefined && app.jwks_uri !== undefined, 'jwks_uri', 'and jwks exclude each other'],
    [(method === 'tls_client_auth') !== (app.tls_client_subject_dn !== undefined), 'tls_client_subject_dn', 'belongs to tls_client_auth'],
    [app.require_signed_request && !hasKeys, 'require_signed_request', 'needs jwks or jwks_uri'],
    [app.public && app.grants.includes('client_credentials'), 'grants', 'client_credentials is not for public clients'],
    [app.ciba_badge && !app.grants.includes('ciba'), 'ciba_badge', 'is about back-channel sign-ins: grants must include ciba'],
    [app.public && app.grants.includes('ciba'), 'grants', 'ciba is not for public clients'],
    [app.public && app.no_pkce_reason !== undefined, 'no_pkce_reason', 'is not for public clients (RFC 9700 2.1.1)'],
    [app.fapi && !FAPI_METHODS.includes(method), 'auth_method', 'fapi needs private_key_jwt or a TLS certificate'],
    [app.fapi && !isBound, 'bound_tokens', 'fapi needs dpop or mtls'],
    [app.fapi && app.no_pkce_reason !== undefined, 'no_pkce_reason', 'fapi has no exception from PKCE'],
    [app.fapi && app.id_token_alg === 'RS256', 'id_token_alg', 'fapi allows ES256 and EdDSA'],
    [
      app.sector_identifier_uri !== undefined && !app.pairwise,
      'sector_identifier_uri',
      'is about pairwise subjects: set pairwise as well, or leave it out',
    ],
  ];
  return problems.filter(([isWrong]) => isWrong).map(([, path, message]) => ({ path, message }));
}
