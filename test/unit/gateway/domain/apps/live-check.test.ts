import { describe, expect, it } from 'vitest';
import { AGAIN_MS, checkSignIn, CODE_UNFETCHED_MS, STRANGER_MS, type CheckedApp } from '#gateway/domain/apps/live-check.ts';
import type { TraceEvent, TraceNote, TraceProblem } from '#gateway/domain/apps/sign-in-trace.ts';

const APP: CheckedApp = {
  kind: 'web',
  clientId: 'board-x7',
  redirectUris: ['https://board.example.com/callback'],
  discoveryUrl: 'https://gate.example.com/oidc/.well-known/openid-configuration',
  origin: null,
};
const at = (atMs: number, note: TraceNote): TraceEvent => ({ ...note, atMs });
const failed = (atMs: number, problem: TraceProblem): TraceEvent => at(atMs, { kind: 'problem', problem });
const signedIn = (atMs: number, personId = 'ann'): TraceEvent => at(atMs, { kind: 'code_given', personId });
const worked = (atMs: number, personId: string | null = 'ann'): TraceEvent => at(atMs, { kind: 'tokens_given', personId });

function look(
  events: readonly TraceEvent[],
  more: { app?: CheckedApp; strangers?: TraceEvent[]; discoveredAtMs?: number; nowMs?: number; sinceMs?: number } = {},
) {
  const { app = APP, strangers = [], discoveredAtMs = null, nowMs = 100_000, sinceMs = 0 } = more;
  return checkSignIn(app, { events, strangers, discoveredAtMs }, { nowMs, sinceMs });
}

