import { suiteOf } from '../channels/suite-of.ts';
import { SCBK_D, isPublicKey } from '../secure-channel/session-keys.ts';
import { isSameSecret } from '../secure-channel/same-secret.ts';
import { KEY_KIND } from '../wire/security-block.ts';
import type { Answer } from './answer.ts';
import { type CommandOutcome, done, unanswered } from './command-result.ts';
import { INSTALL_TRIES_MAX, INSTALL_WINDOW_MAX_MS } from './limits.ts';
import { sendKeySet } from './key-change.ts';
import { restartQuietly } from './renewal.ts';
import type { SessionState } from './state.ts';
import { type SessionEffect, type Transition, stay } from './transition.ts';
import type { InstallWindow, Installation } from './work.ts';

export function openInstallation(state: SessionState, window: InstallWindow, nowMs: number): Transition {
  const { id, underKey = null, firstKey, finalKey } = window;
  const keys = [...(underKey === null ? [] : [underKey]), firstKey, finalKey];
  const { hasDefaultKey, scbkLength } = suiteOf(state.config.secureChannel);
  const isSized = keys.every((key) => key.length === scbkLength && !isPublicKey(key));
  const isFresh = keys.every((key, index) => keys.slice(index + 1).every((other) => !isSameSecret(key, other)));
  // Of a line that was stopped there is no turn left to close the window.
  const isOpenable = state.reported !== 'online' && state.reported !== 'stopped' && state.installation === null && state.pairing === null;
  if (!isOpenable || !isSized || !isFresh || (underKey === null && !hasDefaultKey) || window.untilMs <= nowMs) {
    return stay(state, ...keys.map((secret) => ({ kind: 'forget_secret', secret }) as const), unanswered(id, 'refused'));
  }
  const untilMs = Math.min(window.untilMs, nowMs + INSTALL_WINDOW_MAX_MS);
  const installation: Installation = { id, underKey, firstKey, finalKey, key: 'default', sent: 0, tries: 0, untilMs };
  return restartQuietly({ ...state, installation, raised: [] }, nowMs);
}

/** The key and its kind for the next handshake; null without an installation. */
export function installKey({ installation, config }: SessionState): { readonly scbk: Uint8Array; readonly kind: number } | null {
  if (installation === null) return null;
  const { key, underKey, firstKey, finalKey } = installation;
  if (key === 'default' && underKey === null) return { scbk: SCBK_D, kind: KEY_KIND.scbkD };
  const own = { default: underKey ?? SCBK_D, first: firstKey, final: finalKey } as const;
  return { scbk: own[key], kind: suiteOf(config.secureChannel).ownKeyKind };
}

/** A channel stands: the next key goes out, or all is done. */
export function continueInstallation(state: SessionState, installation: Installation): Transition {
  if (installation.key !== 'final') {
    const answered: SessionEffect[] = installation.key === 'default' ? [{ kind: 'install_progress', stage: 'answered' }] : [];
    return stay({ ...state, phase: 'install' }, ...answered);
  }
  const ended = endInstallation(state, 'ok');
  return { state: { ...ended.state, keyChoice: 'next' }, effects: [{ kind: 'key_confirmed', which: 'next' }, ...ended.effects] };
}

export function sendInstallKey(state: SessionState, nowMs: number): Transition {
  const { installation } = state;
  if (installation === null) throw new TypeError('no installation');
  const isFirst = installation.key === 'default';
  const sent: SessionState = { ...state, installation: { ...installation, sent: isFirst ? 1 : 2 } };
  const next = sendKeySet(sent, isFirst ? installation.firstKey : installation.finalKey, nowMs);
  const stage = isFirst ? 'first_key_sent' : 'final_key_sent';
  // Told before it leaves: whoever keeps the keys must not forget them any more.
  return { state: next.state, effects: [{ kind: 'install_progress', stage }, ...next.effects] };
}

/** A NAK ends it. Whatever else comes, in clear or not, the next handshake tells whether the reader has the key. */
export function takeInstallAnswer(state: SessionState, answer: Answer | null, nowMs: number): Transition {
  if (answer?.reply?.name === 'NAK') {
    const ended = endInstallation(state, 'refused');
    const next = restartQuietly(ended.state, nowMs);
    return { state: next.state, effects: [...ended.effects, ...next.effects] };
  }
  return restartQuietly(withSentKey(state), nowMs);
}

/** What was sent last is what the reader is asked for next. */
export function withSentKey(state: SessionState): SessionState {
  const { installation } = state;
  if (installation === null || installation.sent === 0) return state;
  return { ...state, installation: { ...installation, key: installation.sent === 1 ? 'first' : 'final' } };
}

/** The reader does not have the key: the second may have been lost, and then it has the first. The first is never sent twice. */
export function refuseInstallKey(state: SessionState, installation: Installation, nowMs: number): Transition {
  const isOver = installation.sent < 2 || installation.tries >= INSTALL_TRIES_MAX;
  const key = installation.key === 'final' ? 'first' : 'final';
  const next = isOver
    ? endInstallation(state, 'refused')
    : stay({ ...state, installation: { ...installation, key, tries: installation.tries + 1 } });
  const restarted = restartQuietly(next.state, nowMs);
  return { state: restarted.state, effects: [...next.effects, ...restarted.effects] };
}

/** Over before its time; whatever it was doing is stopped. */
export function closeInstallation(state: SessionState, result: 'aborted' | 'timeout', nowMs: number): Transition {
  if (state.installation === null) return stay(state);
  const ended = endInstallation(state, result);
  const next = restartQuietly(ended.state, nowMs);
  return { state: next.state, effects: [...ended.effects, ...next.effects] };
}

export function endInstallation(state: SessionState, result: CommandOutcome): Transition {
  const { installation } = state;
  if (installation === null) return stay(state);
  const { id, underKey, firstKey, finalKey } = installation;
  const keys = [...(underKey === null ? [] : [underKey]), firstKey, finalKey];
  const forget: SessionEffect[] = keys.map((secret) => ({ kind: 'forget_secret', secret }));
  return { state: { ...state, installation: null }, effects: [...forget, result === 'ok' ? done(id) : unanswered(id, result)] };
}
