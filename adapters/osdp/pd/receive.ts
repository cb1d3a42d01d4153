import { openFrame } from '../channels/channel.ts';
import { suiteOf } from '../channels/suite-of.ts';
import { type Command, commandTable } from '../messages/commands.ts';
import { NAK_CODE } from '../messages/line-codecs.ts';
import { CONFIGURATION_ADDRESS } from '../wire/address.ts';
import { nextSequence } from '../wire/control-byte.ts';
import type { Frame } from '../wire/frame.ts';
import { isSameBytes } from '../wire/same-bytes.ts';
import { TAG_LENGTH, macLength } from '../wire/security-block.ts';
import { nak, refuseInClear, replySecured, sayBusy, sendAside } from './answer.ts';
import { receiveConfiguration } from './configuration-address.ts';
import { execute } from './execute.ts';
import { CHANNEL_IDLE_MAX_MS } from './limits.ts';
import { answerChallenge, answerProof, dropChannel } from './security.ts';
import type { PdState } from './state.ts';
import { type BrokenFrame, type ChannelEnd, type PdEffect, type PdTransition, andThen, stay } from './transition.ts';

interface Arrival {
  readonly frame: Frame;
  readonly nowMs: number;
  readonly rndB: Uint8Array;
}

/** One whole frame of the line. Replies, and commands for others, are none of its business. */
export function receiveFrame(state: PdState, arrival: Arrival): PdTransition {
  const { frame, nowMs } = arrival;
  if (frame.direction !== 'command') return stay(state);
  if (frame.address === CONFIGURATION_ADDRESS) return receiveConfiguration(state, frame);
  const located = fallBack(state, nowMs);
  if (frame.address !== located.address) return stay(located);
  if (frame.bytes.length > state.config.receiveMax) return sendAside(located, frame, nak(NAK_CODE.badLength));
  const heard: PdState = { ...located, heardMs: nowMs };
  const isIdle = heard.security.name === 'open' && nowMs - heard.usedMs > CHANNEL_IDLE_MAX_MS;
  return andThen(isIdle ? dropChannel(heard, 'idle') : stay(heard), (current) => checkSequence(current, arrival));
}

/** A check or a length that is wrong: the ACU sends it again (NAK 1, NAK 2). Nothing it said is believed, so nothing changes. */
export function receiveBroken(state: PdState, broken: BrokenFrame): PdTransition {
  if (broken.address !== state.address) return stay(state);
  return sendAside(state, broken, nak(broken.fault === 'check' ? NAK_CODE.badCheck : NAK_CODE.badLength));
}

/** Forgets what a connection knows: sequence, channel, what was on its way. */
export function restart(state: PdState, cause: ChannelEnd): PdTransition {
  const lost: readonly PdEffect[] = state.undelivered === null ? [] : [{ kind: 'undelivered', reply: state.undelivered }];
  return andThen(dropChannel(state, cause), (dropped) =>
    stay(
      { ...dropped, sequence: null, lastCommand: null, lastReply: null, undelivered: null, incoming: null, outgoing: null, pending: null },
      ...lost,
    ),
  );
}

/** A quirk: silence is taken for a wrong setting. */
function fallBack(state: PdState, nowMs: number): PdState {
  const { fallsBackTo } = state.config.quirks;
  if (fallsBackTo === undefined || state.heardMs === Number.NEGATIVE_INFINITY || nowMs - state.heardMs <= fallsBackTo.afterMs) return state;
  return { ...state, address: fallsBackTo.address };
}

/** OSDP 2.2 clause 5.9: 0 starts anew; the same bytes are a retry and get the same reply; all else must count on. */
function checkSequence(state: PdState, arrival: Arrival): PdTransition {
  const { frame } = arrival;
  if (state.config.quirks.needsPollBeforeId === true && !state.wasPolled && isQuestion(frame, 'ID')) return stay(state);
  if (frame.sequence === 0) return andThen(restart(state, 'restarted'), (fresh) => admit(fresh, arrival));
  if (state.lastCommand !== null && isSameBytes(state.lastCommand, frame.bytes)) return repeatReply(state, frame);
  if (state.pending !== null) return sayBusy({ ...state, pending: { ...state.pending, wasBusy: true } }, frame);
  if (state.sequence === null || frame.sequence !== nextSequence(state.sequence)) {
    return sendAside(state, frame, nak(NAK_CODE.badSequence));
  }
  return admit(state, arrival);
}

