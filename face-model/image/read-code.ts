import { decodeQR } from 'qr/decode.js';
import type { Frame } from './frame.ts';

/** For what may be tried of one picture, ms: the next one comes soon. */
const CODE_MS_MAX = 80;
const toLetters = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

/** The bytes of the QR code that a picture shows. Null: none that can be read. Never throws. */
export function readCode({ height, rgb, width }: Frame): Uint8Array | null {
  try {
    const letters = decodeQR({ width, height, data: rgb }, { format: 'RGB', timeLimit: CODE_MS_MAX, textDecoder: toLetters });
    return letters === '' ? null : Uint8Array.from(Buffer.from(letters, 'latin1'));
  } catch {
    return null; // It says so of every picture without a code.
  }
}
