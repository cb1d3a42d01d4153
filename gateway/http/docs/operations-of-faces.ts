import { FORWARD_AUTH_PATHS } from '../../forward-auth/question.ts';
import { AUTHZEN_PATHS } from '../authzen/metadata.ts';
import { OIDC_PATH } from '../../oidc/types.ts';
import { liveSchema, readySchema } from '../routes/health.ts';
import type { Operation, Operations } from './operation.ts';

export const operationsOfHealth: Operations = {
  tag: 'Health',
  base: '',
  operations: [
    ['get /livez', 'Whether the process lives', { caller: 'nobody', answer: liveSchema }],
    ['get /readyz', 'Whether it can do its work; names the part that cannot', { caller: 'nobody', answer: readySchema }],
    ['get /openapi.json', 'This document', { caller: 'nobody', answer: 'json' }],
    ['get /docs', 'This document for people', { caller: 'nobody', answer: 'page' }],
  ],
};

/** The questions themselves are described beside their schemas. */
export const operationsOfDecisions: Operations = {
  tag: 'Decisions (AuthZEN 1.0)',
  base: '',
  operations: [
    [`get ${AUTHZEN_PATHS.metadata}`, 'Where to ask, and what this decision point can do', { caller: 'nobody', answer: 'json' }],
    [`get ${AUTHZEN_PATHS.openapi}`, 'The questions alone, for clients of this face', { caller: 'nobody', answer: 'json' }],
  ],
};

/** Each is a standard's own; the discovery document names the addresses in force. */
export const operationsOfOidc: Operations = {
  tag: 'OpenID Connect',
  base: OIDC_PATH,
  operations: [
    [
      'get /.well-known/openid-configuration',
      'OpenID Connect Discovery 1.0: everything an app has to know',
      { caller: 'nobody', answer: 'json' },
    ],
    ['get /.well-known/oauth-authorization-server', 'The same by the name of OAuth (RFC 8414)', { caller: 'nobody', answer: 'json' }],
    ['get /jwks', 'Signing keys (RFC 7517)', { caller: 'nobody', answer: 'json' }],
    ['get /auth', 'Authorization request (OpenID Connect Core 3.1.2.1): code with PKCE', { caller: 'nobody', answer: 'redirect' }],
    ['post /auth', 'The same by a form', { caller: 'nobody', body: 'form', answer: 'redirect' }],
    ['get /auth/:uid', 'A sign-in goes on', { caller: 'nobody', answer: 'redirect' }],
    [
      'post /token',
      'Token request (RFC 6749 3.2): code, refresh, client credentials, device code, CIBA',
      { caller: 'client', body: 'form', answer: 'json' },
    ],
    ['post /token/introspection', 'Whether a token is good, decided anew (RFC 7662)', { caller: 'client', body: 'form', answer: 'json' }],
    ['post /token/revocation', 'Give a token up (RFC 7009)', { caller: 'client', body: 'form', answer: 'nothing' }],
    ['get /me', 'Claims about the person (OpenID Connect Core 5.3)', { caller: 'client', answer: 'json' }],
    ['post /me', 'The same by POST', { caller: 'client', body: 'form', answer: 'json' }],
    ['post /request', 'Pushed authorization request (RFC 9126)', { caller: 'client', body: 'form', answer: 'json' }],
    ['post /device/auth', 'A device asks for a code (RFC 8628 3.1)', { caller: 'client', body: 'form', answer: 'json' }],
    ['get /device', 'Where people type the code of a device in', { caller: 'nobody', answer: 'page' }],
    ['post /device', 'The code of a device', { caller: 'nobody', body: 'form', answer: 'page' }],
    ['get /device/:uid', 'A device’s sign-in goes on', { caller: 'nobody', answer: 'redirect' }],
    ['post /backchannel', 'Ask a person over the back channel (CIBA Core 7.1)', { caller: 'client', body: 'form', answer: 'json' }],
    ['get /approve', 'Where people answer what apps ask over the back channel', { caller: 'nobody', answer: 'page' }],
    ['post /reg', 'Register a client (RFC 7591), with an initial access token', { caller: 'client', body: 'json', answer: 'json' }],
    ['get /reg/:clientId', 'What a client registered', { caller: 'client', answer: 'json' }],
    ['get /session/end', 'Sign out (OpenID Connect RP-Initiated Logout 1.0)', { caller: 'nobody', answer: 'page' }],
    ['post /session/end', 'The same by a form', { caller: 'nobody', body: 'form', answer: 'redirect' }],
    ['post /session/end/confirm', 'The person says yes', { caller: 'nobody', body: 'form', answer: 'redirect' }],
    ['get /session/end/success', 'Signed out', { caller: 'nobody', answer: 'page' }],
  ],
};

const SEARCH = ['filter', 'sortBy', 'sortOrder', 'startIndex', 'count', 'attributes', 'excludedAttributes'] as const;

