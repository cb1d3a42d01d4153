const FACILITY_MAX = 0xff;
const NUMBER_MAX = 0xffff;

/**
 * H10301: even parity over the first twelve bits of facility (8) and number (16), those 24 bits, odd parity over the last twelve. First bit in the
 * top of the first byte. Null when a number does not fit.
 */
export function encodeWiegand26(facility: number, number: number): Uint8Array | null {
  if (facility > FACILITY_MAX || number > NUMBER_MAX) return null;
  const data = facility * 0x10000 + number;
  const even = ones(data >>> 12) % 2;
  const odd = 1 - (ones(data & 0xfff) % 2);
  const bits = even * 2 ** 25 + data * 2 + odd;
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, bits * 2 ** 6);
  return bytes;
}

function ones(value: number): number {
  return value.toString(2).replaceAll('0', '').length;
}
