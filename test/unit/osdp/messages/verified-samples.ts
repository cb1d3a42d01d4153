/** 00 01 02 ..: shows the order of bytes. */
export function countingBytes(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => index);
}

export function bytesOfHex(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, 'hex'));
}

/** A key for the layout alone; nobody is ever given it. */
export const SCBK_PATTERN = countingBytes(16);
