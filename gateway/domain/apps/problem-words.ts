import type { TraceProblem } from './sign-in-trace.ts';

export interface Words {
  readonly title: string;
  readonly message: string;
  /** What to do; empty = nothing. */
  readonly remedy: string;
  /** Values to compare. */
  readonly shown: readonly { readonly label: string; readonly value: string }[];
}

export interface ExplainedApp {
  readonly clientId: string;
  readonly redirectUris: readonly string[];
  readonly origin: string | null;
}

type Fixed = Exclude<
  TraceProblem['code'],
  'redirect_uri' | 'unknown_client' | 'unknown_website' | 'untrusted_proxy' | 'scope' | 'denied' | 'clock' | 'other'
>;

const FIXED: Readonly<Record<Fixed, readonly [title: string, message: string, remedy: string]>> = {
  pkce_missing: [
    'PKCE is missing',
    'The app asked for a code without a code challenge, which every client must send.',
    'Switch PKCE on in the app (S256). Where its library calls it “checks” or “use_pkce”, name pkce there.',
  ],
  pkce_wrong: [
    'The code verifier does not fit',
    'The app fetched its tokens with another code verifier than the one it began with.',
    'The app loses its own session between the two requests: several servers without a shared session, or a cookie that the browser does not send back.',
  ],
  secret_wrong: [
    'The client secret is wrong',
    'The app is known, but the secret that it showed is not its own, or is no longer valid.',
    'Copy the secret again, without spaces or quotes around it. It is shown once: if it is lost, make a new one.',
  ],
  secret_missing: [
    'The app does not show its secret',
    'This app has a secret, and it came to the token endpoint without one.',
    'Set the client secret, and as the method client_secret_basic or client_secret_post. A single-page or native app has no secret: add it as one of that kind.',
  ],
  secret_unexpected: [
    'The app shows a secret that it does not have',
    'Apps of this kind run at the person’s own device and have no secret; this one sent one.',
    'Take the secret out of the app’s settings (method: none). If it has a server, add it as a web app instead.',
  ],
  code_expired: [
    'The app came too late',
    'A code is good for one minute; the app showed it later.',
    'Look for what takes so long between the person’s return and the token request, and whether the clock of the app’s server is right.',
  ],
  code_used: [
    'A code was shown twice',
    'Each code is good once. Whatever it had opened was ended, as somebody else may have a copy.',
    'The app calls the token endpoint twice: often a page that is loaded again, or a library and the app’s own code together.',
  ],
  code_unknown: [
    'The code is not one of this app',
    'The app showed a code that was not given to it, or that is gone.',
    'Start the sign-in again from the app. If it happens again, two apps share one callback.',
  ],
  token_redirect_uri: [
    'Two different redirect addresses',
    'The app named another redirect URI when it fetched its tokens than when it began.',
    'Use the same redirect URI at both places: behind a proxy the app must know its public address.',
  ],
  api: [
    'The API is not this app’s',
    'The app asked for tokens of an API that it is not given.',
    'Add the API to the app, or leave the resource out.',
  ],
  grant: [
    'The app asks for tokens in a way that is not its own',
    'The grant type of the request is not one of this kind of app.',
    'A machine uses client_credentials; all others use authorization_code and refresh_token.',
  ],
  response_type: [
    'The app asks for more than a code',
    'Only response_type=code is allowed.',
    'Switch the app to the authorization code flow.',
  ],
  rounds_not_passed: [
    'The proxy keeps the sign-in to itself',
    'The proxy asks about addresses below /.gatehouse/ as if they were pages of the website. They belong to the gateway, and nobody can sign in.',
    'Let the proxy pass /.gatehouse/ on to the gateway. With nginx: include gatehouse.conf in the server block, and no location of your own that takes these addresses.',
  ],
  cancelled: ['The sign-in was cancelled', 'The person went back without signing in.', 'Try again.'],
  gateway_failed: ['Something failed inside the gateway', 'Nothing was given to anybody.', 'Look at the gateway’s own log at this time.'],
};

