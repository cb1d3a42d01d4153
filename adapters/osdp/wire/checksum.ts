/** OSDP 2.2 clause 5.9: two's complement of the byte sum of `bytes[0, end)`; one byte. */
export function checksum(bytes: Uint8Array, end: number = bytes.length): number {
  let sum = 0;
  for (let index = 0; index < end; index += 1) sum += bytes[index] ?? 0;
  return -sum & 0xff;
}
