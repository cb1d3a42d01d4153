const POLYNOMIAL = 0x1021;
const INITIAL = 0x1d0f;

const TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let register = byte << 8;
  for (let bit = 0; bit < 8; bit += 1) register = register & 0x8000 ? (register << 1) ^ POLYNOMIAL : register << 1;
  return register & 0xffff;
});

/** OSDP 2.2 annex C: CRC-16, polynomial 0x1021, initial value 0x1D0F, not reflected, over `bytes[0, end)`. Sent low byte first. */
export function crc16(bytes: Uint8Array, end: number = bytes.length): number {
  let register = INITIAL;
  for (let index = 0; index < end; index += 1) {
    register = ((register << 8) ^ (TABLE[(register >> 8) ^ (bytes[index] ?? 0)] ?? 0)) & 0xffff;
  }
  return register;
}
