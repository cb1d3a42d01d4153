import type { Caller } from './operation.ts';

type Json = Readonly<Record<string, unknown>>;

/** Null = nobody has to show anything. `{}` beside others = it may be absent. */
export const SECURITY: Readonly<Record<Caller, readonly Json[] | null>> = {
  operator: [{ console_session: [] }, { bearer: [] }],
  person: [{ own_session: [] }],
  device: [{ device_key: [] }],
  oauth_client: [{ client_secret: [] }, { client_in_form: [] }],
  token_holder: [{ access_token: [] }],
  registration: [{ registration_token: [] }],
  directory: [{ directory_key: [] }],
  radius_server: [{ realm_key: [] }],
  proxy: [{ site_session: [] }, {}],
  nobody: null,
};

export const SCHEMES: Json = {
  console_session: { type: 'apiKey', in: 'cookie', name: 'gatehouse-console', description: 'A passkey sign-in to the console.' },
  bearer: { type: 'http', scheme: 'bearer', description: 'A token that `gatehouse login` keeps.' },
  own_session: { type: 'apiKey', in: 'cookie', name: 'gatehouse-portal', description: 'A passkey sign-in to one’s own pages.' },
  device_key: { type: 'http', scheme: 'bearer', description: 'A statement that the device signs with its own key.' },
  client_secret: { type: 'http', scheme: 'basic', description: 'Client id and secret (RFC 6749 2.3.1).' },
  client_in_form: {
    type: 'oauth2',
    description:
      'In the form, as the client is registered: client_id with client_secret, with client_assertion (RFC 7523), with a certificate (RFC 8705), or alone where it has no secret.',
    flows: {},
  },
  access_token: { type: 'http', scheme: 'bearer', description: 'An access token of this provider, or by DPoP (RFC 9449).' },
  registration_token: {
    type: 'http',
    scheme: 'bearer',
    description: 'To register: an initial access token. To read what is registered: the registration access token.',
  },
  directory_key: { type: 'http', scheme: 'bearer', description: 'The key of a directory of scim.clients.' },
  realm_key: { type: 'http', scheme: 'bearer', description: 'The key of the realm of vpn_realms.' },
  site_session: {
    type: 'apiKey',
    in: 'cookie',
    name: '__Host-gatehouse-site-{app}',
    description: 'The browser’s cookie of the website, passed on by the proxy. The proxy itself is known by its address (trusted_proxies).',
  },
  client_key: { type: 'http', scheme: 'bearer', description: 'The key of an AuthZEN client.' },
};

/** For people, by the scheme that is named first. */
export const CALLERS_IN_WORDS: Readonly<Record<string, string>> = {
  console_session: 'Operators: a session of the console or a bearer token.',
  own_session: 'Everybody for themselves: a session of one’s own pages.',
  device_key: 'Devices, with a statement that they sign.',
  client_secret: 'Clients of OpenID Connect, authenticated as they are registered.',
  access_token: 'Clients of OpenID Connect, with an access token.',
  registration_token: 'Programs that register themselves, with the token that they were given for it.',
  directory_key: 'Directories, with their key.',
  realm_key: 'RADIUS servers, with the key of their realm.',
  site_session: 'Proxies named in trusted_proxies, with the cookie of the browser.',
  client_key: 'AuthZEN clients, with their key.',
};
