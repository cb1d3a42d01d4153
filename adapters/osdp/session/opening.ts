import { NAK_CODE } from '../messages/line-codecs.ts';
import { REPLY_CODE, type Reply, replyTable } from '../messages/replies.ts';
import { openChannel } from '../secure-channel/channel.ts';
import { clientCryptogram, initialRMac, serverCryptogram } from '../secure-channel/cryptograms.ts';
import { isSameSecret } from '../secure-channel/same-secret.ts';
import type { Frame } from '../wire/frame.ts';
import { HANDSHAKE_RESULT, KEY_KIND, SCS } from '../wire/security-block.ts';
import type { SessionAlarm } from './alarms.ts';
import { confirmClient } from './confirmation.ts';
import { acceptReply, retryLater } from './exchange.ts';
import { failSession } from './failure.ts';
import type { InFlight, Security } from './in-flight.ts';
import { continueInstallation, refuseInstallKey } from './installation.ts';
import { confirmKey } from './key-change.ts';
import { confirmLine } from './line-change.ts';
import { restartQuietly } from './renewal.ts';
import type { SessionState } from './state.ts';
import { type Transition, stay } from './transition.ts';
import { raiseOnce } from './vigilance.ts';

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
  if (!isExpected && !isNak) return refuseMisplaced(state, frame);
  const parsed = replyTable.parse(frame.code, frame.data);
  if (!parsed.ok) return stay(state, { kind: 'discarded', what: parsed.reason === 'unknown' ? 'unknown_reply' : 'malformed_reply' });
  if (parsed.message.name === 'NAK') return receiveNak(state, frame, inFlight, { nakCode: parsed.message.body.code, nowMs });
  return receiveAnswer(state, frame, parsed.message, nowMs);
}

/** A card or PIN that is not inside a secure channel. */
export function isClearCredential(frame: Frame): boolean {
  return frame.block === null && (frame.code === REPLY_CODE.raw || frame.code === REPLY_CODE.formatted || frame.code === REPLY_CODE.keypad);
}

/** osdp_CCRYPT and osdp_RMAC_I are believed only where they were asked for: elsewhere somebody tries to move the MAC chain. */
function refuseMisplaced(state: SessionState, frame: Frame): Transition {
  const isHandshake = frame.block?.type === SCS.clientCryptogram || frame.block?.type === SCS.initialRMac;
  const next = isHandshake ? raiseOnce(state, 'osdp.sequence_anomaly') : stay(state);
  return { state: next.state, effects: [...next.effects, { kind: 'discarded', what: 'unsolicited_reply' }] };
}

function receiveAnswer(state: SessionState, frame: Frame, reply: Reply, nowMs: number): Transition {
  const accepted: SessionState = { ...acceptReply(state, frame, nowMs), dueMs: nowMs };
  if (state.phase === 'identify' && reply.name === 'PDID') {
    return stay({ ...accepted, phase: 'capabilities', claimed: { ...state.claimed, identity: reply.body } });
  }
  if (state.phase === 'capabilities' && reply.name === 'PDCAP') {
    return stay({ ...accepted, phase: 'challenge', claimed: { ...state.claimed, capabilities: reply.body } });
  }
  const { security } = state;
  if (security.name === 'challenged' && reply.name === 'CCRYPT') {
    const { keys, rndA } = security;
    // A reader that forgot its key, or somebody who hopes to be given it. Nothing but an operator's window changes that.
    if (frame.block?.data[0] !== security.kind) return refuseKind(state, security.kind, nowMs);
    const expected = clientCryptogram(keys, rndA, reply.body.rndB);
    if (!isSameSecret(expected, reply.body.cryptogram)) return refuseKey(state, security, nowMs);
    const cryptogram = serverCryptogram(keys, rndA, reply.body.rndB);
    const { kind, choice, hasOther } = security;
    const proving: Security = {
      name: 'proving',
      keys,
      kind,
      choice,
      hasOther,
      serverCryptogram: cryptogram,
      clientId: reply.body.clientId,
    };
    return stay({ ...accepted, phase: 'cryptogram', security: proving });
  }
  if (security.name === 'proving' && reply.name === 'RMAC_I') {
    const rMac = initialRMac(security.keys, security.serverCryptogram);
    const isAgreed = frame.block?.data[0] === HANDSHAKE_RESULT.ok && isSameSecret(rMac, reply.body.rMac);
    return isAgreed ? enterChannel(accepted, security, rMac, nowMs) : refuseKey(state, security, nowMs);
  }
  return stay(state, { kind: 'discarded', what: 'unsolicited_reply' });
}

type Proving = Extract<Security, { name: 'proving' }>;

/** The channel stands. It settles what was open: the key, the line, the installation. */
function enterChannel(state: SessionState, security: Proving, rMac: Uint8Array, nowMs: number): Transition {
  const channel = openChannel(security.keys, rMac);
  const open: SessionState = { ...state, phase: 'confirm_identity', security: { name: 'open', channel, sinceMs: nowMs, exchanges: 0 } };
  if (open.installation !== null && open.installation.key !== 'final') return continueInstallation(open, open.installation);
  const client = confirmClient(open, security.clientId, nowMs);
  const key =
    client.state.installation === null
      ? confirmKey(client.state, security.choice, security.hasOther)
      : continueInstallation(client.state, client.state.installation);
  const line = confirmLine(key.state);
  return { state: line.state, effects: [...client.effects, ...key.effects, ...line.effects] };
}

function refuseKind(state: SessionState, asked: number, nowMs: number): Transition {
  if (state.installation !== null) return refuseInstallKey(state, state.installation, nowMs);
  return refuse(state, nowMs, asked === KEY_KIND.scbk ? 'osdp.default_key_refused' : 'osdp.key_mismatch');
}

/** A second key of the reader is tried at once, without an alarm; when both have failed it is one. */
function refuseKey(
  state: SessionState,
  { choice, hasOther }: { choice: 'current' | 'next'; hasOther: boolean },
  nowMs: number,
): Transition {
  if (state.installation !== null) return refuseInstallKey(state, state.installation, nowMs);
  const other = choice === 'current' ? 'next' : 'current';
  if (hasOther && !state.isOtherKeyTried) return restartQuietly({ ...state, keyChoice: other, isOtherKeyTried: true }, nowMs);
  return refuse({ ...state, isOtherKeyTried: false }, nowMs, 'osdp.key_mismatch');
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
  if (state.installation !== null) return refuseInstallKey(state, state.installation, nowMs);
  // The reader, or somebody in its place, will not open a secure channel. There is no other way to talk to it.
  return refuse(state, nowMs, 'osdp.cleartext_refused');
}

function refuse(state: SessionState, nowMs: number, alarm: SessionAlarm): Transition {
  return failSession(state, nowMs, 'secure_channel_failed', alarm);
}
