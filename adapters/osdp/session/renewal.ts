import { forgetKeys } from './forget-keys.ts';
import { REKEY_AFTER_EXCHANGES, REKEY_AFTER_MS } from './limits.ts';
import type { SessionState } from './state.ts';
import type { Transition } from './transition.ts';

/** A planned new channel: the next command is the challenge. The reader stays on line and keeps its cards for the first poll afterwards. */
export function beginRenewal(state: SessionState, nowMs: number): Transition {
  return {
    state: { ...state, phase: 'challenge', security: { name: 'none' }, isRenewing: true, dueMs: nowMs },
    effects: forgetKeys(state.security),
  };
}

/** The channel is as old, or has carried as much, as a MAC of 32 bits should protect. */
export function isChannelWornOut(state: SessionState, nowMs: number): boolean {
  if (state.security.name !== 'open') return false;
  return nowMs - state.security.sinceMs >= REKEY_AFTER_MS || state.security.exchanges >= REKEY_AFTER_EXCHANGES;
}

/** Starts from sequence 0 without a word to the outside: the other key of the reader is tried, or its new settings. */
export function restartQuietly(state: SessionState, nowMs: number): Transition {
  return {
    state: {
      ...state,
      phase: 'identify',
      sequence: 0,
      exchange: { name: 'idle' },
      security: { name: 'none' },
      isRenewing: false,
      isPatient: true,
      dueMs: nowMs,
      lastReply: null,
      incoming: null,
      claimed: { identity: null, capabilities: null },
    },
    effects: forgetKeys(state.security),
  };
}
