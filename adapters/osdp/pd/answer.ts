import { sealFrame } from '../channels/channel.ts';
import { suiteOf } from '../channels/suite-of.ts';
import { EMPTY } from '../messages/fields.ts';
import type { EncodedMessage } from '../messages/message-table.ts';
import { type Part, splitParts } from '../messages/multi-part.ts';
import { NAK_CODE } from '../messages/line-codecs.ts';
import { type Reply, replyTable } from '../messages/replies.ts';
import type { CheckKind, Sequence } from '../wire/control-byte.ts';
import { FRAME_LENGTH_MAX, type Frame, encodeFrame } from '../wire/frame.ts';
import type { SecurityBlock } from '../wire/security-block.ts';
import { ACU_RECEIVE_MIN, OUTGOING_PARTS_MAX } from './limits.ts';
import type { MultiPartReplyName, PdState } from './state.ts';
import { type PdEffect, type PdReply, type PdTransition, stay } from './transition.ts';

/** Header 5, code 1, CRC 2. */
const CLEAR_OVERHEAD = 8;
/** Total, offset and length of a part. */
const PART_OVERHEAD = 6;
const MULTI_PART: ReadonlySet<Reply['name']> = new Set<MultiPartReplyName>(['EXT_PDID', 'PIVDATAR', 'GENAUTHR', 'CRAUTHR', 'PAIRR']);

/** What a reply is put into: the envelope of the command it belongs to. */
type Envelope = Pick<Frame, 'address' | 'sequence' | 'check'>;

export function nak(code: number, detail: Uint8Array = new Uint8Array(0)): Reply {
  return { name: 'NAK', body: { code, detail } };
}

export const ACK: Reply = { name: 'ACK', body: EMPTY };

/** The answer to an accepted command, in clear; an identical command gets it again. */
export function replyInClear(state: PdState, frame: Frame, reply: PdReply, block: SecurityBlock | null = null): PdTransition {
  return finish(state, clearBytes(state, frame, reply, block), reply);
}

export function refuseInClear(state: PdState, frame: Frame, code: number): PdTransition {
  return replyInClear(state, frame, nak(code));
}

/** A message of the handshake: its body is of the secure channel that is spoken, and no table knows both. */
export function replyHandshake(state: PdState, frame: Frame, message: EncodedMessage, block: SecurityBlock): PdTransition {
  return replyInClear(state, frame, { name: 'RAW_MESSAGE', message }, block);
}

/** A NAK or BUSY that stands beside the exchange: neither sequence nor what is repeated changes. */
export function sendAside(state: PdState, envelope: Envelope, reply: Reply): PdTransition {
  return stay(state, ...refusals(reply), { kind: 'send', bytes: clearBytes(state, envelope, reply, null) });
}

/** osdp_BUSY: in clear, sequence 0, outside the MAC chain. */
export function sayBusy(state: PdState, frame: Frame): PdTransition {
  return sendAside(state, { address: frame.address, sequence: 0, check: frame.check }, { name: 'BUSY', body: EMPTY });
}

/** The answer to a command that came in the channel. Quirks may put it in clear all the same. */
export function replySecured(state: PdState, frame: Frame, reply: PdReply): PdTransition {
  const { quirks } = state.config;
  const isOddlyClear = reply.name === 'NAK' && (quirks.refusesInClear === true || reply.body.code === ODD_NAK_CODE);
  if (state.security.name !== 'open' || isOddlyClear) return replyInClear(state, frame, reply);
  const sealed = sealFrame(state.security.channel, 'reply', envelopeOf(state, frame), encode(reply));
  return finish({ ...state, security: { ...state.security, channel: sealed.channel } }, sealed.bytes, reply);
}

/** A code that the standard does not have; one reader is known to send it, in clear inside a channel. */
export const ODD_NAK_CODE = 0x42;

/**
 * Parts a reply that has them to what the ACU takes; the rest waits for polls. A reply that cannot be parted and does not fit is NAK 9, once
 * the ACU has said what it takes.
 */
export function fitReply(state: PdState, reply: PdReply): { readonly state: PdState; readonly reply: PdReply } {
  if (isMultiPart(reply)) return partReply(state, reply);
  const limit = state.acuReceiveMax ?? FRAME_LENGTH_MAX;
  return encode(reply).data.length <= dataMax(state, limit) ? { state, reply } : { state, reply: nak(NAK_CODE.recordRefused) };
}

function partReply(state: PdState, reply: MultiPartReply): { readonly state: PdState; readonly reply: PdReply } {
  const fragmentMax = dataMax(state, state.acuReceiveMax ?? ACU_RECEIVE_MIN) - PART_OVERHEAD;
  const [first, ...rest] = splitParts(reply.body.data, fragmentMax);
  if (first === undefined || rest.length > OUTGOING_PARTS_MAX) return { state, reply: nak(NAK_CODE.recordRefused) };
  const outgoing = rest.length === 0 ? null : { name: reply.name, parts: rest };
  return { state: { ...state, outgoing }, reply: { name: reply.name, body: first } };
}

/** The next part of a reply under way; null when there is none. */
export function takePart(state: PdState): { readonly state: PdState; readonly reply: Reply } | null {
  const [next, ...rest] = state.outgoing?.parts ?? [];
  if (state.outgoing === null || next === undefined) return null;
  const { name } = state.outgoing;
  return { state: { ...state, outgoing: rest.length === 0 ? null : { name, parts: rest } }, reply: { name, body: next } };
}

type MultiPartReply = Extract<Reply, { readonly body: Part }>;

function isMultiPart(reply: PdReply): reply is MultiPartReply {
  return reply.name !== 'RAW_MESSAGE' && MULTI_PART.has(reply.name);
}

/** Bytes of data in a frame of `limit` bytes. */
function dataMax(state: PdState, limit: number): number {
  return state.security.name === 'open' ? suiteOf(state.config.secureChannel).bodyMax(limit) : limit - CLEAR_OVERHEAD;
}

function finish(state: PdState, bytes: Uint8Array, reply: PdReply): PdTransition {
  const undelivered = reply.name === 'RAW_MESSAGE' ? null : reply;
  return stay({ ...state, lastReply: bytes, undelivered, pending: null }, ...refusals(reply), { kind: 'send', bytes });
}

function refusals(reply: PdReply): readonly PdEffect[] {
  return reply.name === 'NAK' ? [{ kind: 'refused', nakCode: reply.body.code }] : [];
}

function clearBytes(state: PdState, envelope: Envelope, reply: PdReply, block: SecurityBlock | null): Uint8Array {
  return encodeFrame({ ...envelopeOf(state, envelope), direction: 'reply', block, ...encode(reply) });
}

function envelopeOf(
  state: PdState,
  { address, sequence, check }: Envelope,
): { readonly address: number; readonly sequence: Sequence; readonly check: CheckKind } {
  return { address, check, sequence: state.config.quirks.repliesWithSequenceZero === true ? 0 : sequence };
}

function encode(reply: PdReply): EncodedMessage {
  return reply.name === 'RAW_MESSAGE' ? reply.message : replyTable.encode(reply);
}
