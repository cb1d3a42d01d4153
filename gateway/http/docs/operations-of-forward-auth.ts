import { SITE_TARGET_CHARS_MAX } from '../../domain/site/website.ts';
import { FORWARD_AUTH_PATHS, type ProxyStyle } from '../../forward-auth/question.ts';
import type { Answer, Answers, HeaderParameter, Operation, Operations } from './operation.ts';

/** In every answer that lets a request through; empty where there is nobody. */
const IDENTITY = ['Remote-User', 'Remote-Name', 'Remote-Email', 'Remote-Groups', 'X-Gatehouse-Identity', 'X-Gatehouse-Decision'] as const;
const IDENTITY_OF_OAUTH2_PROXY = ['X-Auth-Request-User', 'X-Auth-Request-Email', 'X-Auth-Request-Groups'] as const;
const DENIED = ['X-Gatehouse-Decision', 'X-Gatehouse-Reason'] as const;

const header = (name: string, description: string, required: boolean): HeaderParameter => ({ name, description, required });
/** Of the browser's request, as it came. */
const PASSED_ON = [
  header('X-Requested-With', 'There = a script asks, which is sent to no page.', false),
  header('X-Forwarded-For', 'Address of the browser.', false),
];
const ORIGINAL = (required: boolean): readonly HeaderParameter[] => [
  header('X-Original-URL', 'What the browser asks for: scheme, host, path and query. Once.', required),
  header('X-Original-Method', 'Its method; POST if absent.', false),
];
const FORWARDED = (required: boolean): readonly HeaderParameter[] => [
  header('X-Forwarded-Proto', 'https or http. Once.', required),
  header('X-Forwarded-Host', 'Host of the website, with the port where its origin names one. Once.', required),
  header('X-Forwarded-Uri', 'Path and query. Once.', required),
  header('X-Forwarded-Method', 'Method of the browser’s request; POST if absent.', false),
];

const text = (description: string, headers: readonly string[] = []): Answer => ({ description, body: 'text', headers });
const FAILED = text('Something failed inside the gateway; nothing was granted.');

/** nginx knows 2xx, 401 and 403: where the browser is to go is data for its configuration. */
const inData = (permit: Answers): Answers => ({
  ...permit,
  401: text('Nobody is signed in. `Location` is there for pages.', ['Location']),
  403: text('Denied, or the question is refused. `Location`, where the page tells why, is there for pages.', ['Location', ...DENIED]),
  500: FAILED,
});

/** What these proxies get is what the browser gets. */
const toBrowser: Answers = {
  200: text('The request may pass.', IDENTITY),
  302: text('The browser goes on at `Location`: to the sign-in, through it, or to the page that tells why.', ['Location', 'Set-Cookie']),
  303: text('The same after a form that was sent.', ['Location']),
  400: text('The question cannot be read, or a sign-in has expired.'),
  401: text('Nobody is signed in, and the browser asks for no page.'),
  403: text('Denied, or no trusted proxy asks, or about no website.', DENIED),
  404: text('There is nothing at this address below /.gatehouse/.'),
  500: FAILED,
};

const ASKED = 'The browser’s Cookie and Accept are passed on. Exists while the gateway has a website.';

function operation(
  style: ProxyStyle,
  summary: string,
  more: { readonly headers: readonly HeaderParameter[]; readonly byStatus: Answers },
): Operation {
  const path = FORWARD_AUTH_PATHS[style];
  const parts = {
    caller: 'proxy',
    description: ASKED,
    headers: [...more.headers, ...PASSED_ON],
    answer: { byStatus: more.byStatus },
  } as const;
  if (style !== 'ext_authz') return [`get ${path}`, summary, parts];
  const description = `The path holds its own slashes and the query follows, with the method of the browser’s request. ${ASKED}`;
  return [`get ${path}/:path`, summary, { ...parts, description, pathCharsMax: SITE_TARGET_CHARS_MAX }];
}

/** A proxy asks with the browser's request and cookie; 2xx lets it pass. */
export const operationsOfForwardAuth: Operations = {
  tag: 'Forward authentication',
  base: '',
  operations: [
    operation('auth_request', 'nginx auth_request', {
      headers: ORIGINAL(true),
      byStatus: inData({ 200: text('The request may pass.', IDENTITY) }),
    }),
    operation('forward_auth', 'Caddy forward_auth, Traefik ForwardAuth', { headers: FORWARDED(true), byStatus: toBrowser }),
    operation('ext_authz', 'Envoy ext_authz: the path follows', {
      headers: [header('X-Forwarded-Proto', 'https or http; the host is that of the request itself. Once.', true)],
      byStatus: toBrowser,
    }),
    operation('oauth2_proxy', 'As oauth2-proxy answers', {
      headers: [...ORIGINAL(false), ...FORWARDED(false)],
      byStatus: inData({ 202: text('The request may pass.', [...IDENTITY, ...IDENTITY_OF_OAUTH2_PROXY]) }),
    }),
  ],
};
