const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
const BITS_PER_CHARACTER = 5;

/** RFC 4648 section 6, lower case and without padding: safe in URLs, file names and shells, and read aloud without case. */
export function encodeBase32(bytes: Uint8Array): string {
  let text = '';
  let buffer = 0;
  let bitCount = 0;
  for (const byte of bytes) {
    buffer = (buffer << 8) | byte;
    bitCount += 8;
    while (bitCount >= BITS_PER_CHARACTER) {
      bitCount -= BITS_PER_CHARACTER;
      text += ALPHABET.charAt((buffer >>> bitCount) & 31);
    }
    buffer &= (1 << bitCount) - 1;
  }
  return bitCount === 0 ? text : text + ALPHABET.charAt((buffer << (BITS_PER_CHARACTER - bitCount)) & 31);
}
