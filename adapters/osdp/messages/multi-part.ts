import { copyOf, readUint16, uint16Of, withTail } from './fields.ts';
import type { BodyCodec } from './message-table.ts';

/** The largest message that parts can make up: the total is a field of two bytes. */
export const ASSEMBLY_MAX = 0xffff;
export const PART_HEADER_LENGTH = 6;
/** The largest message in frames that every reader sends has about 650 parts. Many more are somebody who wants memory and time for little. */
export const PARTS_MAX = 1_024;

/** OSDP 2.2 clause 5.10: total LE16, offset LE16, fragment length LE16, fragment. Without a fragment at or behind the total the sender gives up. */
export interface Part {
  readonly total: number;
  readonly offset: number;
  readonly data: Uint8Array;
}

/** What has arrived of a message so far. */
export interface Assembly {
  readonly total: number;
  /** Bytes so far. */
  readonly received: number;
  readonly count: number;
  readonly newest: Fragment;
}

/** Fragments in the order of their coming, each behind the one before: taking one in costs the same however many there are. */
interface Fragment {
  readonly data: Uint8Array;
  readonly before: Fragment | null;
}

export interface Assembled {
  /** Null when nothing is under way. */
  readonly assembly: Assembly | null;
  /** The whole message, once. */
  readonly payload: Uint8Array | null;
  /** The receiver ends the transfer with NAK 9 (`recordRefused`). */
  readonly error: 'out_of_order' | 'too_large' | 'too_many' | 'total_changed' | null;
}

const NOTHING: Assembled = { assembly: null, payload: null, error: null };

export const part: BodyCodec<Part> = {
  encode(body) {
    if (!fits(body)) throw new TypeError('the fragment lies outside its message');
    return withTail(partHeader(body), body.data);
  },
  parse(data) {
    const length = readUint16(data, 4);
    if (data.length !== PART_HEADER_LENGTH + length) return null;
    const body = { total: readUint16(data, 0), offset: readUint16(data, 2), data: copyOf(data, PART_HEADER_LENGTH) };
    return fits(body) ? body : null;
  },
};

export function partHeader({ total, offset, data }: Part): readonly number[] {
  return [...uint16Of(total, 'total'), ...uint16Of(offset, 'offset'), ...uint16Of(data.length, 'fragment')];
}

/** A fragment lies inside its message; none at all lies behind it. */
export function fits({ total, offset, data }: Part): boolean {
  return data.length === 0 ? offset >= total : offset + data.length <= total;
}

/** The parts of a message in the order in which they must be sent. @throws TypeError when it is empty or larger than ASSEMBLY_MAX */
export function splitParts(payload: Uint8Array, fragmentMax: number): Part[] {
  if (payload.length === 0 || payload.length > ASSEMBLY_MAX) throw new TypeError(`a message has 1..${ASSEMBLY_MAX} bytes`);
  if (!Number.isInteger(fragmentMax) || fragmentMax < 1) throw new TypeError('a fragment has at least one byte');
  const parts: Part[] = [];
  for (let offset = 0; offset < payload.length; offset += fragmentMax) {
    parts.push({ total: payload.length, offset, data: copyOf(payload, offset, Math.min(offset + fragmentMax, payload.length)) });
  }
  return parts;
}

/** The sender's way to give up a message of `total` bytes. */
export function earlyEnd(total: number): Part {
  return { total, offset: total, data: new Uint8Array(0) };
}

/** Takes the next part. In order only; offset 0 starts anew; memory is what has arrived, not what is claimed. Each byte is copied once, at the end. */
export function assemblePart(assembly: Assembly | null, next: Part): Assembled {
  if (next.total > ASSEMBLY_MAX) return { ...NOTHING, error: 'too_large' };
  if (next.data.length === 0 && next.offset >= next.total) return NOTHING;
  const before = next.offset === 0 ? null : assembly;
  if ((before?.received ?? 0) !== next.offset) return { ...NOTHING, error: 'out_of_order' };
  if (before !== null && before.total !== next.total) return { ...NOTHING, error: 'total_changed' };
  if (!fits(next)) return { ...NOTHING, error: 'too_large' };
  const count = (before?.count ?? 0) + 1;
  if (count > PARTS_MAX) return { ...NOTHING, error: 'too_many' };
  const received = next.offset + next.data.length;
  const newest: Fragment = { data: next.data, before: before?.newest ?? null };
  if (received < next.total) return { ...NOTHING, assembly: { total: next.total, received, count, newest } };
  return { ...NOTHING, payload: joined(newest, received) };
}

function joined(newest: Fragment, length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let end = length;
  for (let fragment: Fragment | null = newest; fragment !== null; fragment = fragment.before) {
    end -= fragment.data.length;
    whole.set(fragment.data, end);
  }
  return whole;
}
