import type { SessionKeys } from '../secure-channel/session-keys.ts';
import { unanswered } from './command-result.ts';
import { PROBE_DELAY_MAX_MS, PROBE_DELAY_MIN_MS, STABLE_AFTER_MS } from './limits.ts';
import type { Security, SessionAlarm, SessionOfflineCause, SessionState } from './state.ts';
import type { SessionEffect, Transition } from './transition.ts';

/**
 * Ends the session whatever it was doing: keys are dropped, waiting commands fail, nothing is carried over. The next one starts with sequence 0,
 * which makes the reader drop its side too.
 */
export function failSession(state: SessionState, nowMs: number, cause: SessionOfflineCause, alarm?: SessionAlarm): Transition {
  const isNewAlarm = alarm !== undefined && !state.raised.includes(alarm);
  const effects: SessionEffect[] = [
    ...(isNewAlarm ? [{ kind: 'alarm', code: alarm } as const] : []),
    ...forgetKeys(state.security),
    ...failedCommands(state),
    ...(isNews(state.reported, cause) ? [{ kind: 'offline', cause } as const] : []),
  ];
  const wasOnline = state.reported === 'online';
  const failures = wasOnline && nowMs - state.onlineSinceMs >= STABLE_AFTER_MS ? 0 : state.failures;
  return {
    state: {
      ...state,
      phase: 'identify',
      sequence: 0,
      exchange: { name: 'idle' },
      security: { name: 'none' },
      dueMs: nowMs + restartDelayMs(failures),
      queue: [],
      reported: isNews(state.reported, cause) ? cause : state.reported,
      failures: failures + 1,
      isPatient: wasOnline,
      raised: isNewAlarm ? [...state.raised, alarm] : state.raised,
      lastReply: null,
      claimed: { identity: null, capabilities: null },
    },
    effects,
  };
}

/** A reader that is silent stays silent whatever its line does meanwhile; everything else is said once. */
function isNews(reported: SessionState['reported'], cause: SessionOfflineCause): boolean {
  const isSilent = reported === 'never_seen' || reported === 'timeout';
  const isSilence = cause === 'never_seen' || cause === 'timeout' || cause === 'link_down';
  return reported !== cause && !(isSilent && isSilence);
}

/** 0, 250, 500, 800, 800 .. ms. */
function restartDelayMs(failures: number): number {
  return failures === 0 ? 0 : Math.min(PROBE_DELAY_MIN_MS * 2 ** (failures - 1), PROBE_DELAY_MAX_MS);
}

function failedCommands(state: SessionState): SessionEffect[] {
  const inFlight = state.exchange.name === 'idle' ? null : state.exchange.inFlight.command;
  const commands = inFlight === null ? state.queue : [inFlight, ...state.queue];
  return commands.map(({ id }) => unanswered(id, 'offline'));
}

function forgetKeys(security: Security): SessionEffect[] {
  const keys = keysOf(security);
  return keys === null ? [] : [{ kind: 'forget_keys', keys }];
}

function keysOf(security: Security): SessionKeys | null {
  if (security.name === 'none') return null;
  return security.name === 'open' ? security.channel.keys : security.keys;
}
