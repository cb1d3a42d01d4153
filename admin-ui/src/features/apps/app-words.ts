import type { AppKind, AppRow } from '#gateway/http/contract/apps.ts';
import type { Tone } from '../../shared/log/describe-record.ts';

export interface KindWords {
  readonly kind: AppKind;
  readonly name: string;
  readonly note: string;
}

/** In the order in which they are offered. */
export const KINDS: readonly KindWords[] = [
  {
    kind: 'web',
    name: 'Web app with a server',
    note: 'Signs people in on its server and keeps a secret there: Grafana, GitLab, your own in Express or Next.js.',
  },
  { kind: 'browser', name: 'Single-page app', note: 'Runs in the browser alone. It has no secret; PKCE takes its place.' },
  {
    kind: 'native',
    name: 'Native app or command line',
    note: 'Runs on the person’s own device and comes back to it: desktop, mobile, kubectl.',
  },
  { kind: 'machine', name: 'Program', note: 'Nobody signs in: it gets tokens by its own credentials.' },
  {
    kind: 'website',
    name: 'Website behind a proxy',
    note: 'Knows nothing of sign-in: nginx, Caddy, Traefik or Envoy asks the gateway about each request.',
  },
];

export function kindName(kind: AppKind): string {
  return KINDS.find((one) => one.kind === kind)?.name ?? kind;
}

export const SENSITIVITIES = [
  { value: '0', label: '0: public' },
  { value: '1', label: '1: internal' },
  { value: '2', label: '2: normal work' },
  { value: '3', label: '3: confidential' },
  { value: '4', label: '4: privileged' },
  { value: '5', label: '5: critical' },
] as const;

/** How an app stands, in the list. */
export function appState({ hasProblem, isEnabled, lastSignInAtMs }: AppRow): { readonly tone: Tone; readonly label: string } {
  if (!isEnabled) return { tone: 'unknown', label: 'Switched off' };
  if (hasProblem) return { tone: 'warn', label: 'Last try failed' };
  return lastSignInAtMs === null ? { tone: 'info', label: 'Not used lately' } : { tone: 'ok', label: 'Works' };
}

/** An id that fits the rules, from a name. */
export function idFromName(name: string): string {
  return name
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 63);
}

/** One address a line, without the empty ones. */
export function toLines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
