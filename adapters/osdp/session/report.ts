import { RAW_FORMAT, type RawCard } from '../messages/credential-codecs.ts';
import type { EncodedMessage } from '../messages/message-table.ts';
import type { Reply } from '../messages/replies.ts';
import { CARD_BITS_MAX } from './limits.ts';
import type { SessionEffect } from './transition.ts';

/** What a trusted reply tells the outside. Only called with the contents of a verified, encrypted frame. */
export function reportReply(reply: Reply | null, raw: EncodedMessage): readonly SessionEffect[] {
  switch (reply?.name) {
    case 'RAW':
      return [reportCard(reply.body)];
    case 'FMT':
      // Characters of a format that the reader keeps to itself: they are no bits, and which card they are of cannot be told from them.
      return [{ kind: 'discarded', what: 'unsupported_card' }];
    case 'KEYPAD':
      return [{ kind: 'keypad', reader: reply.body.reader, keys: reply.body.keys }];
    case 'LSTATR':
      return [{ kind: 'local_status', tampered: reply.body.tampered, powerFailed: reply.body.powerFailed }];
    case 'ISTATR':
      return [{ kind: 'inputs', states: reply.body.states }];
    case 'OSTATR':
      return [{ kind: 'outputs', states: reply.body.states }];
    case 'ACK':
    case 'NAK':
    case 'BUSY':
      return [];
    default:
      return [{ kind: 'reply', reply: reply ?? null, raw }];
  }
}

export function isCredential(reply: Reply): boolean {
  return reply.name === 'RAW' || reply.name === 'FMT' || reply.name === 'KEYPAD';
}

function reportCard(card: RawCard): SessionEffect {
  const isReadable = card.format === RAW_FORMAT.raw || card.format === RAW_FORMAT.wiegand;
  if (!isReadable || card.bitCount === 0 || card.bitCount > CARD_BITS_MAX) return { kind: 'discarded', what: 'unsupported_card' };
  return { kind: 'card_read', reader: card.reader, bits: withoutTail(card.bits, card.bitCount), bitCount: card.bitCount };
}

/** Readers fill the last byte with anything; the same card must always give the same bytes. */
function withoutTail(bits: Uint8Array, bitCount: number): Uint8Array {
  const copy = new Uint8Array(bits);
  const unused = copy.length * 8 - bitCount;
  const last = copy.length - 1;
  copy[last] = (copy[last] ?? 0) & (0xff << unused);
  return copy;
}
