import { openChannel } from '../secure-channel/channel.ts';
import { clientCryptogram, initialRMac, serverCryptogram } from '../secure-channel/cryptograms.ts';
import { isSameSecret } from '../secure-channel/same-secret.ts';
import type { Frame } from '../wire/frame.ts';
import { NAK_CODE } from '../messages/line-codecs.ts';
import { REPLY_CODE, type Reply, replyTable } from '../messages/replies.ts';
import { HANDSHAKE_RESULT, KEY_KIND, SCS } from '../wire/security-block.ts';
import { acceptReply, retryLater } from './exchange.ts';
import { failSession } from './failure.ts';
import type { InFlight, SessionAlarm, SessionState } from './state.ts';
import { type Transition, stay } from './transition.ts';

/** The block each phase in clear expects; null is none. */
const EXPECTED_BLOCK: { readonly [phase: string]: number | null } = {
  identify: null,
  capabilities: null,
  challenge: SCS.clientCryptogram,
  cryptogram: SCS.initialRMac,
};

/**
 * Replies before the secure channel stands. Nothing in them lowers the security: what they say of the reader is a claim, checked again inside the
 * channel, and every refusal of the handshake leaves the reader off line.
 */
export function receiveOpening(state: SessionState, frame: Frame, inFlight: InFlight, nowMs: number): Transition {
  if (isClearCredential(frame)) return refuse(state, nowMs, 'osdp.cleartext_refused');
  const isExpected = (frame.block?.type ?? null) === EXPECTED_BLOCK[state.phase];
  const isNak = frame.block === null && frame.code === REPLY_CODE.nak;
  if (!isExpected && !isNak) return stay(state, { kind: 'discarded', what: 'unsolicited_reply' });
  const parsed = replyTable.parse(frame.code, frame.data);
  if (!parsed.ok) return stay(state, { kind: 'discarded', what: parsed.reason === 'unknown' ? 'unknown_reply' : 'malformed_reply' });
  if (parsed.message.name === 'NAK') return receiveNak(state, frame, inFlight, { nakCode: parsed.message.body.code, nowMs });
  return receiveAnswer(state, frame, parsed.message, nowMs);
}

/** A card or PIN that is not inside a secure channel. */
export function isClearCredential(frame: Frame): boolean {
  return frame.block === null && (frame.code === REPLY_CODE.raw || frame.code === REPLY_CODE.formatted || frame.code === REPLY_CODE.keypad);
}

function receiveAnswer(state: SessionState, frame: Frame, reply: Reply, nowMs: number): Transition {
  const accepted: SessionState = { ...acceptReply(state, frame, nowMs), dueMs: nowMs };
  if (state.phase === 'identify' && reply.name === 'PDID') {
    return stay({ ...accepted, phase: 'capabilities', claimed: { ...state.claimed, identity: reply.body } });
  }
  if (state.phase === 'capabilities' && reply.name === 'PDCAP') {
    return stay({ ...accepted, phase: 'challenge', claimed: { ...state.claimed, capabilities: reply.body } });
  }
  if (state.security.name === 'challenged' && reply.name === 'CCRYPT') {
    const { keys, rndA } = state.security;
    if (frame.block?.data[0] !== KEY_KIND.scbk) return refuse(state, nowMs, 'osdp.default_key_refused');
    const expected = clientCryptogram(keys, rndA, reply.body.rndB);
    if (!isSameSecret(expected, reply.body.cryptogram)) return refuse(state, nowMs, 'osdp.key_mismatch');
    const cryptogram = serverCryptogram(keys, rndA, reply.body.rndB);
    return stay({ ...accepted, phase: 'cryptogram', security: { name: 'proving', keys, serverCryptogram: cryptogram } });
  }
  if (state.security.name === 'proving' && reply.name === 'RMAC_I') {
    const { keys } = state.security;
    const rMac = initialRMac(keys, state.security.serverCryptogram);
    const isAgreed = frame.block?.data[0] === HANDSHAKE_RESULT.ok && isSameSecret(rMac, reply.body.rMac);
    if (!isAgreed) return refuse(state, nowMs, 'osdp.key_mismatch');
    return stay({ ...accepted, phase: 'confirm_identity', security: { name: 'open', channel: openChannel(keys, rMac) } });
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
  if (state.phase === 'capabilities') return stay({ ...acceptReply(state, frame, nowMs), phase: 'challenge', dueMs: nowMs });
  // The reader, or somebody in its place, will not open a secure channel. There is no other way to talk to it.
  return refuse(state, nowMs, 'osdp.cleartext_refused');
}

function refuse(state: SessionState, nowMs: number, alarm: SessionAlarm): Transition {
  return failSession(state, nowMs, 'secure_channel_failed', alarm);
}
