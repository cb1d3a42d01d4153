import { explainReason } from '../access/reason-text.ts';
import type { AppKind } from './added-app.ts';
import { explainProblem, type Words } from './problem-words.ts';
import type { SignInTrace, TraceEvent, TraceProblem } from './sign-in-trace.ts';

/** A code is not fetched so long: either the app does not come for it, or it cannot reach the gateway. */
export const CODE_UNFETCHED_MS = 10_000;
/** Coming again this soon after tokens means that the app did not take them. */
export const AGAIN_MS = 15_000;
/** So often, that it is no person who signed out. */
export const AGAIN_MIN = 2;
/** A stranger that came longer ago has nothing to do with what somebody tries now. */
export const STRANGER_MS = 600_000;

export interface CheckedApp {
  readonly kind: AppKind;
  readonly clientId: string;
  readonly redirectUris: readonly string[];
  readonly discoveryUrl: string;
  readonly origin: string | null;
}

/** One of the things that have to happen, in their order. `doneAtMs` null = not yet. */
export interface CheckStep {
  readonly id: 'discovery' | 'begun' | 'code' | 'tokens';
  readonly doneAtMs: number | null;
}

export interface LiveCheck extends Words {
  readonly state: 'waiting' | 'under_way' | 'problem' | 'works';
  /** Code of the problem; null where there is none. */
  readonly problem: TraceProblem['code'] | 'code_not_fetched' | 'tokens_not_taken' | null;
  readonly steps: readonly CheckStep[];
  readonly atMs: number | null;
  /** Who signed in, or was denied. */
  readonly personId: string | null;
  readonly decisionId: string | null;
}

/**
 * The last thing that says how the app stands: null = none. That a proxy asks about somebody who is not signed in takes back neither that
 * others can, nor that nobody could come to the sign-in.
 */
export function lastOf(events: readonly TraceEvent[]): TraceEvent | null {
  const told = events.findLast(({ kind }) => kind !== 'asked');
  const stays = told?.kind === 'tokens_given' || (told?.kind === 'problem' && told.problem.code === 'rounds_not_passed');
  return (stays ? told : events.at(-1)) ?? null;
}

/**
 * Where an app stands on its way to the first sign-in, in plain words, from what it did since `sinceMs`. What it did last counts: a
 * problem that was followed by a success is none any more.
 */
export function checkSignIn(
  app: CheckedApp,
  trace: SignInTrace,
  { nowMs, sinceMs }: { readonly nowMs: number; readonly sinceMs: number },
): LiveCheck {
  const since = ({ atMs }: TraceEvent): boolean => atMs >= sinceMs;
  const events = trace.events.filter(since);
  const last = lastOf(events);
  const stranger = trace.strangers.filter(since).findLast((event) => mayBe(app, event) && nowMs - event.atMs <= STRANGER_MS);
  const steps = stepsOf(app, trace, sinceMs);
  const common = { steps, problem: null, personId: null, decisionId: null, shown: [] } as const;
  // Of an app that works nobody else is taken for it: anybody can come with a client id that does not exist.
  const isOpen = last?.kind !== 'tokens_given' && last?.kind !== 'code_given';
  if (isOpen && stranger?.kind === 'problem' && stranger.atMs > (last?.atMs ?? -1))
    return { ...common, ...problemCheck(app, stranger.problem), atMs: stranger.atMs };
  if (last === null) return { ...common, ...waiting(app, steps), state: 'waiting', atMs: null };
  if (last.kind === 'problem') return { ...common, ...problemCheck(app, last.problem), atMs: last.atMs };
  if (comesAgain(events)) return { ...common, ...tokensNotTaken(nowMs), state: 'problem', problem: 'tokens_not_taken', atMs: last.atMs };
  switch (last.kind) {
    case 'tokens_given':
      return { ...common, ...works(app), state: 'works', personId: last.personId, atMs: last.atMs };
    case 'code_given': {
      if (nowMs - last.atMs <= CODE_UNFETCHED_MS)
        return { ...common, ...UNDER_WAY.code, state: 'under_way', personId: last.personId, atMs: last.atMs };
      return { ...common, ...CODE_NOT_FETCHED, state: 'problem', problem: 'code_not_fetched', personId: last.personId, atMs: last.atMs };
    }
    case 'begun':
      return { ...common, ...begun(last.unknownScopes), state: 'under_way', atMs: last.atMs };
    case 'asked':
      return { ...common, ...UNDER_WAY.asked, state: 'under_way', atMs: last.atMs };
  }
}

/** A stranger may be this app where nothing speaks against it. */
function mayBe({ kind }: CheckedApp, event: TraceEvent): boolean {
  if (event.kind !== 'problem') return false;
  const isProxy = event.problem.code === 'unknown_website' || event.problem.code === 'untrusted_proxy';
  return isProxy === (kind === 'website');
}

