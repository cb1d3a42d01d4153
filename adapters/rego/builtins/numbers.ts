import {
  add,
  addDecimals,
  bigIntegerOf,
  divide,
  fromBigInteger,
  fromDecimal,
  isNumber,
  multiply,
  multiplyDecimals,
  subtract,
  toDecimal,
  type Decimal,
  type RegoNumber,
} from '../values/decimal.ts';
import { RegoSet, type RegoValue } from '../values/rego-value.ts';
import type { Builtin } from './builtin.ts';

/** Longer ranges end the evaluation; in WASM they run out of memory. */
export const RANGE_MAX = 100_000;
const SHIFT_BITS_MAX = 2_048n;
/** What a compiled policy takes for the text of a number. */
const NUMBER_TEXT = /^-?\d*(?:\.\d*)?(?:[eE][+-]?\d+)?$/;
const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

const onNumber =
  (compute: (value: RegoNumber) => RegoValue | undefined): Builtin =>
  (value) =>
    isNumber(value) ? compute(value) : undefined;

const onNumbers =
  (compute: (left: RegoNumber, right: RegoNumber) => RegoValue | undefined): Builtin =>
  (left, right) =>
    isNumber(left) && isNumber(right) ? compute(left, right) : undefined;

const onIntegers =
  (compute: (left: bigint, right: bigint) => bigint | undefined): Builtin =>
  (left, right) => {
    const [first, second] = [bigIntegerOf(left), bigIntegerOf(right)];
    const result = first === undefined || second === undefined ? undefined : compute(first, second);
    return result === undefined ? undefined : fromBigInteger(result);
  };

function onMembers(start: bigint, join: (total: Decimal, member: Decimal) => Decimal): Builtin {
  return (collection) => {
    if (!(collection instanceof RegoSet) && !Array.isArray(collection)) return undefined;
    const members = collection instanceof RegoSet ? [...collection.members()] : (collection as readonly RegoValue[]);
    if (!members.every(isNumber)) return undefined;
    return fromDecimal(members.map(toDecimal).reduce(join, { coefficient: start, exponent: 0 }));
  };
}

/** Halves go away from zero. */
function rounded(value: number): number {
  const size = Math.abs(value);
  const below = Math.floor(size);
  return Math.sign(value) * (size - below < 0.5 ? below : below + 1);
}

const whole = (compute: (value: number) => number): Builtin =>
  onNumber((value) => (typeof value === 'bigint' ? value : compute(value) + 0));

export const numberBuiltins: Readonly<Record<string, Builtin>> = {
  plus: onNumbers(add),
  minus: (left, right) => {
    if (isNumber(left) && isNumber(right)) return subtract(left, right);
    if (!(left instanceof RegoSet) || !(right instanceof RegoSet)) return undefined;
    return new RegoSet([...left.members()].filter((member) => !right.has(member)));
  },
  mul: onNumbers(multiply),
  div: onNumbers(divide),
  rem: onIntegers((left, right) => (right === 0n ? undefined : left % right)),
  abs: onNumber((value) => (value < 0 ? -value : value)),
  ceil: whole(Math.ceil),
  floor: whole(Math.floor),
  round: whole(rounded),
  sum: onMembers(0n, addDecimals),
  product: onMembers(1n, multiplyDecimals),
  'bits.or': onIntegers((left, right) => left | right),
  'bits.and': onIntegers((left, right) => left & right),
  'bits.xor': onIntegers((left, right) => left ^ right),
  'bits.negate': (value) => {
    const integer = bigIntegerOf(value);
    return integer === undefined ? undefined : fromBigInteger(~integer);
  },
  'bits.lsh': onIntegers((value, bits) => (bits < 0n ? undefined : value << limited(bits))),
  'bits.rsh': onIntegers((value, bits) => (bits < 0n ? undefined : value >> bits)),
  'numbers.range': (from, to) => {
    const [first, last] = [bigIntegerOf(from), bigIntegerOf(to)];
    return first === undefined || last === undefined ? undefined : range(first, last);
  },
  to_number: (value) => {
    if (value === null || value === undefined) return value === null ? 0 : undefined;
    if (typeof value === 'boolean') return value ? 1 : 0;
    if (typeof value !== 'string') return isNumber(value) ? value : undefined;
    return numberIn(value);
  },
};

function limited(bits: bigint): bigint {
  if (bits > SHIFT_BITS_MAX) throw new RangeError('too many bits to shift by');
  return bits;
}

function range(from: bigint, to: bigint): readonly RegoValue[] {
  const step = from <= to ? 1n : -1n;
  const length = (to - from) * step + 1n;
  if (length > BigInt(RANGE_MAX)) throw new RangeError('the range of numbers is too long');
  return Array.from({ length: Number(length) }, (_, index) => fromBigInteger(from + step * BigInt(index)));
}

/** WASM keeps what is no JSON number as the text that it was, which no answer can then contain. */
function numberIn(text: string): RegoValue | undefined {
  if (text === '' || !NUMBER_TEXT.test(text)) return undefined;
  if (!JSON_NUMBER.test(text)) throw new RangeError('the text is no JSON number');
  const value = Number(text);
  if (!Number.isFinite(value)) throw new RangeError('the number is too large');
  return Number.isInteger(value) && !Number.isSafeInteger(value) && /^-?\d+$/.test(text) ? fromBigInteger(BigInt(text)) : value;
}
