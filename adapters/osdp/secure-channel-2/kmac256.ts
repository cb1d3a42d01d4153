import { RATE, sponge } from './keccak.ts';

/** What follows a message of cSHAKE: two bits of 0, then the first bit of the padding. */
const CSHAKE_SUFFIX = 0x04;
const FUNCTION_NAME = new TextEncoder().encode('KMAC');
const NO_BYTES = new Uint8Array(0);

/**
 * KMAC256 (NIST SP 800-185 section 4) over whole bytes. `key` and `message` stay the caller's; every copy is overwritten before this returns.
 */
export function kmac256(key: Uint8Array, message: Uint8Array, outputLength: number, customization: Uint8Array = NO_BYTES): Uint8Array {
  const prefix = bytePad([encodeString(FUNCTION_NAME), encodeString(customization)]);
  const encodedKey = encodeString(key);
  const paddedKey = bytePad([encodedKey]);
  const input = concatenate([prefix, paddedKey, message, rightEncode(outputLength * 8)]);
  const output = sponge(input, CSHAKE_SUFFIX, outputLength);
  for (const secret of [encodedKey, paddedKey, input]) secret.fill(0);
  return output;
}

function encodeString(bytes: Uint8Array): Uint8Array {
  return concatenate([leftEncode(bytes.length * 8), bytes]);
}

/** Fills up to whole blocks of the sponge. */
function bytePad(parts: readonly Uint8Array[]): Uint8Array {
  const head = leftEncode(RATE);
  const length = parts.reduce((sum, part) => sum + part.length, head.length);
  return concatenate([head, ...parts, new Uint8Array((RATE - (length % RATE)) % RATE)]);
}

function leftEncode(value: number): Uint8Array {
  const bytes = bigEndian(value);
  return Uint8Array.of(bytes.length, ...bytes);
}

function rightEncode(value: number): Uint8Array {
  const bytes = bigEndian(value);
  return Uint8Array.of(...bytes, bytes.length);
}

function bigEndian(value: number): number[] {
  const bytes = [value % 256];
  for (let rest = Math.floor(value / 256); rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return bytes;
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const result = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}