const COLLECTIONS: readonly Operation[] = ['Users', 'Groups'].flatMap((name): readonly Operation[] => [
  [`get /${name}`, `${name}, filtered, sorted, a page at a time`, { caller: 'client', query: SEARCH, answer: 'json' }],
  [`post /${name}`, `Create one of ${name}`, { caller: 'client', body: 'json', answer: 'json' }],
  [`post /${name}/.search`, `${name} by a search that is no address`, { caller: 'client', body: 'json', answer: 'json' }],
  [`get /${name}/:id`, `One of ${name}`, { caller: 'client', answer: 'json' }],
  [`put /${name}/:id`, `Replace one of ${name}`, { caller: 'client', body: 'json', answer: 'json' }],
  [`patch /${name}/:id`, `Change one of ${name}; active=false suspends the person`, { caller: 'client', body: 'json', answer: 'json' }],
  [`delete /${name}/:id`, `Remove one of ${name}; a person has then departed`, { caller: 'client', answer: 'nothing' }],
]);

/** RFC 7643 and RFC 7644; /Schemas describes each attribute. */
export const operationsOfScim: Operations = {
  tag: 'SCIM 2.0',
  base: '/scim/v2',
  operations: [
    ...COLLECTIONS,
    ['post /Bulk', 'Several changes at once', { caller: 'client', body: 'json', answer: 'json' }],
    ['get /ServiceProviderConfig', 'What this server can do', { caller: 'client', answer: 'json' }],
    ['get /Schemas', 'Attributes of users and groups', { caller: 'client', answer: 'json' }],
    ['get /Schemas/:id', 'Attributes of one kind', { caller: 'client', answer: 'json' }],
    ['get /ResourceTypes', 'Kinds of resources', { caller: 'client', answer: 'json' }],
    ['get /ResourceTypes/:id', 'One kind of resource', { caller: 'client', answer: 'json' }],
  ],
};

/** Beside the provider's own addresses, at the root of the host. */
export const operationsOfIssuerMetadata: Operations = {
  tag: 'OpenID Connect',
  base: '',
  operations: [
    [
      `get /.well-known/oauth-authorization-server${OIDC_PATH}`,
      'The same where clients of OAuth look for an issuer with a path (RFC 8414 3.1)',
      { caller: 'nobody', answer: 'json' },
    ],
  ],
};

/** A proxy asks with the browser's request and cookie; 2xx lets it pass. */
export const operationsOfForwardAuth: Operations = {
  tag: 'Forward authentication',
  base: '',
  operations: [
    [`get ${FORWARD_AUTH_PATHS.auth_request}`, 'nginx auth_request', { caller: 'client', answer: 'nothing' }],
    [`get ${FORWARD_AUTH_PATHS.forward_auth}`, 'Caddy forward_auth, Traefik ForwardAuth', { caller: 'client', answer: 'nothing' }],
    [`get ${FORWARD_AUTH_PATHS.ext_authz}/:path`, 'Envoy ext_authz: the path follows', { caller: 'client', answer: 'nothing' }],
    [`get ${FORWARD_AUTH_PATHS.oauth2_proxy}`, 'As oauth2-proxy answers', { caller: 'client', answer: 'nothing' }],
  ],
};

/** FreeRADIUS rlm_rest; adapters/vpn/freeradius holds the configuration. */
export const operationsOfRadius: Operations = {
  tag: 'VPN and Wi-Fi (RADIUS)',
  base: '/api/vpn/:realmId',
  operations: [
    ['post /authenticate', '204 lets the person in, 401 does not', { caller: 'client', body: 'json', answer: 'nothing' }],
    [
      'post /push',
      'Ask a person without a code to say yes with a passkey; answers as authenticate',
      { caller: 'client', body: 'json', answer: 'nothing' },
    ],
    [
      'post /certificate',
      'After the handshake of EAP-TLS: 200 lets the computer in, with what it is told',
      { caller: 'client', body: 'json', answer: 'json' },
    ],
    ['post /post-auth', 'What the VPN client is told', { caller: 'client', body: 'json', answer: 'json' }],
    ['post /accounting', 'Beginning, life sign and end of a session', { caller: 'client', body: 'json', answer: 'nothing' }],
  ],
};

export const operationsOfUpstream: Operations = {
  tag: 'Identity provider outside',
  base: '/upstream/:id',
  operations: [
    ['get /callback', 'A person comes back from it', { caller: 'nobody', answer: 'redirect' }],
    [
      'post /backchannel-logout',
      'It says that a session has ended (OpenID Connect Back-Channel Logout 1.0)',
      { caller: 'client', body: 'form', answer: 'nothing' },
    ],
    ['get /jwks.json', 'Keys with which the gateway signs at it', { caller: 'nobody', answer: 'json' }],
  ],
};
