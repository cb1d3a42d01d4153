import type { SessionAlarm, SessionOfflineCause } from './alarms.ts';
import { unanswered } from './command-result.ts';
import { forgetKeys } from './forget-keys.ts';
import { endInstallation, withSentKey } from './installation.ts';
import { endKeyChange, unsettleKey } from './key-change.ts';
import { PROBE_DELAY_MAX_MS, PROBE_DELAY_MIN_MS, STABLE_AFTER_MS } from './limits.ts';
import { expireLineChange, tryNewLine } from './line-change.ts';
import { abortRunning } from './operation.ts';
import { endPairing } from './pairing-window.ts';
import type { SessionState } from './state.ts';
import { interruptTransfer } from './transfer-job.ts';
import { type SessionEffect, type Transition, stay } from './transition.ts';

/**
 * Ends the session whatever it was doing: keys are dropped, waiting commands fail, nothing is carried over but a file, a key or an address on its
 * way, which the next session settles. It starts with sequence 0, which makes the reader drop its side too.
 */
export function failSession(state: SessionState, nowMs: number, cause: SessionOfflineCause, alarm?: SessionAlarm): Transition {
  const isNewAlarm = alarm !== undefined && !state.raised.includes(alarm);
  const settled = settleWork(state, nowMs, cause);
  const effects: SessionEffect[] = [
    ...(isNewAlarm ? [{ kind: 'alarm', code: alarm } as const] : []),
    ...forgetKeys(state.security),
    ...failedCommands(state),
    ...settled.effects,
    ...(isNews(state.reported, cause) ? [{ kind: 'offline', cause } as const] : []),
  ];
  const wasOnline = state.reported === 'online';
  const failures = wasOnline && nowMs - state.onlineSinceMs >= STABLE_AFTER_MS ? 0 : state.failures;
  return {
    state: {
      ...settled.state,
      phase: 'identify',
      sequence: 0,
      exchange: { name: 'idle' },
      security: { name: 'none' },
      dueMs: nowMs + restartDelayMs(failures),
      queue: [],
      reported: isNews(state.reported, cause) ? cause : state.reported,
      failures: failures + 1,
      isPatient: wasOnline,
      isRenewing: false,
      isAborting: false,
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
  const purpose = state.exchange.name === 'idle' ? null : state.exchange.inFlight.purpose;
  const commands = purpose?.name === 'command' ? [purpose.command, ...state.queue] : state.queue;
  return commands.map(({ id }) => unanswered(id, 'offline'));
}

/** What runs over more than one exchange ends, waits for the next session, or is settled by it. */
function settleWork(state: SessionState, nowMs: number, cause: SessionOfflineCause): Transition {
  const { transfer } = state;
  const ended = abortRunning({ ...state, transfer: null });
  const effects = ended.effects.map((effect) => (effect.kind === 'command_done' ? unanswered(effect.id, 'offline') : effect));
  if (cause === 'stopped') return endAll({ ...ended.state, transfer }, effects);
  const interrupted = transfer === null ? null : interruptTransfer(transfer);
  const carried: SessionState = { ...withLostKeySet(unsettleKey(ended.state, 'current')), transfer: interrupted?.job ?? null };
  const lost: SessionEffect[] = [...effects, ...(interrupted?.effects ?? [])];
  const dropped = carried.keyChange?.stage === 'asked' ? endKeyChange(carried, unanswered(carried.keyChange.id, 'offline')) : stay(carried);
  const line = settleLine({ ...dropped.state, security: { name: 'none' } }, nowMs);
  return { state: line.state, effects: [...lost, ...dropped.effects, ...line.effects] };
}

/** A reader that got osdp_COMSET may have switched; one that was being tried may be somewhere else. */
function settleLine(state: SessionState, nowMs: number): Transition {
  const { lineChange } = state;
  if (lineChange === null) return stay(state);
  if (lineChange.stage === 'sent') return tryNewLine(state, lineChange, nowMs);
  if (lineChange.stage !== 'asked') return expireLineChange(state, nowMs);
  return stay({ ...state, lineChange: null }, { kind: 'line_unchanged' }, unanswered(lineChange.id, 'offline'));
}

function withLostKeySet(state: SessionState): SessionState {
  const isOnItsWay = state.exchange.name !== 'idle' && state.exchange.inFlight.purpose.name === 'key_set';
  return isOnItsWay ? withSentKey(state) : state;
}

/** Stopped for good: nobody is left to settle anything. */
function endAll(state: SessionState, effects: readonly SessionEffect[]): Transition {
  const unpaired = endPairing(state, 'offline');
  const installed = endInstallation(unpaired.state, 'offline');
  const { keyChange, lineChange, transfer } = installed.state;
  const keyed = keyChange === null ? installed : endKeyChange(installed.state, unanswered(keyChange.id, 'offline'));
  const rest: SessionEffect[] = [
    ...(lineChange === null ? [] : [{ kind: 'line_unchanged' } as const, unanswered(lineChange.id, 'offline')]),
    ...(transfer === null ? [] : [unanswered(transfer.id, 'offline')]),
  ];
  return {
    state: { ...keyed.state, lineChange: null, transfer: null },
    effects: [...effects, ...unpaired.effects, ...installed.effects, ...(keyChange === null ? [] : keyed.effects), ...rest],
  };
}
