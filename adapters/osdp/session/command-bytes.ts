import { suiteOf } from '../channels/suite-of.ts';
import { type Command, commandTable } from '../messages/commands.ts';
import { CAPABILITY } from '../messages/identity-codecs.ts';
import type { EncodedMessage } from '../messages/message-table.ts';
import { PART_HEADER_LENGTH, type Part, splitParts } from '../messages/multi-part.ts';
import { splitChallenge } from '../messages/piv-codecs.ts';
import { FRAME_LENGTH_MAX } from '../wire/frame.ts';
import type { QueuedCommand } from './in-flight.ts';
import { isSupported, toCapabilities } from './reader-capabilities.ts';
import type { SessionState } from './state.ts';

/** Algorithm 1 and the longest key reference stand beside the first fragment. */
const REFERENCE_LENGTH_MAX = 17;

export type Prepared =
  | { readonly kind: 'single'; readonly message: EncodedMessage }
  | { readonly kind: 'parts'; readonly parts: readonly EncodedMessage[] }
  /** The reader cannot do it, or it does not fit. */
  | { readonly kind: 'unsupported' };

const UNSUPPORTED: Prepared = { kind: 'unsupported' };

type Multipart = Extract<Command, { name: 'GENAUTH' | 'CRAUTH' | 'PAIR' }>;

/** The bytes of a command as this reader can take them. Never throws: what cannot be encoded is not supported. */
export function prepareCommand(state: SessionState, { command }: QueuedCommand): Prepared {
  if (!isSupported(command, state.capabilities)) return UNSUPPORTED;
  const list = state.capabilities ?? [];
  const isBufferKnown = list.some((entry) => entry.function === CAPABILITY.receiveBuffer);
  const { receiveBufferMax, combinedMessageMax } = toCapabilities(list);
  const { bodyMax } = suiteOf(state.config.secureChannel);
  try {
    if (command.name === 'GENAUTH' || command.name === 'CRAUTH' || command.name === 'PAIR') {
      const { offset, total, data } = command.body;
      const isWhole = offset === 0 && total === data.length;
      if (!isWhole || (combinedMessageMax > 0 && total > combinedMessageMax)) return UNSUPPORTED;
      return { kind: 'parts', parts: split(command, bodyMax(receiveBufferMax) - PART_HEADER_LENGTH - REFERENCE_LENGTH_MAX) };
    }
    const message = command.name === 'RAW_COMMAND' ? command.body : commandTable.encode(command);
    const isFitting = message.data.length <= bodyMax(isBufferKnown ? receiveBufferMax : FRAME_LENGTH_MAX);
    return isFitting ? { kind: 'single', message } : UNSUPPORTED;
  } catch {
    return UNSUPPORTED;
  }
}

function split(command: Multipart, fragmentMax: number): EncodedMessage[] {
  const { data } = command.body;
  if (command.name === 'PAIR') return splitParts(data, fragmentMax).map((body) => commandTable.encode({ name: 'PAIR', body }));
  const { reference } = command.body;
  const plain = (part: Part) => ({ ...part, reference: null });
  const parts = reference === null ? splitParts(data, fragmentMax).map(plain) : splitChallenge(reference, data, fragmentMax);
  return parts.map((body) => commandTable.encode({ name: command.name, body }));
}