function stepsOf({ kind }: CheckedApp, { discoveredAtMs, events }: SignInTrace, sinceMs: number): readonly CheckStep[] {
  const first = (matches: (event: TraceEvent) => boolean): number | null =>
    events.find((event) => event.atMs >= sinceMs && matches(event))?.atMs ?? null;
  const discovery = discoveredAtMs !== null && discoveredAtMs >= sinceMs ? discoveredAtMs : null;
  const tokens = { id: 'tokens', doneAtMs: first((event) => event.kind === 'tokens_given') } as const;
  if (kind === 'machine') return [{ id: 'discovery', doneAtMs: discovery }, tokens];
  const begin = { id: 'begun', doneAtMs: first(({ kind: what }) => what !== 'problem' && what !== 'asked') } as const;
  const code = { id: 'code', doneAtMs: first(({ kind: what }) => what === 'code_given' || what === 'tokens_given') } as const;
  if (kind === 'website')
    return [{ id: 'discovery', doneAtMs: first(({ kind: what }) => what === 'asked' || what === 'tokens_given') }, begin, code, tokens];
  return [{ id: 'discovery', doneAtMs: discovery }, begin, code, tokens];
}

/** Tokens, and at once another sign-in of the same person, and again: no person does that. */
function comesAgain(events: readonly TraceEvent[]): boolean {
  const again = events.filter((event, index) => event.kind === 'code_given' && isAgain(event, events.slice(0, index)));
  const last = again.at(-1);
  return again.length >= AGAIN_MIN && last !== undefined && events.every(({ atMs }) => atMs <= last.atMs + AGAIN_MS);
}

function isAgain({ atMs, personId }: Extract<TraceEvent, { readonly kind: 'code_given' }>, earlier: readonly TraceEvent[]): boolean {
  return earlier.some((event) => event.kind === 'tokens_given' && event.personId === personId && atMs - event.atMs < AGAIN_MS);
}

function problemCheck(
  app: CheckedApp,
  problem: TraceProblem,
): Pick<LiveCheck, 'state' | 'problem' | 'personId' | 'decisionId' | keyof Words> {
  const none = { state: 'problem', problem: problem.code, personId: null, decisionId: null } as const;
  if (problem.code !== 'denied') return { ...none, ...explainProblem(problem, app) };
  const [first = 'policy.no_permit'] = problem.reasons;
  const { message, remedy } = explainReason(first);
  const title = 'The app is connected; this person may not use it';
  return { ...none, title, message, remedy, shown: [], personId: problem.personId, decisionId: problem.decisionId };
}

const UNDER_WAY = {
  code: { title: 'Signed in: the app fetches its tokens now', message: 'The person was sent back to the app with a code.', remedy: '' },
  asked: { title: 'The proxy asks the gateway', message: 'Open the website in a browser and sign in.', remedy: '' },
} as const;

const CODE_NOT_FETCHED = {
  title: 'The app does not fetch its tokens',
  message: 'The person signed in and was sent back to the app with a code. The app has not shown it at the token endpoint.',
  remedy: 'Look at the app’s own log: does its server reach the gateway, and does it trust its certificate? A code is good for a minute.',
} as const;

function begun(unknownScopes: readonly string[]): Words {
  const title = 'Somebody is at the sign-in page';
  if (unknownScopes.length === 0) return { title, message: 'The app’s request was good. Sign in to go on.', remedy: '', shown: [] };
  const message = 'The app’s request was good, but for scopes that this gateway does not know: they were left out.';
  return { title, message, remedy: 'Sign in to go on.', shown: [{ label: 'Left out', value: unknownScopes.join(' ') }] };
}

function waiting({ discoveryUrl, kind, origin }: CheckedApp, steps: readonly CheckStep[]): Words {
  const title = 'Waiting for the app';
  if (kind === 'website') {
    const message = 'The proxy has not asked about this website yet.';
    return {
      title,
      message,
      remedy: 'Put the settings into the proxy, load them, and open the website.',
      shown: origin === null ? [] : [{ label: 'Website', value: origin }],
    };
  }
  const isFound = steps[0]?.doneAtMs !== null;
  if (isFound) {
    const remedy = kind === 'machine' ? 'Let the program ask for a token.' : 'Open the app and sign in.';
    return { title, message: 'The discovery document was read; nothing else has come from the app.', remedy, shown: [] };
  }
  const message = 'Nobody has read the discovery document yet.';
  return {
    title,
    message,
    remedy: 'Start the app with the settings. If nothing happens, try this address from its server.',
    shown: [{ label: 'Discovery', value: discoveryUrl }],
  };
}

function works({ kind }: CheckedApp): Words {
  const message = {
    machine: 'The program was given an access token.',
    website: 'The proxy passed a page on for somebody who is signed in.',
    web: 'The app was given its tokens.',
    browser: 'The app was given its tokens.',
    native: 'The app was given its tokens.',
  }[kind];
  return { title: 'It works', message, remedy: '', shown: [] };
}

function tokensNotTaken(nowMs: number): Words {
  return {
    title: 'The app was given tokens and does not take them',
    message: 'It sends the same person to sign in again and again.',
    remedy: 'Most often the clock of the app’s server is wrong, or the app loses its cookie between the two requests. Compare the time.',
    shown: [{ label: 'Time at the gateway', value: new Date(nowMs).toISOString() }],
  };
}
