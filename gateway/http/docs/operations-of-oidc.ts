import { OIDC_PATH } from '../../oidc/types.ts';
import type { Answer, Answers, Operation, Operations } from './operation.ts';

const failed = (description: string, headers: readonly string[] = []): Answer => ({ description, body: 'oauth_error', headers });

/** Of every endpoint that a program calls. */
const REFUSALS: Answers = {
  400: failed('The request does not fit, or was decided against; `error` says why.'),
  401: failed('Nobody who may ask: no credential, or a wrong one.', ['WWW-Authenticate']),
  413: failed('The request is too long.'),
  500: failed('Something failed inside the gateway; nothing was given.'),
};
const BUSY: Answers = { 429: failed('Too many requests of this client or person.', ['Retry-After']) };
const done = (description = 'As the standard has it.'): Answer => ({ description, body: 'json' });

/** A form of a client that shows who it is. */
const ofClient = (route: string, summary: string, answers: Answers): Operation => [
  route,
  summary,
  { caller: 'oauth_client', body: 'form', answer: { byStatus: { ...answers, ...REFUSALS, ...BUSY } } },
];

const PAGE: Answer = { description: 'A page.', body: 'page', headers: ['Set-Cookie'] };
const GO_ON: Answer = { description: 'The browser goes on at `Location`.', headers: ['Location', 'Set-Cookie'] };
const REFUSED_PAGE: Answers = { 400: { description: 'It cannot go on; the page says why.', body: 'page' } };

const METADATA: Operations['operations'] = [
  [
    'get /.well-known/openid-configuration',
    'OpenID Connect Discovery 1.0: everything an app has to know',
    { caller: 'nobody', answer: { byStatus: { 200: done() } } },
  ],
  [
    'get /.well-known/oauth-authorization-server',
    'The same by the name of OAuth (RFC 8414)',
    { caller: 'nobody', answer: { byStatus: { 200: done() } } },
  ],
  [
    'get /jwks',
    'Signing keys (RFC 7517)',
    { caller: 'nobody', answer: { byStatus: { 200: { description: 'The keys.', body: 'jwk_set' } } } },
  ],
];

const userinfo = (route: string, summary: string, body?: 'form'): Operation => [
  route,
  summary,
  { caller: 'token_holder', ...(body === undefined ? {} : { body }), answer: { byStatus: { 200: done(), ...REFUSALS, ...BUSY } } },
];

const FOR_PROGRAMS: Operations['operations'] = [
  ofClient('post /token', 'Token request (RFC 6749 3.2): code, refresh, client credentials, device code, CIBA', { 200: done() }),
  ofClient('post /token/introspection', 'Whether a token is good, decided anew (RFC 7662)', { 200: done() }),
  ofClient('post /token/revocation', 'Give a token up (RFC 7009)', { 200: { description: 'It is good no more.' } }),
  userinfo('get /me', 'Claims about the person (OpenID Connect Core 5.3)'),
  userinfo('post /me', 'The same by POST', 'form'),
  ofClient('post /request', 'Pushed authorization request (RFC 9126)', { 201: done() }),
  ofClient('post /device/auth', 'A device asks for a code (RFC 8628 3.1)', { 200: done() }),
  ofClient('post /backchannel', 'Ask a person over the back channel (CIBA Core 7.1)', { 200: done() }),
  [
    'post /reg',
    'Register a client (RFC 7591), with an initial access token',
    { caller: 'registration', body: 'json', answer: { byStatus: { 201: done('The client, with its secret.'), ...REFUSALS, ...BUSY } } },
  ],
  ['get /reg/:clientId', 'What a client registered', { caller: 'registration', answer: { byStatus: { 200: done(), ...REFUSALS } } }],
];

const FOR_BROWSERS: Operations['operations'] = [
  [
    'get /auth',
    'Authorization request (OpenID Connect Core 3.1.2.1): code with PKCE',
    { caller: 'nobody', answer: { byStatus: { 303: GO_ON, ...REFUSED_PAGE } } },
  ],
  ['post /auth', 'The same by a form', { caller: 'nobody', body: 'form', answer: { byStatus: { 303: GO_ON, ...REFUSED_PAGE } } }],
  ['get /auth/:uid', 'A sign-in goes on', { caller: 'nobody', answer: { byStatus: { 303: GO_ON, ...REFUSED_PAGE } } }],
  ['get /device', 'Where people type the code of a device in', { caller: 'nobody', answer: { byStatus: { 200: PAGE } } }],
  [
    'post /device',
    'The code of a device',
    { caller: 'nobody', body: 'form', answer: { byStatus: { 200: PAGE, 303: GO_ON, ...REFUSED_PAGE } } },
  ],
  ['get /device/:uid', 'A device’s sign-in goes on', { caller: 'nobody', answer: { byStatus: { 303: GO_ON, ...REFUSED_PAGE } } }],
  ['get /approve', 'Where people answer what apps ask over the back channel', { caller: 'nobody', answer: { byStatus: { 200: PAGE } } }],
  [
    'get /session/end',
    'Sign out (OpenID Connect RP-Initiated Logout 1.0)',
    { caller: 'nobody', answer: { byStatus: { 200: PAGE, 400: failed('The request does not fit; `error` says why.') } } },
  ],
  ['post /session/end', 'The same by a form', { caller: 'nobody', body: 'form', answer: { byStatus: { 303: GO_ON } } }],
  [
    'post /session/end/confirm',
    'The person says yes',
    { caller: 'nobody', body: 'form', answer: { byStatus: { 303: GO_ON, 400: failed('Nobody has asked to be signed out here.') } } },
  ],
  ['get /session/end/success', 'Signed out', { caller: 'nobody', answer: { byStatus: { 200: PAGE } } }],
];

/** Each is a standard's own; the discovery document names the addresses in force. */
export const operationsOfOidc: Operations = {
  tag: 'OpenID Connect',
  base: OIDC_PATH,
  operations: [...METADATA, ...FOR_BROWSERS, ...FOR_PROGRAMS],
};

/** Beside the provider's own addresses, at the root of the host. */
export const operationsOfIssuerMetadata: Operations = {
  tag: 'OpenID Connect',
  base: '',
  operations: [
    [
      `get /.well-known/oauth-authorization-server${OIDC_PATH}`,
      'The same where clients of OAuth look for an issuer with a path (RFC 8414 3.1)',
      { caller: 'nobody', answer: { byStatus: { 200: done() } } },
    ],
  ],
};
