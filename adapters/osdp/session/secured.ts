import { openFrame } from '../secure-channel/channel.ts';
import type { Frame } from '../wire/frame.ts';
import { NAK_CODE } from '../messages/line-codecs.ts';
import type { EncodedMessage, ParsedMessage } from '../messages/message-table.ts';
import { REPLY_CODE, type Reply, replyTable } from '../messages/replies.ts';
import { hasMac } from '../wire/security-block.ts';
import { answered } from './command-result.ts';
import { confirmCapabilities, confirmIdentity } from './confirmation.ts';
import { acceptReply, retryLater } from './exchange.ts';
import { failSession } from './failure.ts';
import { CARD_AGE_MAX_MS, DRAINED_REPLIES_MAX } from './limits.ts';
import { isCredential, reportReply } from './report.ts';
import type { InFlight, Phase, QueuedCommand, SessionAlarm, SessionState } from './state.ts';
import { type SessionEffect, type Transition, stay } from './transition.ts';

const PHASE_AFTER: { readonly [phase: string]: Phase } = {
  local_status: 'input_status',
  input_status: 'output_status',
  output_status: 'online',
};

const REFUSALS: { readonly [Reason in 'mac_mismatch' | 'cleartext' | 'malformed']: SessionAlarm } = {
  mac_mismatch: 'osdp.mac_mismatch',
  cleartext: 'osdp.cleartext_refused',
  malformed: 'osdp.mac_mismatch',
};

/** Replies while the secure channel stands. Whatever does not fit its chain ends it; a new one is opened at once. */
export function receiveSecured(state: SessionState, frame: Frame, inFlight: InFlight, nowMs: number): Transition {
  if (state.security.name !== 'open') throw new TypeError('no secure channel');
  if (frame.block === null) return receiveClear(state, frame, inFlight, nowMs);
  if (!hasMac(frame.block.type)) return fail(state, nowMs, 'osdp.sequence_anomaly');
  const opened = openFrame(state.security.channel, frame);
  if (!opened.ok) return fail(state, nowMs, REFUSALS[opened.reason]);
  const accepted: SessionState = { ...acceptReply(state, frame, nowMs), security: { name: 'open', channel: opened.channel } };
  const parsed = replyTable.parse(frame.code, opened.data);
  const reply = parsed.ok ? parsed.message : null;
  const complaint: SessionEffect[] = parsed.ok
    ? []
    : [{ kind: 'discarded', what: parsed.reason === 'unknown' ? 'unknown_reply' : 'malformed_reply' }];
  const next = isLostChannel(reply)
    ? failSession(accepted, nowMs, 'secure_channel_failed')
    : inFlight.command === null
      ? receiveAnswer(accepted, reply, { nowMs, silenceMs: nowMs - state.lastReplyMs })
      : finishCommand(accepted, parsed, { code: frame.code, data: opened.data }, inFlight.command);
  return { state: next.state, effects: [...complaint, ...next.effects] };
}

/** In clear: a reader that restarted says so with a NAK and is simply greeted again. Anything else pretends to be trusted. */
function receiveClear(state: SessionState, frame: Frame, inFlight: InFlight, nowMs: number): Transition {
  if (frame.code !== REPLY_CODE.nak) return fail(state, nowMs, 'osdp.cleartext_refused');
  return frame.data[0] === NAK_CODE.badCheck ? retryLater(state, inFlight, nowMs) : failSession(state, nowMs, 'secure_channel_failed');
}

/** The reader itself says, inside the channel, that the two ends no longer agree. */
function isLostChannel(reply: Reply | null): boolean {
  if (reply?.name !== 'NAK') return false;
  const { code } = reply.body;
  return code === NAK_CODE.badSequence || code === NAK_CODE.securityBlockUnsupported || code === NAK_CODE.encryptionRequired;
}

interface Moment {
  readonly nowMs: number;
  /** Since the reply before this one. */
  readonly silenceMs: number;
}

function receiveAnswer(state: SessionState, reply: Reply | null, moment: Moment): Transition {
  switch (state.phase) {
    case 'confirm_identity':
      return confirmIdentity(state, reply, moment.nowMs);
    case 'confirm_capabilities':
      return confirmCapabilities(state, reply, moment.nowMs);
    case 'drain':
      return drain(state, reply, moment.nowMs);
    case 'online':
      return receivePolled(state, reply, moment);
    default:
      return {
        state: { ...state, phase: PHASE_AFTER[state.phase] ?? 'online', dueMs: moment.nowMs },
        effects: reply === null || isCredential(reply) ? [] : reportReply(reply),
      };
  }
}

/** What the reader kept while nobody listened may be of any age. Its states are asked for right afterwards; cards are lost. */
function drain(state: SessionState, reply: Reply | null, nowMs: number): Transition {
  if (reply?.name === 'ACK' || state.drained >= DRAINED_REPLIES_MAX) return listen(state, nowMs);
  const effects: readonly SessionEffect[] = reply !== null && isCredential(reply) ? [{ kind: 'discarded', what: 'stale_card' }] : [];
  return { state: { ...state, drained: state.drained + 1, dueMs: nowMs }, effects };
}

/** From here on the reader is believed: it is on line, unless it only was silent for a while. */
function listen(state: SessionState, nowMs: number): Transition {
  const next: SessionState = { ...state, phase: 'local_status', dueMs: nowMs };
  if (state.reported === 'online') return stay(next);
  if (state.identity === null) throw new TypeError('the identity comes first');
  return stay({ ...next, reported: 'online', onlineSinceMs: nowMs, raised: [] }, { kind: 'online', identity: state.identity });
}

function receivePolled(state: SessionState, reply: Reply | null, { nowMs, silenceMs }: Moment): Transition {
  if (reply === null) return stay(state);
  if (isCredential(reply) && silenceMs > CARD_AGE_MAX_MS) return drain({ ...state, phase: 'drain', drained: 0 }, reply, nowMs);
  return { state, effects: reportReply(reply) };
}

/**
 * Whatever the reader answers is the answer, also with a code that nobody here knows; a NAK, a body that contradicts itself and a card are a no:
 * a card is never the answer to a command.
 */
function finishCommand(state: SessionState, parsed: ParsedMessage<Reply>, raw: EncodedMessage, command: QueuedCommand): Transition {
  const reply = parsed.ok ? parsed.message : null;
  const isDone = parsed.ok ? parsed.message.name !== 'NAK' && !isCredential(parsed.message) : parsed.reason === 'unknown';
  return { state, effects: [...(reply?.name === 'OSTATR' ? reportReply(reply) : []), answered(command.id, reply, raw, isDone)] };
}

function fail(state: SessionState, nowMs: number, alarm: SessionAlarm): Transition {
  return failSession(state, nowMs, 'secure_channel_failed', alarm);
}
