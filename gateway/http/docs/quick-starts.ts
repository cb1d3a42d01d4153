import { escapeHtml } from '../../oidc/pages/pages.ts';

export interface QuickStart {
  readonly id: string;
  readonly title: string;
  /** What the reader does, in order: text, and what they copy. */
  readonly steps: readonly { readonly text: string; readonly code?: string }[];
}

const startSignIn = (publicUrl: string): QuickStart => ({
  id: 'sign-in',
  title: 'Sign in with Gatehouse in ten minutes',
  steps: [
    { text: 'Ask an operator to add your app: Console, Apps, Add an app. You get a client id, a secret and settings to copy.' },
    {
      text: 'Give them to any OpenID Connect library. The page of the app at the console prints the files for Express, Next.js, oauth2-proxy, Grafana, GitLab, kubectl and others. With openid-client:',
      code: `import * as client from 'openid-client';

const config = await client.discovery(new URL('${publicUrl}/oidc'), CLIENT_ID, CLIENT_SECRET);
const verifier = client.randomPKCECodeVerifier();
const url = client.buildAuthorizationUrl(config, {
  redirect_uri: 'https://app.example/callback',
  scope: 'openid profile email groups',
  state: client.randomState(),
  code_challenge: await client.calculatePKCECodeChallenge(verifier),
  code_challenge_method: 'S256',
});
// Send the browser to url; at /callback:
const tokens = await client.authorizationCodeGrant(config, callbackUrl, { pkceCodeVerifier: verifier, expectedState });`,
    },
    {
      text: 'Name, e-mail and groups are at userinfo. A refused sign-in comes back as error=access_denied with the reason and the decision’s id. Take back-channel logout tokens, and a suspended person is out of your app within a second.',
    },
  ],
});

const startAuthzen = (publicUrl: string): QuickStart => ({
  id: 'authzen',
  title: 'Ask for a decision (AuthZEN 1.0)',
  steps: [
    {
      text: 'An operator puts your client’s key into the configuration (authzen.clients). Then ask:',
      code: `curl -s ${publicUrl}/access/v1/evaluation \\
  -H "authorization: Bearer $KEY" -H 'content-type: application/json' \\
  -d '{"subject":{"type":"user","id":"usr_ann"},"action":{"name":"door.unlock"},"resource":{"type":"door","id":"main"}}'`,
    },
    {
      text: 'The answer is {"decision": true} or {"decision": false} with the reason in context. Every answer is in the log before you have it.',
    },
  ],
});

const FORWARD_AUTH: QuickStart = {
  id: 'forward-auth',
  title: 'Put a website behind the policy',
  steps: [
    {
      text: 'Name the website in gatehouse.yaml (websites) and its proxy in trusted_proxies, then ask before each request. With nginx and the two files of adapters/proxies/nginx:',
      code: `upstream gatehouse { server GATEWAY-HOST:8080; keepalive 32; }
server {
  server_name wiki.example.com;
  set $gatehouse_scheme https;
  set $gatehouse_host wiki.example.com;
  include gatehouse.conf;
  location / {
    include gatehouse-protect.conf;
    proxy_pass http://app;
  }
}`,
    },
    { text: 'Configurations for nginx, Caddy, Traefik, Envoy and oauth2-proxy’s convention are in adapters/proxies.' },
  ],
};

const startScim = (publicUrl: string): QuickStart => ({
  id: 'scim',
  title: 'Let your directory drive accounts (SCIM 2.0)',
  steps: [
    {
      text: 'An operator puts the key of your directory into the configuration (scim.clients). In Entra, Okta or by hand:',
      code: `curl -s ${publicUrl}/scim/v2/Users -H "authorization: Bearer $KEY" -H 'content-type: application/scim+json' \\
  -d '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"ann","displayName":"Ann","active":true}'`,
    },
    { text: 'active=false suspends the person: doors, sessions, tokens and VPN end together.' },
  ],
});

/** What app teams begin with; the samples in test/samples are the same, and run in the tests. */
export const quickStarts = (publicUrl: string): readonly QuickStart[] => [
  startSignIn(publicUrl),
  startAuthzen(publicUrl),
  FORWARD_AUTH,
  startScim(publicUrl),
];

export function renderQuickStart({ id, steps, title }: QuickStart): string {
  const items = steps.map(
    ({ code, text }) =>
      `<li><p>${escapeHtml(text)}</p>${code === undefined ? '' : `<pre tabindex="0" aria-label="${escapeHtml(title)}: code"><code>${escapeHtml(code)}</code></pre>`}</li>`,
  );
  return `<section id="${id}"><h3>${escapeHtml(title)}</h3><ol>${items.join('')}</ol></section>`;
}