/** A device that still works on it says BUSY once more. */
function repeatReply(state: PdState, frame: Frame): PdTransition {
  if (state.pending !== null) return sayBusy({ ...state, pending: { ...state.pending, wasBusy: true } }, frame);
  return state.lastReply === null ? stay(state) : stay(state, { kind: 'send', bytes: state.lastReply });
}

function admit(state: PdState, arrival: Arrival): PdTransition {
  const { frame } = arrival;
  if (state.busyReplies > 0) return sayBusy({ ...state, busyReplies: state.busyReplies - 1 }, frame);
  const accepted: PdState = {
    ...state,
    sequence: frame.sequence,
    lastCommand: frame.bytes,
    lastReply: null,
    undelivered: null,
    wasPolled: state.wasPolled || isQuestion(frame, 'POLL'),
  };
  return dispatch(accepted, arrival);
}

function dispatch(state: PdState, { frame, nowMs, rndB }: Arrival): PdTransition {
  if (frame.block === null) return receiveClear(state, frame);
  if (state.mode === 'none') return refuseInClear(state, frame, NAK_CODE.securityBlockUnsupported);
  const { type } = frame.block;
  const { blocks } = suiteOf(state.config.secureChannel);
  if (type === blocks.challenge) return answerChallenge(state, frame, rndB);
  if (type === blocks.serverCryptogram) return answerProof(state, frame, nowMs);
  const isSealedCommand = macLength(type) > 0 && type % 2 === 1;
  return isSealedCommand ? receiveSecured(state, frame, nowMs) : refuseInClear(state, frame, NAK_CODE.securityBlockUnsupported);
}

/** What a reader with a key does without it: say who it is and what it can, take an address, be challenged. */
function receiveClear(state: PdState, frame: Frame): PdTransition {
  const parsed = commandTable.parse(frame.code, frame.data);
  if (!parsed.ok) return refuseInClear(state, frame, parsed.reason === 'unknown' ? NAK_CODE.unknownCommand : NAK_CODE.badLength);
  const command = parsed.message;
  if (command.name === 'CHLNG' || command.name === 'SCRYPT') return refuseInClear(state, frame, NAK_CODE.securityBlockUnsupported);
  if (state.security.name === 'open' || !isAllowedInClear(state, command)) return refuseInClear(state, frame, NAK_CODE.encryptionRequired);
  return execute(state, frame, command, false);
}

export function isAllowedInClear(state: PdState, command: Command): boolean {
  if (state.mode === 'none') return command.name !== 'KEYSET';
  if (command.name === 'COMSET') return state.config.clearComset === 'accepted';
  // The draft pairs in clear: its messages are signed, and the answer to one is fetched with polls.
  if (state.config.canPair === true && (command.name === 'PAIR' || (command.name === 'POLL' && state.outgoing?.name === 'PAIRR')))
    return true;
  return command.name === 'ID' || command.name === 'CAP';
}

/** Nothing of the frame is looked at before its MAC; one that is wrong ends the channel (OSDP 2.2 clause D.6). */
function receiveSecured(state: PdState, frame: Frame, nowMs: number): PdTransition {
  if (state.security.name !== 'open') return refuseInClear(state, frame, NAK_CODE.encryptionRequired);
  const opened = openFrame(state.security.channel, frame);
  if (!opened.ok) {
    return andThen(dropChannel(state, 'not_authentic'), (after) => refuseInClear(after, frame, NAK_CODE.encryptionRequired));
  }
  const current: PdState = { ...state, usedMs: nowMs, security: { ...state.security, channel: opened.channel } };
  // On the wire the code may be ciphertext.
  const command: Frame = { ...frame, code: opened.code };
  const parsed = commandTable.parse(opened.code, opened.data);
  if (parsed.ok) return execute(current, command, parsed.message, true);
  return replySecured(current, command, nak(parsed.reason === 'unknown' ? NAK_CODE.unknownCommand : NAK_CODE.badLength));
}

/** Under secure channel 2 the code is ciphertext and says nothing. */
function isQuestion(frame: Frame, name: 'ID' | 'POLL'): boolean {
  if (frame.mac?.length === TAG_LENGTH) return false;
  return commandTable.encode(name === 'ID' ? { name, body: { form: 0 } } : { name, body: {} }).code === frame.code;
}
