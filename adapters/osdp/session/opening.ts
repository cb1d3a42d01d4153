import { NAK_CODE } from '../messages/line-codecs.ts';
import { REPLY_CODE, type Reply, replyTable } from '../messages/replies.ts';
import { suiteOf } from '../channels/suite-of.ts';
import type { Frame } from '../wire/frame.ts';
import type { SessionAlarm } from './alarms.ts';
import { isClearCredential } from './clear-credential.ts';
import { acceptReply, retryLater } from './exchange.ts';
import { failSession } from './failure.ts';
import { isStepDown, receiveHandshake } from './handshake.ts';
import type { InFlight } from './in-flight.ts';
import { refuseInstallKey } from './installation.ts';
import { afterCapabilities, receivePairing } from './pairing.ts';
import type { SessionState } from './state.ts';
import { type Transition, stay } from './transition.ts';
import { countClearNak, raiseOnce } from './vigilance.ts';

/**
 * Replies before the secure channel stands. Nothing in them lowers the security: what they say of the reader is a claim, checked again inside the
 * channel, and every refusal of the handshake leaves the reader off line.
 */
export function receiveOpening(state: SessionState, frame: Frame, inFlight: InFlight, nowMs: number): Transition {
  if (state.phase === 'pair') return receivePairing(state, frame, inFlight, nowMs);
  if (isClearCredential(frame)) return refuse(state, nowMs, 'osdp.cleartext_refused');
  if (isStepDown(state, frame)) return refuse(state, nowMs, 'osdp.cleartext_refused');
  const handshake = receiveHandshake(state, frame, nowMs);
  if (handshake !== null) return handshake;
  const isExpected = (frame.block?.type ?? null) === expectedBlock(state);
  const isNak = frame.block === null && frame.code === REPLY_CODE.nak;
  if (!isExpected && !isNak) return refuseMisplaced(state, frame);
  const parsed = replyTable.parse(frame.code, frame.data);
  if (!parsed.ok) return stay(state, { kind: 'discarded', what: parsed.reason === 'unknown' ? 'unknown_reply' : 'malformed_reply' });
  if (parsed.message.name === 'NAK') return receiveNak(state, frame, inFlight, { nakCode: parsed.message.body.code, nowMs });
  return receiveAnswer(state, frame, parsed.message, nowMs);
}

/** The block each phase in clear expects; null is none. */
function expectedBlock({ phase, config }: SessionState): number | null {
  const { blocks } = suiteOf(config.secureChannel);
  if (phase === 'challenge') return blocks.clientCryptogram;
  return phase === 'cryptogram' ? blocks.result : null;
}

/** osdp_CCRYPT and osdp_RMAC_I are believed only where they were asked for: elsewhere somebody tries to move the MAC chain. */
function refuseMisplaced(state: SessionState, frame: Frame): Transition {
  const { blocks } = suiteOf(state.config.secureChannel);
  const isHandshake = frame.block?.type === blocks.clientCryptogram || frame.block?.type === blocks.result;
  const next = isHandshake ? raiseOnce(state, 'osdp.sequence_anomaly') : stay(state);
  return { state: next.state, effects: [...next.effects, { kind: 'discarded', what: 'unsolicited_reply' }] };
}

function receiveAnswer(state: SessionState, frame: Frame, reply: Reply, nowMs: number): Transition {
  const accepted: SessionState = { ...acceptReply(state, frame, nowMs), dueMs: nowMs };
  if (state.phase === 'identify' && reply.name === 'PDID') {
    return stay({ ...accepted, phase: 'capabilities', claimed: { ...state.claimed, identity: reply.body } });
  }
  if (state.phase === 'capabilities' && reply.name === 'PDCAP') {
    return afterCapabilities({ ...accepted, claimed: { ...state.claimed, capabilities: reply.body } });
  }
  return stay(state, { kind: 'discarded', what: 'unsolicited_reply' });
}

function receiveNak(
  state: SessionState,
  frame: Frame,
  inFlight: InFlight,
  { nakCode, nowMs }: { readonly nakCode: number; readonly nowMs: number },
): Transition {
  if (nakCode === NAK_CODE.badCheck) return retryLater(state, inFlight, nowMs);
  if (nakCode === NAK_CODE.badSequence || state.phase === 'identify') return failSession(state, nowMs, 'secure_channel_failed');
  if (state.phase === 'capabilities') return afterCapabilities({ ...acceptReply(state, frame, nowMs), dueMs: nowMs });
  if (state.installation !== null) return refuseInstallKey(state, state.installation, nowMs);
  if (inFlight.retries > 0) {
    // Some readers refuse a repetition that they should have answered again.
    const counted = countClearNak(state, nowMs);
    return failSession(counted.state, nowMs, 'secure_channel_failed', counted.isTooMany ? 'osdp.cleartext_refused' : undefined);
  }
  // The reader, or somebody in its place, will not open a secure channel. There is no other way to talk to it.
  return refuse(state, nowMs, 'osdp.cleartext_refused');
}

function refuse(state: SessionState, nowMs: number, alarm: SessionAlarm): Transition {
  return failSession(state, nowMs, 'secure_channel_failed', alarm);
}
