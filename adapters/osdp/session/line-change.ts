import { commandTable } from '../messages/commands.ts';
import type { LineSettings } from '../messages/line-codecs.ts';
import { isBaudRate } from '../wire/baud-rates.ts';
import { ADDRESS_MAX } from '../wire/frame.ts';
import type { Answer } from './answer.ts';
import { done, unanswered } from './command-result.ts';
import { LINE_TRIAL_MS } from './limits.ts';
import { restartQuietly } from './renewal.ts';
import { sendSecured } from './send.ts';
import type { SessionState } from './state.ts';
import { type Transition, stay } from './transition.ts';
import type { LineChange } from './work.ts';

export function beginLineChange(state: SessionState, id: number, wanted: LineSettings): Transition {
  if (state.reported !== 'online') return stay(state, unanswered(id, 'offline'));
  if (state.lineChange !== null) return stay(state, unanswered(id, 'queue_full'));
  if (!isAddress(wanted.address) || !isBaudRate(wanted.baud)) return stay(state, unanswered(id, 'unsupported'));
  return stay({
    ...state,
    lineChange: { id, wanted, oldAddress: state.config.address, stage: 'asked', untilMs: Number.POSITIVE_INFINITY },
  });
}

export function sendLineSet(state: SessionState, change: LineChange, nowMs: number): Transition {
  const message = commandTable.encode({ name: 'COMSET', body: change.wanted });
  return sendSecured({ ...state, lineChange: { ...change, stage: 'sent' } }, nowMs, message, { name: 'line_set' });
}

/**
 * osdp_COM says what the reader will really do: it may keep its address or its speed. It is not followed to a third address, where another reader may
 * be, whose channel would end with our first question, nor to a speed that is none: that would take the line from all others.
 */
export function takeLineSetAnswer(state: SessionState, answer: Answer, nowMs: number): Transition {
  const change = state.lineChange;
  if (change === null) return stay(state);
  const { reply } = answer;
  const isFollowed = reply?.name === 'COM' && (reply.body.address === change.wanted.address || reply.body.address === change.oldAddress);
  if (!isFollowed) {
    const nak = reply?.name === 'NAK' ? reply.body.code : null;
    const ending = { ...unanswered(change.id, 'refused'), reply, raw: answer.raw, nak };
    return stay({ ...state, lineChange: null }, { kind: 'line_unchanged' }, ending);
  }
  const { address } = reply.body;
  const baud = isBaudRate(reply.body.baud) ? reply.body.baud : change.wanted.baud;
  return tryNewLine(state, { ...change, wanted: { address, baud } }, nowMs);
}

/** The reader is looked for under the new settings. Also when osdp_COM was lost: it may have switched. */
export function tryNewLine(state: SessionState, change: LineChange, nowMs: number): Transition {
  return moveTo(state, { ...change, stage: 'trying', untilMs: nowMs + LINE_TRIAL_MS }, change.wanted, nowMs);
}

/** Called with every turn and every failure: a silent reader is looked for where it was before. */
export function expireLineChange(state: SessionState, nowMs: number): Transition {
  const change = state.lineChange;
  if (change === null || nowMs < change.untilMs) return stay(state);
  if (change.stage === 'trying') {
    const reverting: LineChange = { ...change, stage: 'reverting', untilMs: nowMs + LINE_TRIAL_MS };
    return moveTo(state, reverting, { address: change.oldAddress, baud: null }, nowMs);
  }
  return stay({ ...state, lineChange: null }, { kind: 'line_unchanged' }, unanswered(change.id, 'timeout'));
}

/** A channel stands under these settings. */
export function confirmLine(state: SessionState): Transition {
  const change = state.lineChange;
  if (change?.stage === 'trying') {
    return stay({ ...state, lineChange: null }, { kind: 'line_changed', ...change.wanted }, done(change.id));
  }
  if (change?.stage !== 'reverting') return stay(state);
  return stay({ ...state, lineChange: null }, { kind: 'line_unchanged' }, unanswered(change.id, 'refused'));
}

interface Place {
  readonly address: number;
  readonly baud: number | null;
}

function moveTo(state: SessionState, change: LineChange, { address, baud }: Place, nowMs: number): Transition {
  const restarted = restartQuietly({ ...state, config: { ...state.config, address }, lineChange: change }, nowMs);
  return { state: restarted.state, effects: [...restarted.effects, { kind: 'line_settings', address, baud }] };
}

function isAddress(address: number): boolean {
  return Number.isInteger(address) && address >= 0 && address <= ADDRESS_MAX;
}