/** What went wrong, in words for whoever connects the app. */
export function explainProblem(problem: Exclude<TraceProblem, { readonly code: 'denied' }>, app: ExplainedApp): Words {
  switch (problem.code) {
    case 'redirect_uri':
      return redirectWords(problem.presented, app.redirectUris);
    case 'unknown_client':
      return {
        title: 'The client id is not known',
        message: 'Somebody came with a client id that no app has. If it was this app:',
        remedy: 'Copy the client id again.',
        shown: [
          { label: 'Sent', value: problem.presented },
          { label: 'Expected', value: app.clientId },
        ],
      };
    case 'unknown_website':
      return {
        title: 'The proxy asks about another address',
        message: 'A proxy asked about an address that is no website of this gateway. If it was this one:',
        remedy: 'The proxy must say scheme, host and port as browsers know them.',
        shown: [
          { label: 'Asked about', value: problem.presented },
          ...(app.origin === null ? [] : [{ label: 'Expected', value: app.origin }]),
        ],
      };
    case 'untrusted_proxy':
      return {
        title: 'A proxy asks that is not trusted',
        message: 'Only proxies that the configuration names may ask about visitors.',
        remedy: 'Add its address to trusted_proxies in the configuration file and start the gateway again.',
        shown: [{ label: 'Address', value: problem.presented }],
      };
    case 'scope':
      return {
        title: 'A scope is not allowed',
        message: 'The app asked for a scope that it is not given.',
        remedy: 'Leave it out, or give the app an API that has it.',
        shown: [{ label: 'Asked for', value: problem.presented }],
      };
    case 'clock':
      return {
        title: 'The clocks differ',
        message: 'What the app signed is not valid at this time.',
        remedy: 'Set the clock of the app’s server by NTP.',
        shown: [{ label: 'The gateway says', value: problem.detail }],
      };
    case 'other':
      return {
        title: 'The request was refused',
        message: 'The app’s request does not fit the standard.',
        remedy: 'Compare the settings with those on this page.',
        shown: [{ label: 'The gateway says', value: problem.detail }],
      };
    default: {
      const [title, message, remedy] = FIXED[problem.code];
      return { title, message, remedy, shown: [] };
    }
  }
}

function redirectWords(presented: string, registered: readonly string[]): Words {
  return {
    title: 'The redirect URI differs',
    message: `The app asked to send people back to an address that is not one of its own.${hintOf(presented, registered)}`,
    remedy: 'Addresses are compared character by character. Add the address to the app, or correct it in the app’s own settings.',
    shown: [{ label: 'The app sent', value: presented }, ...registered.map((value) => ({ label: 'Allowed', value }))],
  };
}

/** Where the two differ, when it is one of the usual slips; begins with a space. */
function hintOf(presented: string, registered: readonly string[]): string {
  const url = URL.parse(presented);
  if (url === null) return '';
  for (const uri of registered) {
    const own = URL.parse(uri);
    if (own === null) continue;
    if (`${presented}/` === uri || presented === `${uri}/`) return ' They differ by the slash at the end.';
    if (own.host === url.host && own.pathname === url.pathname && own.protocol !== url.protocol)
      return ' They differ by http and https: behind a proxy the app must know its public address.';
    if (own.hostname === url.hostname && own.pathname === url.pathname && own.port !== url.port) return ' They differ by the port.';
    if (own.origin === url.origin && own.pathname.toLowerCase() === url.pathname.toLowerCase() && own.pathname !== url.pathname)
      return ' They differ by capital letters.';
    if (own.origin === url.origin && own.pathname === url.pathname && own.search !== url.search)
      return ' They differ by what follows the question mark.';
    if (own.pathname === url.pathname && own.protocol === url.protocol) return ' They differ by the host.';
    if (own.origin === url.origin) return ' They differ by the path.';
  }
  return '';
}
