import type { Random } from '../ports/random.ts';

/**
 * A one-time token that a person can type: 16 signs of Crockford's base 32 (no I, L, O, U), 80 bits. No more than some ten thousand live
 * at once and guesses are counted by address, so that none is found in its minutes of life.
 */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CODE_BYTES = 10;
const CODE_CHARS = 16;
const BITS_PER_CHAR = 5;

export function makeCode(random: Random): string {
  let value = BigInt(`0x${Buffer.from(random.bytes(CODE_BYTES)).toString('hex')}`);
  let code = '';
  for (let index = 0; index < CODE_CHARS; index += 1) {
    code = `${ALPHABET.charAt(Number(value & 31n))}${code}`;
    value >>= BigInt(BITS_PER_CHAR);
  }
  return code;
}

/** In groups of four, as it is shown. */
export const spellCode = (code: string): string => code.match(/.{4}/g)?.join('-') ?? code;

/** As it is kept, whatever it was typed like; null for what is no code, such as the longer token of a link. */
export function readCode(typed: string): string | null {
  const plain = typed.replaceAll(/[\s-]/g, '').toUpperCase().replaceAll('O', '0').replaceAll(/[IL]/g, '1');
  return plain.length === CODE_CHARS && [...plain].every((sign) => ALPHABET.includes(sign)) ? plain : null;
}
