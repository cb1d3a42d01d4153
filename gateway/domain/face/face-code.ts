/** A sealed face as a person carries it: noise to whoever has not the key that its name stands for. */
export interface CarriedFace {
  /** What the gateway calls it; says nothing of the person. */
  readonly template: string;
  readonly sealed: Uint8Array;
}

/** Longest code, bytes: about 24 of a name and 542 of a template come to 81 modules a side, which a camera of 640 x 480 reads off a phone. */
export const FACE_CODE_BYTES_MAX = 720;
/** The same in a link, characters of base64url. */
export const FACE_CODE_TEXT_MAX = Math.ceil((FACE_CODE_BYTES_MAX * 4) / 3);
/** Where the portal takes a code, after `#`: what stands there is sent to nobody. */
export const FACE_CODE_PATH = '/me/face';

const FORMAT = [0x47, 0x46, 1] as const; // "GF", first edition.
const HEAD_BYTES = FORMAT.length + 1;
const NAME_BYTES_MAX = 64;
const NAME = /^[A-Za-z0-9_-]+$/;

/** Bytes of a QR code: "GF", edition 1, length of the name, the name in ASCII, what is sealed. @throws RangeError */
export function encodeFaceCode({ sealed, template }: CarriedFace): Uint8Array<ArrayBuffer> {
  const name = new TextEncoder().encode(template);
  if (!NAME.test(template) || name.length > NAME_BYTES_MAX) throw new RangeError('a face code has no such name');
  const length = HEAD_BYTES + name.length + sealed.length;
  if (sealed.length === 0 || length > FACE_CODE_BYTES_MAX) throw new RangeError('a face code has no such length');
  const bytes = new Uint8Array(length);
  bytes.set([...FORMAT, name.length]);
  bytes.set(name, HEAD_BYTES);
  bytes.set(sealed, HEAD_BYTES + name.length);
  return bytes;
}

/** Null: it is something else, or too long. Whether it is whole the seal alone tells. */
export function parseFaceCode(bytes: Uint8Array): CarriedFace | null {
  const nameBytes = bytes[FORMAT.length] ?? 0;
  const at = HEAD_BYTES + nameBytes;
  if (!FORMAT.every((byte, i) => bytes[i] === byte) || bytes.length > FACE_CODE_BYTES_MAX) return null;
  if (nameBytes === 0 || nameBytes > NAME_BYTES_MAX || bytes.length <= at) return null;
  const template = String.fromCharCode(...bytes.subarray(HEAD_BYTES, at));
  return NAME.test(template) ? { template, sealed: bytes.slice(at) } : null;
}
