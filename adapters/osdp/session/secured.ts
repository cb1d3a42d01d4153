import { NAK_CODE } from '../messages/line-codecs.ts';
import { REPLY_CODE, type Reply, replyTable } from '../messages/replies.ts';
import { isOfChannel, openFrame } from '../channels/channel.ts';
import type { Frame } from '../wire/frame.ts';
import type { SessionAlarm } from './alarms.ts';
import type { Answer } from './answer.ts';
import { confirmCapabilities, confirmIdentity } from './confirmation.ts';
import { acceptReply, retryLater } from './exchange.ts';
import { failSession } from './failure.ts';
import type { InFlight } from './in-flight.ts';
import { takeInstallAnswer } from './installation.ts';
import { takeKeySetAnswer, unsettleKey } from './key-change.ts';
import { takeLineSetAnswer } from './line-change.ts';
import { takeAnswer, takePartAnswer } from './operation.ts';
import { takePolled } from './polled.ts';
import { restartQuietly } from './renewal.ts';
import { isCredential, reportReply } from './report.ts';
import type { Phase } from './phase.ts';
import type { SessionState } from './state.ts';
import { takeFragmentAnswer } from './transfer-job.ts';
import { noteCardSession } from './card-session.ts';
import { type SessionEffect, type Transition, stay } from './transition.ts';
import { countClearNak, countMacFailure } from './vigilance.ts';

const ACK_CODE = 0x40;

const PHASE_AFTER: { readonly [phase: string]: Phase } = {
  receive_size: 'drain',
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
  if (!isOfChannel(state.security.channel, frame.block.type)) return fail(state, nowMs, 'osdp.sequence_anomaly');
  const opened = openFrame(state.security.channel, frame);
  if (!opened.ok) return opened.reason === 'mac_mismatch' ? failMac(state, nowMs) : fail(state, nowMs, REFUSALS[opened.reason]);
  const accepted: SessionState = { ...acceptReply(state, frame, nowMs), security: { ...state.security, channel: opened.channel } };
  const parsed = replyTable.parse(opened.code, opened.data);
  const answer: Answer = {
    reply: parsed.ok ? parsed.message : null,
    raw: { code: opened.code, data: opened.data },
    isMalformed: !parsed.ok && parsed.reason === 'malformed',
  };
  const complaint: SessionEffect[] = parsed.ok
    ? []
    : [{ kind: 'discarded', what: parsed.reason === 'unknown' ? 'unknown_reply' : 'malformed_reply' }];
  const next = isLostChannel(answer.reply)
    ? failSession(accepted, nowMs, 'secure_channel_failed')
    : receiveAnswer(accepted, answer, inFlight, nowMs);
  return { state: next.state, effects: [...complaint, ...next.effects] };
}

/**
 * In clear: a reader that restarted says so with a NAK and is simply greeted again. Some readers acknowledge osdp_KEYSET in clear: that proves
 * nothing, and the next handshake tells. Anything else pretends to be trusted.
 */
function receiveClear(state: SessionState, frame: Frame, inFlight: InFlight, nowMs: number): Transition {
  const isAck = frame.code === ACK_CODE && frame.data.length === 0;
  if (isAck && inFlight.purpose.name === 'key_set') {
    return state.installation === null ? restartQuietly(unsettleKey(state, 'next'), nowMs) : takeInstallAnswer(state, null, nowMs);
  }
  if (frame.code !== REPLY_CODE.nak) return fail(state, nowMs, 'osdp.cleartext_refused');
  if (frame.data[0] === NAK_CODE.badCheck) return retryLater(state, inFlight, nowMs);
  const counted = countClearNak(state, nowMs);
  return failSession(counted.state, nowMs, 'secure_channel_failed', counted.isTooMany ? 'osdp.cleartext_refused' : undefined);
}

/** The reader itself says, inside the channel, that the two ends no longer agree. */
function isLostChannel(reply: Reply | null): boolean {
  if (reply?.name !== 'NAK') return false;
  const { code } = reply.body;
  return code === NAK_CODE.badSequence || code === NAK_CODE.securityBlockUnsupported || code === NAK_CODE.encryptionRequired;
}

function receiveAnswer(state: SessionState, answer: Answer, { purpose }: InFlight, nowMs: number): Transition {
  switch (purpose.name) {
    case 'question':
      return receiveSetup(state, answer, nowMs);
    case 'poll':
      return takePolled(state, answer, nowMs);
    case 'command':
      return takeAnswer(noteCardSession(state, purpose.command, answer, nowMs), answer, purpose.command, nowMs);
    case 'part':
      return takePartAnswer(state, answer, nowMs);
    case 'fragment':
      return takeFragmentAnswer(state, answer, purpose.byteCount, nowMs);
    case 'key_set':
      return state.installation === null ? takeKeySetAnswer(state, answer, nowMs) : takeInstallAnswer(state, answer, nowMs);
    case 'line_set':
      return takeLineSetAnswer(state, answer, nowMs);
    case 'abort':
    case 'wish':
      return stay(state);
  }
}

function receiveSetup(state: SessionState, answer: Answer, nowMs: number): Transition {
  const { reply, raw } = answer;
  if (state.phase === 'confirm_identity') return confirmIdentity(state, reply, nowMs);
  if (state.phase === 'confirm_capabilities') return confirmCapabilities(state, reply, nowMs);
  const isReport = reply !== null && !isCredential(reply) && state.phase !== 'receive_size';
  return {
    state: { ...state, phase: PHASE_AFTER[state.phase] ?? 'online', drained: 0, dueMs: nowMs },
    effects: isReport ? reportReply(reply, raw) : [],
  };
}

function failMac(state: SessionState, nowMs: number): Transition {
  const failed = fail(state, nowMs, 'osdp.mac_mismatch');
  const counted = countMacFailure(failed.state, nowMs);
  return { state: counted.state, effects: [...failed.effects, ...counted.effects] };
}

function fail(state: SessionState, nowMs: number, alarm: SessionAlarm): Transition {
  return failSession(state, nowMs, 'secure_channel_failed', alarm);
}
