import { byteOf, copyOf, exactly, readByte, readUint16, uint16Of, withTail } from './fields.ts';
import type { BodyCodec } from './message-table.ts';
import { PART_HEADER_LENGTH, type Part, fits, partHeader, splitParts } from './multi-part.ts';

/** osdp_PIVDATA: object 3, element 1, offset 1 or LE16. The reply is osdp_PIVDATAR in parts. */
export interface PivQuery {
  /** Object identifier of NIST SP 800-73. */
  readonly object: Uint8Array;
  readonly element: number;
  readonly offset: number;
  /** Older readers know one byte of offset, newer ones two. */
  readonly offsetLength: 1 | 2;
}

export const pivQuery: BodyCodec<PivQuery> = {
  encode: ({ object, element, offset, offsetLength }) =>
    Uint8Array.of(
      ...exactly(object, 3, 'object'),
      byteOf(element, 'element'),
      ...(offsetLength === 1 ? [byteOf(offset, 'offset')] : uint16Of(offset, 'offset')),
    ),
  parse(data) {
    if (data.length !== 5 && data.length !== 6) return null;
    const offsetLength = data.length === 5 ? 1 : 2;
    const offset = offsetLength === 1 ? readByte(data, 4) : readUint16(data, 4);
    return { object: copyOf(data, 0, 3), element: readByte(data, 3), offset, offsetLength };
  },
};

export const KEY_REFERENCE_LENGTH_MAX = 16;

/** Which key the card shall use. More than one byte of `key` is the extended reference of OSDP 2.2.2. */
export interface KeyReference {
  /** Of ISO 7816-4 clause 7.5.5. */
  readonly algorithm: number;
  readonly key: Uint8Array;
}

/**
 * osdp_GENAUTH, osdp_CRAUTH: a part; in the first one algorithm 1 and key reference stand between header and fragment and count in neither length.
 * Senders that count them as part of the message leave `reference` null: then they are its first bytes.
 */
export interface ChallengePart extends Part {
  readonly reference: KeyReference | null;
}

export const challengePart: BodyCodec<ChallengePart> = {
  encode(body) {
    if (!fits(body)) throw new TypeError('the fragment lies outside its message');
    if (body.reference !== null && body.offset !== 0) throw new TypeError('the key reference stands in the first part');
    return withTail([...partHeader(body), ...(body.reference === null ? [] : referenceBytes(body.reference))], body.data);
  },
  parse(data) {
    const dataAt = data.length - readUint16(data, 4);
    if (data.length < PART_HEADER_LENGTH || dataAt < PART_HEADER_LENGTH) return null;
    const [total, offset] = [readUint16(data, 0), readUint16(data, 2)];
    const body = { total, offset, data: copyOf(data, dataAt), reference: readReference(data.subarray(PART_HEADER_LENGTH, dataAt)) };
    const isMisplaced = dataAt > PART_HEADER_LENGTH && (body.reference === null || offset !== 0);
    return isMisplaced || !fits(body) ? null : body;
  },
};

/** A challenge in the order in which its parts must be sent. @throws TypeError as `splitParts` does */
export function splitChallenge(reference: KeyReference, challenge: Uint8Array, fragmentMax: number): ChallengePart[] {
  return splitParts(challenge, fragmentMax).map((next) => ({ ...next, reference: next.offset === 0 ? reference : null }));
}

function referenceBytes({ algorithm, key }: KeyReference): readonly number[] {
  if (key.length === 0 || key.length > KEY_REFERENCE_LENGTH_MAX) throw new TypeError(`a key has 1..${KEY_REFERENCE_LENGTH_MAX} bytes`);
  return [byteOf(algorithm, 'algorithm'), ...key];
}

function readReference(bytes: Uint8Array): KeyReference | null {
  if (bytes.length < 2 || bytes.length > 1 + KEY_REFERENCE_LENGTH_MAX) return null;
  return { algorithm: readByte(bytes, 0), key: copyOf(bytes, 1) };
}
