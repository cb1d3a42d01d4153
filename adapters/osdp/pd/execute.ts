import { suiteOf } from '../channels/suite-of.ts';
import type { Command } from '../messages/commands.ts';
import { NAK_CODE } from '../messages/line-codecs.ts';
import { assemblePart } from '../messages/multi-part.ts';
import type { KeyReference } from '../messages/piv-codecs.ts';
import { PAIRING_MESSAGE_LENGTH_MAX } from '../pairing/limits.ts';
import { CONFIGURATION_ADDRESS } from '../wire/address.ts';
import type { Frame } from '../wire/frame.ts';
import { ACK, fitReply, nak, replyInClear, replySecured, sayBusy, sendAside, takePart } from './answer.ts';
import { ACU_RECEIVE_MIN } from './limits.ts';
import type { Pending, PdState } from './state.ts';
import { type PdReply, type PdTransition, andThen, stay } from './transition.ts';

/** An allowed command, whose envelope was right: the protocol's own are answered here, the others by the device. */
export function execute(state: PdState, frame: Frame, command: Command, isSecured: boolean): PdTransition {
  const pending: Pending = { id: state.executions, frame, command, isSecured, wasBusy: false };
  switch (command.name) {
    case 'POLL': {
      const part = takePart(state);
      return part === null ? askDevice(state, pending) : answer(part.state, pending, part.reply);
    }
    case 'KEYSET':
      return setKey(state, pending, command.body);
    case 'ACURXSIZE': {
      if (command.body.size < ACU_RECEIVE_MIN) return answer(state, pending, nak(NAK_CODE.recordRefused));
      return answer({ ...state, acuReceiveMax: command.body.size }, pending, ACK);
    }
    case 'ABORT':
      return askDevice({ ...state, incoming: null, outgoing: null }, pending);
    case 'GENAUTH':
    case 'CRAUTH':
    case 'PAIR':
      return collectPart(state, pending, command);
    default:
      return askDevice(state, pending);
  }
}

/** The device's answer to the command under way; one that nobody asked for is dropped. */
export function receiveAnswer(state: PdState, id: number, reply: PdReply): PdTransition {
  const { pending } = state;
  if (pending?.id !== id) return stay(state);
  const fitted = fitReply(state, reply);
  return answer(fitted.state, pending, fitted.reply);
}

/** The ACU is told to ask again; its retry gets the answer. */
export function tellBusy(state: PdState): PdTransition {
  const { pending } = state;
  if (pending === null || pending.wasBusy) return stay(state);
  return sayBusy({ ...state, pending: { ...pending, wasBusy: true } }, pending.frame);
}

/** Gives a command to the device. */
export function askDevice(state: PdState, pending: Pending): PdTransition {
  return stay(
    { ...state, pending, executions: state.executions + 1 },
    { kind: 'execute', id: pending.id, command: pending.command, isSecured: pending.isSecured },
  );
}

function answer(state: PdState, pending: Pending, reply: PdReply): PdTransition {
  const { frame, isSecured, wasBusy, command } = pending;
  if (frame.address === CONFIGURATION_ADDRESS) return answerAside(state, pending, reply);
  const isClear = !isSecured || (command.name === 'KEYSET' && state.config.quirks.acknowledgesKeysetInClear === true);
  const sent = isClear ? replyInClear(state, frame, reply) : replySecured(state, frame, reply);
  const done = wasBusy ? { state: sent.state, effects: sent.effects.filter(({ kind }) => kind !== 'send') } : sent;
  return reply.name === 'COM' ? andThen(done, (after) => changeLine(after, reply.body)) : done;
}

/** At the configuration address: beside the reader's own connection, which keeps what it repeats. */
function answerAside(state: PdState, { frame }: Pending, reply: PdReply): PdTransition {
  if (reply.name === 'RAW_MESSAGE') return stay({ ...state, pending: null });
  const sent = sendAside({ ...state, pending: null }, frame, reply);
  return reply.name === 'COM' ? andThen(sent, (after) => changeLine(after, reply.body)) : sent;
}

/** From the next command on; osdp_COM itself has gone out under the old address (OSDP 2.2 clause 6.13). */
function changeLine(state: PdState, settings: { readonly address: number; readonly baud: number }): PdTransition {
  return stay({ ...state, address: settings.address }, { kind: 'line_changed', settings });
}

/** The new key counts from the next challenge on; the channel that brought it stays (OSDP 2.2 clause 6.17). */
function setKey(state: PdState, pending: Pending, { kind, key }: { readonly kind: number; readonly key: Uint8Array }): PdTransition {
  if (!pending.isSecured) return answer(state, pending, nak(NAK_CODE.encryptionRequired));
  const { keyType, scbkLength } = suiteOf(state.config.secureChannel);
  if (kind !== keyType || key.length !== scbkLength) return answer(state, pending, nak(NAK_CODE.recordRefused));
  const keyed: PdState = { ...state, scbk: new Uint8Array(key), mode: 'keyed' };
  return andThen(answer(keyed, pending, ACK), (after) => stay(after, { kind: 'key_changed', scbk: new Uint8Array(key) }));
}

/** Each part but the last is acknowledged; the whole goes to the device. A part out of order or beyond what fits ends it with NAK 9. */
function collectPart(state: PdState, pending: Pending, command: MultiPartCommand): PdTransition {
  const { code } = pending.frame;
  const incoming = state.incoming?.code === code ? state.incoming : null;
  const next = assemblePart(incoming?.assembly ?? null, command.body);
  if (next.error !== null || command.body.total > totalMax(state, command)) {
    return answer({ ...state, incoming: null }, pending, nak(NAK_CODE.recordRefused));
  }
  const reference = command.body.offset === 0 ? referenceOf(command) : (incoming?.reference ?? null);
  const collecting: PdState = { ...state, incoming: next.assembly === null ? null : { code, assembly: next.assembly, reference } };
  if (next.payload === null) return answer(collecting, pending, ACK);
  return askDevice(collecting, { ...pending, command: wholeOf(command, next.payload, reference) });
}

function totalMax({ config }: PdState, { name }: MultiPartCommand): number {
  return name === 'PAIR' ? Math.min(config.combinedMax, PAIRING_MESSAGE_LENGTH_MAX) : config.combinedMax;
}

type MultiPartCommand = Extract<Command, { readonly name: 'GENAUTH' | 'CRAUTH' | 'PAIR' }>;

function referenceOf(command: MultiPartCommand): KeyReference | null {
  return command.name === 'PAIR' ? null : command.body.reference;
}

function wholeOf(command: MultiPartCommand, data: Uint8Array, reference: KeyReference | null): Command {
  const body = { total: data.length, offset: 0, data };
  return command.name === 'PAIR' ? { name: 'PAIR', body } : { name: command.name, body: { ...body, reference } };
}
