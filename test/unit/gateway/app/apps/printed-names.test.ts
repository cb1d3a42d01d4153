import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { clientSettings } from '#gateway/app/apps/client-settings.ts';
import { someFacts } from '#test/support/oidc/some-app.ts';

/* Settings of programs that no package source here brings: each name is one that the program reads, by its own documentation. */

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Grafana 11, [auth.generic_oauth] of "Configure generic OAuth authentication", and [server]. */
const GRAFANA = words(`root_url enabled name allow_sign_up client_id client_secret scopes auth_url token_url api_url use_pkce
  login_attribute_path name_attribute_path email_attribute_path groups_attribute_path role_attribute_path signout_redirect_url`);

/** oauth2-proxy 7, "Config Options". */
const OAUTH2_PROXY = words(`provider oidc_issuer_url client_id client_secret redirect_url scope code_challenge_method oidc_groups_claim
  email_domains insecure_oidc_allow_unverified_email cookie_secret cookie_secure upstreams`);

/** GitLab, "Use OpenID Connect as an authentication provider". Its client of Debian runs with them, but for `pkce`, which is newer. */
const GITLAB = words(`name label args scope response_type issuer discovery client_auth_method client_signing_alg uid_field pkce
  client_options identifier secret redirect_uri`);

/** kubelogin 1, `kubectl oidc-login get-token --help`; kube-apiserver, "OpenID Connect Tokens". */
const KUBELOGIN = words('--oidc-issuer-url --oidc-client-id --oidc-extra-scope --oidc-auth-request-extra-params');
const KUBE_APISERVER = words(
  '--oidc-issuer-url --oidc-client-id --oidc-username-claim --oidc-groups-claim --oidc-signing-algs --oidc-username-prefix',
);

function textOf(kind: Parameters<typeof someFacts>[0], id: string, name: string): string {
  const setting = clientSettings(someFacts(kind)).find((one) => one.id === id);
  return setting?.files.find((file) => file.name === name)?.text ?? '';
}

const namesIn = (text: string, pattern: RegExp): readonly string[] => [...text.matchAll(pattern)].map(([, name = '']) => name);

function expectOnly(names: readonly string[], known: ReadonlySet<string>): void {
  expect(names.length).toBeGreaterThan(2);
  expect(names.filter((name) => !known.has(name))).toEqual([]);
}

it('names what Grafana reads', () => {
  const text = textOf({ kind: 'web' }, 'grafana', 'grafana.ini');
  expectOnly(namesIn(text, /^(\w+) = /gm), GRAFANA);
  expect(namesIn(text, /^\[(.+)\]$/gm)).toEqual(['server', 'auth.generic_oauth']);
});

it('names what oauth2-proxy reads, each once, with a secret of a length that it takes', () => {
  const text = textOf({ kind: 'web' }, 'oauth2-proxy', 'oauth2-proxy.cfg');
  const names = namesIn(text, /^(\w+) = /gm);
  expectOnly(names, OAUTH2_PROXY);
  expect(new Set(names).size).toBe(names.length);
  // AES takes 16, 24 or 32 bytes, and hex-16 are 32 characters; 32 bytes in plain Base64 are 44, which are neither.
  expect(text).toContain('cookie_secret = "make-one-with-openssl-rand-hex-16"');
});

it('names what GitLab reads', () => {
  expectOnly(namesIn(textOf({ kind: 'web' }, 'gitlab', 'gitlab.rb'), /^\s+(\w+): /gm), GITLAB);
});

it('names what kubelogin and the API server read', () => {
  const { users } = parse(textOf({ kind: 'native' }, 'kubectl', 'kubeconfig')) as {
    readonly users: readonly { readonly user: { readonly exec: { readonly args: readonly string[] } } }[];
  };
  const flags = users.flatMap(({ user }) => user.exec.args).filter((arg) => arg.startsWith('--'));
  expectOnly(
    flags.map((flag) => flag.split('=', 1)[0] ?? ''),
    KUBELOGIN,
  );
  const claims = flags.find((flag) => flag.includes('extra-params'))?.split('claims=')[1] ?? '';
  expect(JSON.parse(claims)).toEqual({ id_token: { email: null, groups: null } });
  expectOnly(namesIn(textOf({ kind: 'native' }, 'kubectl', 'kube-apiserver'), /^(--[\w-]+)=/gm), KUBE_APISERVER);
});
