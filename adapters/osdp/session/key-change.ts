import { suiteOf } from '../channels/suite-of.ts';
import { commandTable } from '../messages/commands.ts';
import { isPublicKey } from '../secure-channel/session-keys.ts';
import type { Answer } from './answer.ts';
import { done, unanswered } from './command-result.ts';
import type { KeyChoice } from './in-flight.ts';
import { KEY_SETTLE_MAX_MS } from './limits.ts';
import { beginRenewal } from './renewal.ts';
import { sendSecured } from './send.ts';
import type { SessionState } from './state.ts';
import { type SessionEffect, type Transition, stay } from './transition.ts';
import type { KeyChange } from './work.ts';

export function beginKeyChange(state: SessionState, id: number, newKey: Uint8Array, nowMs: number): Transition {
  const refuse = (result: 'offline' | 'refused' | 'queue_full'): Transition =>
    stay(state, { kind: 'forget_secret', secret: newKey }, unanswered(id, result));
  if (state.reported !== 'online') return refuse('offline');
  if (state.keyChange !== null) return refuse('queue_full');
  if (newKey.length !== suiteOf(state.config.secureChannel).scbkLength || isPublicKey(newKey)) return refuse('refused');
  return stay({ ...state, keyChange: { id, newKey, stage: 'asked', untilMs: nowMs + KEY_SETTLE_MAX_MS } });
}

/** osdp_KEYSET: only ever sent here and in an installation, both inside a channel. */
export function sendKeySet(state: SessionState, key: Uint8Array, nowMs: number): Transition {
  const message = commandTable.encode({ name: 'KEYSET', body: { kind: suiteOf(state.config.secureChannel).keyType, key } });
  const sent = sendSecured(state, nowMs, message, { name: 'key_set' });
  return { state: sent.state, effects: [...sent.effects, { kind: 'forget_secret', secret: message.data }] };
}

export function sendKeyChange(state: SessionState, change: KeyChange, nowMs: number): Transition {
  return sendKeySet({ ...state, keyChange: { ...change, stage: 'sent' } }, change.newKey, nowMs);
}

/** A NAK is a no. Everything else, and an ACK in clear, leaves it to the next handshake, which tries the new key first. */
export function takeKeySetAnswer(state: SessionState, answer: Answer, nowMs: number): Transition {
  const change = state.keyChange;
  if (change === null) return stay(state);
  if (answer.reply?.name === 'NAK') {
    const nak = answer.reply.body.code;
    return endKeyChange(state, { ...unanswered(change.id, 'refused'), reply: answer.reply, raw: answer.raw, nak });
  }
  return beginRenewal({ ...state, keyChange: { ...change, stage: 'settling' }, keyChoice: 'next' }, nowMs);
}

/** The session ended before the reader said anything: either key may be the one. */
export function unsettleKey(state: SessionState, choice: KeyChoice): SessionState {
  if (state.keyChange?.stage !== 'sent') return state;
  return { ...state, keyChange: { ...state.keyChange, stage: 'settling' }, keyChoice: choice };
}

/** A channel stands: the key that opened it is the reader's. Told only while there were two, or it was derived just now. */
export function confirmKey(state: SessionState, which: KeyChoice, isNews: boolean): Transition {
  const change = state.keyChange?.stage === 'settling' ? state.keyChange : null;
  const next: SessionState = { ...state, keyChoice: which, isOtherKeyTried: false };
  const effects: SessionEffect[] = isNews ? [{ kind: 'key_confirmed', which }] : [];
  if (change === null) return { state: next, effects };
  const ended = endKeyChange(next, which === 'next' ? done(change.id) : unanswered(change.id, 'refused'));
  return { state: ended.state, effects: [...effects, ...ended.effects] };
}

export function endKeyChange(state: SessionState, ending: SessionEffect): Transition {
  if (state.keyChange === null) return stay(state);
  return stay({ ...state, keyChange: null }, { kind: 'forget_secret', secret: state.keyChange.newKey }, ending);
}