describe('the live check of an app', () => {
  it('waits, and says that nobody has read the discovery document', () => {
    expect(look([])).toMatchObject({
      state: 'waiting',
      title: 'Waiting for the app',
      shown: [{ label: 'Discovery', value: APP.discoveryUrl }],
    });
  });

  it('waits for a sign-in when the discovery document was read', () => {
    const check = look([], { discoveredAtMs: 5 });
    expect(check).toMatchObject({ state: 'waiting', remedy: 'Open the app and sign in.', shown: [] });
    expect(check.steps[0]).toEqual({ id: 'discovery', doneAtMs: 5 });
  });

  it('goes on step by step until it works', () => {
    const events = [at(10, { kind: 'begun', unknownScopes: [] }), signedIn(20), worked(30)];
    expect(look(events.slice(0, 1))).toMatchObject({ state: 'under_way', title: 'Somebody is at the sign-in page' });
    expect(look(events.slice(0, 2), { nowMs: 25 })).toMatchObject({ state: 'under_way', personId: 'ann' });
    const last = look(events, { discoveredAtMs: 5 });
    expect(last).toMatchObject({ state: 'works', title: 'It works', personId: 'ann', atMs: 30 });
    expect(last.steps.map(({ doneAtMs }) => doneAtMs)).toEqual([5, 10, 20, 30]);
  });

  it('forgets a problem that was followed by a success, and shows one that follows it', () => {
    const wrong = failed(10, { code: 'secret_wrong' });
    expect(look([wrong, worked(20)]).state).toBe('works');
    expect(look([worked(5), wrong])).toMatchObject({ state: 'problem', problem: 'secret_wrong', title: 'The client secret is wrong' });
  });

  it('looks at nothing from before it began', () => {
    expect(look([worked(10)], { sinceMs: 11, discoveredAtMs: 3 })).toMatchObject({ state: 'waiting' });
  });

  it('says which redirect URI came and which are allowed', () => {
    const check = look([failed(10, { code: 'redirect_uri', presented: 'https://board.example.com/callback/' })]);
    expect(check.message).toContain('They differ by the slash at the end.');
    expect(check.shown).toEqual([
      { label: 'The app sent', value: 'https://board.example.com/callback/' },
      { label: 'Allowed', value: 'https://board.example.com/callback' },
    ]);
  });

  it.each([
    ['http://board.example.com/callback', 'http and https'],
    ['https://board.example.com:3000/callback', 'by the port'],
    ['https://board.example.com/Callback', 'capital letters'],
    ['https://board.example.com/callback?x=1', 'question mark'],
    ['https://boards.example.com/callback', 'by the host'],
    ['https://board.example.com/auth/callback', 'by the path'],
  ])('names the slip in %s', (presented, said) => {
    expect(look([failed(10, { code: 'redirect_uri', presented })]).message).toContain(said);
  });

  it.each([
    'pkce_missing',
    'pkce_wrong',
    'secret_wrong',
    'secret_missing',
    'secret_unexpected',
    'code_expired',
    'code_used',
    'code_unknown',
    'token_redirect_uri',
    'api',
    'grant',
    'response_type',
    'cancelled',
    'rounds_not_passed',
    'gateway_failed',
  ] as const)('has words and a remedy for %s', (code) => {
    const { message, problem, remedy, state, title } = look([failed(10, { code })]);
    expect({ state, problem }).toEqual({ state: 'problem', problem: code });
    for (const text of [title, message, remedy]) expect(text.length).toBeGreaterThan(5);
  });

  it('shows a scope that is not allowed, a wrong clock, and anything else in the provider’s words', () => {
    expect(look([failed(10, { code: 'scope', presented: 'admin' })]).shown).toEqual([{ label: 'Asked for', value: 'admin' }]);
    expect(look([failed(10, { code: 'clock', detail: 'jwt expired' })])).toMatchObject({ problem: 'clock', title: 'The clocks differ' });
    expect(look([failed(10, { code: 'other', detail: 'strange' })]).shown).toEqual([{ label: 'The gateway says', value: 'strange' }]);
  });

  it('says who was denied, why, and by which decision', () => {
    const denied = failed(10, { code: 'denied', reasons: ['grant.missing'], decisionId: 'dec_1', personId: 'ann' });
    expect(look([denied])).toMatchObject({ state: 'problem', problem: 'denied', personId: 'ann', decisionId: 'dec_1' });
    expect(look([denied]).title).toContain('connected');
  });

  it('shows a stranger’s client id beside the app’s own, while nothing newer came from the app', () => {
    const stranger = failed(10, { code: 'unknown_client', presented: 'bord-x7' });
    expect(look([], { strangers: [stranger] }).shown).toEqual([
      { label: 'Sent', value: 'bord-x7' },
      { label: 'Expected', value: 'board-x7' },
    ]);
    expect(look([worked(11)], { strangers: [stranger] }).state).toBe('works');
    expect(look([worked(9)], { strangers: [stranger] }).state).toBe('works');
    expect(look([], { strangers: [stranger], nowMs: 10 + STRANGER_MS }).state).toBe('problem');
    expect(look([], { strangers: [stranger], nowMs: 11 + STRANGER_MS }).state).toBe('waiting');
    expect(look([], { strangers: [failed(10, { code: 'unknown_website', presented: 'https://x' })] }).state).toBe('waiting');
  });

  it('sees that the app does not come for its tokens, and not a moment too early', () => {
    expect(look([signedIn(10)], { nowMs: 10 + CODE_UNFETCHED_MS }).state).toBe('under_way');
    expect(look([signedIn(10)], { nowMs: 11 + CODE_UNFETCHED_MS })).toMatchObject({ state: 'problem', problem: 'code_not_fetched' });
  });

  it('sees an app that does not take its tokens, and takes no two people for one', () => {
    const again = (other: string) => [signedIn(0), worked(1), signedIn(2, other), worked(3, other), signedIn(4), worked(5)];
    expect(look(again('ann'), { nowMs: 10 })).toMatchObject({ state: 'problem', problem: 'tokens_not_taken' });
    expect(look(again('ann'), { nowMs: 10 }).shown[0]?.label).toBe('Time at the gateway');
    expect(look(again('bob'), { nowMs: 10 }).state).toBe('works');
    expect(look([...again('ann'), signedIn(5 + AGAIN_MS + 10), worked(6 + AGAIN_MS + 10)]).state).toBe('works');
  });

  it('names scopes that were left out', () => {
    expect(look([at(10, { kind: 'begun', unknownScopes: ['roles'] })]).shown).toEqual([{ label: 'Left out', value: 'roles' }]);
  });

  it('of a machine has two steps and no person', () => {
    const check = look([worked(10, null)], { app: { ...APP, kind: 'machine' }, discoveredAtMs: 3 });
    expect(check).toMatchObject({ state: 'works', personId: null });
    expect(check.steps.map(({ id }) => id)).toEqual(['discovery', 'tokens']);
  });

  it('of a website follows the proxy', () => {
    const app: CheckedApp = { ...APP, kind: 'website', origin: 'https://wiki.example.com' };
    expect(look([], { app }).shown).toEqual([{ label: 'Website', value: 'https://wiki.example.com' }]);
    expect(look([at(5, { kind: 'asked' })], { app })).toMatchObject({ state: 'under_way', title: 'The proxy asks the gateway' });
    expect(look([], { app, strangers: [failed(5, { code: 'untrusted_proxy', presented: '10.0.0.9' })] }).title).toContain('not trusted');
  });

  it('of a website that works goes on to work when the proxy asks about somebody who is not signed in', () => {
    const app: CheckedApp = { ...APP, kind: 'website', origin: 'https://wiki.example.com' };
    const [asked, wrong] = [at(40, { kind: 'asked' }), failed(30, { code: 'rounds_not_passed' })];
    expect(look([at(5, { kind: 'asked' }), worked(30), asked], { app })).toMatchObject({ state: 'works', personId: 'ann', atMs: 30 });
    expect(look([wrong, asked], { app })).toMatchObject({ problem: 'rounds_not_passed', atMs: 30 });
    expect(look([wrong, asked, at(50, { kind: 'begun', unknownScopes: [] })], { app })).toMatchObject({
      state: 'under_way',
      problem: null,
    });
    expect(look([worked(20), wrong], { app })).toMatchObject({ state: 'problem' });
  });
});
