import { IMAGE_BYTES_MAX } from '../image/decode-image.ts';

const MARKER = 0xff;
const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
/** Markers without a length: TEM and the restarts (T.81 table B.1). */
const isBare = (code: number): boolean => code === 0x01 || (code >= 0xd0 && code <= 0xd7);

/** Where a JPEG that begins at `bytes[0]` ends, one past its last byte; null = not yet; -1 = it is none. */
function endOf(bytes: Uint8Array): number | null {
  if (bytes.length < 2) return null;
  if (bytes[0] !== MARKER || bytes[1] !== SOI) return -1;
  let at = 2;
  for (;;) {
    // A segment's marker; fill bytes before it are allowed (T.81 B.1.1.2).
    while (at + 1 < bytes.length && bytes[at] === MARKER && bytes[at + 1] === MARKER) at += 1;
    if (at + 1 >= bytes.length) return null;
    const code = bytes[at + 1] ?? 0;
    if (bytes[at] !== MARKER) return -1;
    if (code === EOI) return at + 2;
    if (isBare(code)) {
      at += 2;
      continue;
    }
    if (at + 3 >= bytes.length) return null;
    const length = ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
    if (length < 2) return -1;
    at += 2 + length;
    if (code === SOS) at = endOfScan(bytes, at);
  }
}

/** In a scan's data a marker byte is followed by zero, or by a restart. */
function endOfScan(bytes: Uint8Array, from: number): number {
  for (let at = from; at + 1 < bytes.length; at += 1) {
    const next = bytes[at + 1] ?? 0;
    if (bytes[at] === MARKER && next !== 0 && next !== MARKER && !isBare(next)) return at;
  }
  return bytes.length;
}

function nextStart(bytes: Uint8Array, from: number): number {
  for (let at = from; at + 1 < bytes.length; at += 1) if (bytes[at] === MARKER && bytes[at + 1] === SOI) return at;
  return bytes.at(-1) === MARKER ? bytes.length - 1 : bytes.length;
}

/** Cuts a stream of JPEGs, one after the other, into pictures. What is no picture, or too long a one, is passed over. */
export class PictureSplitter {
  #kept = new Uint8Array(0);

  /** Pictures that `chunk` completes; each is a copy that the caller owns. */
  push(chunk: Uint8Array): Uint8Array<ArrayBuffer>[] {
    const pictures: Uint8Array<ArrayBuffer>[] = [];
    let bytes = this.#joined(chunk);
    for (;;) {
      bytes = bytes.subarray(nextStart(bytes, 0));
      const end = endOf(bytes);
      if (end === null) break;
      if (end > 0) pictures.push(Uint8Array.from(bytes.subarray(0, end)));
      // Not what was claimed: the next start may be one byte on.
      bytes = bytes.subarray(end > 0 ? end : 1);
    }
    this.#keep(bytes.length > IMAGE_BYTES_MAX ? new Uint8Array(0) : bytes);
    return pictures.filter(({ length }) => length <= IMAGE_BYTES_MAX);
  }

  /** Zeroes what is left. */
  clear(): void {
    this.#keep(new Uint8Array(0));
  }

  #joined(chunk: Uint8Array): Uint8Array {
    const joined = new Uint8Array(this.#kept.length + chunk.length);
    joined.set(this.#kept);
    joined.set(chunk, this.#kept.length);
    return joined;
  }

  #keep(bytes: Uint8Array): void {
    const kept = Uint8Array.from(bytes);
    this.#kept.fill(0);
    this.#kept = kept;
  }
}
