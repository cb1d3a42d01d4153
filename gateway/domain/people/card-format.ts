/** A card number as a format reads it. Numbers are decimal strings without leading zeros: 7-byte UIDs exceed 2^53. */
export interface Card {
  readonly format: CardFormat;
  /** Null for formats without a facility code. */
  readonly facility: number | null;
  readonly number: string;
}

export type CardFormat = 'H10301' | 'H10302' | 'H10304';

/** Bit positions count from 0 at the first bit received. Ranges are inclusive. */
interface Layout {
  readonly format: CardFormat;
  readonly bitCount: number;
  readonly facility: readonly [number, number] | null;
  readonly number: readonly [number, number];
  /** Leading bit: even parity over this range. */
  readonly evenOver: readonly [number, number];
  /** Last bit: odd parity over this range. */
  readonly oddOver: readonly [number, number];
}

const layouts: readonly Layout[] = [
  { format: 'H10301', bitCount: 26, facility: [1, 8], number: [9, 24], evenOver: [1, 12], oddOver: [13, 24] },
  { format: 'H10302', bitCount: 37, facility: null, number: [1, 35], evenOver: [1, 18], oddOver: [18, 35] },
  { format: 'H10304', bitCount: 37, facility: [1, 16], number: [17, 35], evenOver: [1, 18], oddOver: [18, 35] },
];

/** Badge key of a card: `FORMAT:FACILITY:NUMBER`, the facility empty where the format has none. 26-bit facility codes collide across sites: the key is only as unique as the card. */
export function toBadgeKey(card: { readonly format: string; readonly facility: number | null; readonly number: string }): string {
  return `${card.format}:${card.facility ?? ''}:${card.number}`;
}

/**
 * Every reading of the bits that their parity allows. 37 bits can be H10302 and H10304 at once: the caller looks both up and takes
 * a badge only if exactly one is registered. Empty when the length is unknown or parity fails.
 */
export function parseCard(bits: Uint8Array, bitCount: number): readonly Card[] {
  if (bits.length * 8 < bitCount) return [];
  return layouts.filter((layout) => layout.bitCount === bitCount && hasParity(layout, bits)).map((layout) => readCard(layout, bits));
}

/** Bits of a card, big-endian and left-aligned; null when facility or number do not fit the format. */
export function encodeCard(card: Card): { readonly bits: Uint8Array; readonly bitCount: number } | null {
  const layout = layouts.find((candidate) => candidate.format === card.format);
  if (layout === undefined || !/^\d{1,12}$/.test(card.number)) return null;
  const bits = new Uint8Array(Math.ceil(layout.bitCount / 8));
  if (layout.facility !== null && !writeRange(bits, layout.facility, BigInt(card.facility ?? 0))) return null;
  if (!writeRange(bits, layout.number, BigInt(card.number))) return null;
  if (countOnes(bits, layout.evenOver) % 2 === 1) setBit(bits, 0);
  if (countOnes(bits, layout.oddOver) % 2 === 0) setBit(bits, layout.bitCount - 1);
  return { bits, bitCount: layout.bitCount };
}

function readCard(layout: Layout, bits: Uint8Array): Card {
  return {
    format: layout.format,
    facility: layout.facility === null ? null : Number(readRange(bits, layout.facility)),
    number: readRange(bits, layout.number).toString(),
  };
}

function hasParity(layout: Layout, bits: Uint8Array): boolean {
  const even = (countOnes(bits, layout.evenOver) + bitAt(bits, 0)) % 2 === 0;
  const odd = (countOnes(bits, layout.oddOver) + bitAt(bits, layout.bitCount - 1)) % 2 === 1;
  return even && odd;
}

function bitAt(bits: Uint8Array, index: number): number {
  return ((bits[index >> 3] ?? 0) >> (7 - (index & 7))) & 1;
}

function setBit(bits: Uint8Array, index: number): void {
  bits[index >> 3] = (bits[index >> 3] ?? 0) | (0x80 >> (index & 7));
}

function readRange(bits: Uint8Array, [from, to]: readonly [number, number]): bigint {
  let value = 0n;
  for (let index = from; index <= to; index += 1) value = (value << 1n) | BigInt(bitAt(bits, index));
  return value;
}

function writeRange(bits: Uint8Array, [from, to]: readonly [number, number], value: bigint): boolean {
  if (value < 0n || value >> BigInt(to - from + 1) !== 0n) return false;
  for (let index = to, rest = value; index >= from; index -= 1, rest >>= 1n) if ((rest & 1n) === 1n) setBit(bits, index);
  return true;
}

function countOnes(bits: Uint8Array, [from, to]: readonly [number, number]): number {
  let ones = 0;
  for (let index = from; index <= to; index += 1) ones += bitAt(bits, index);
  return ones;
}
