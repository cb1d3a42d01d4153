import { exactInteger, typeOf, type RegoValue } from './rego-value.ts';

/** An exact decimal: coefficient times ten to the exponent. Compiled policies compute in decimals, where 0.1 + 0.2 is 0.3. */
export interface Decimal {
  readonly coefficient: bigint;
  readonly exponent: number;
}
export type RegoNumber = number | bigint;

const PARTS = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/;
/** Doubles end at 1.8e308; anything far beyond is no number that a policy can mean. */
const EXPONENT_MAX = 1_100;
const BITS_MAX = 4_096;
/** Digits of a quotient, as in WASM. */
const QUOTIENT_DIGITS = 18;

export function isNumber(value: RegoValue | undefined): value is RegoNumber {
  return value !== undefined && typeOf(value) === 'number';
}

/** An integer that fits a double exactly; undefined for anything else. */
export function integerOf(value: RegoValue | undefined): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined;
}

/** Any integer; undefined for anything else. */
export function bigIntegerOf(value: RegoValue | undefined): bigint | undefined {
  if (typeof value === 'bigint') return value;
  return typeof value === 'number' && Number.isInteger(value) ? exactInteger(value) : undefined;
}

export function toDecimal(value: RegoNumber): Decimal {
  if (typeof value === 'bigint') return { coefficient: value, exponent: 0 };
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = PARTS.exec(String(value)) ?? [];
  if (whole === '') throw new RangeError('no finite number');
  return { coefficient: BigInt(sign + whole + fraction), exponent: Number(exponent) - fraction.length };
}

/** @throws RangeError for what no double can hold */
export function fromDecimal({ coefficient, exponent }: Decimal): RegoNumber {
  if (coefficient === 0n) return 0;
  if (exponent > EXPONENT_MAX) throw new RangeError('the number is too large');
  if (exponent >= 0) return fromBigInteger(coefficient * 10n ** BigInt(exponent));
  const value = Number(`${String(coefficient)}e${String(exponent)}`);
  if (!Number.isFinite(value)) throw new RangeError('the number is too large');
  if (!Number.isInteger(value) || Number.isSafeInteger(value)) return value === 0 ? 0 : value;
  const unit = -exponent > EXPONENT_MAX ? 0n : 10n ** BigInt(-exponent);
  return unit !== 0n && coefficient % unit === 0n ? fromBigInteger(coefficient / unit) : value;
}

export function fromBigInteger(value: bigint): RegoNumber {
  const near = Number(value);
  if (Number.isSafeInteger(near)) return near;
  if (BigInt.asIntN(BITS_MAX, value) !== value || !Number.isFinite(near)) throw new RangeError('the number is too large');
  return value;
}

export function add(left: RegoNumber, right: RegoNumber): RegoNumber {
  const fast = Number.isSafeInteger(left) && Number.isSafeInteger(right) ? (left as number) + (right as number) : Number.NaN;
  return Number.isSafeInteger(fast) ? fast : fromDecimal(addDecimals(toDecimal(left), toDecimal(right)));
}

export function subtract(left: RegoNumber, right: RegoNumber): RegoNumber {
  return add(left, -right);
}

export function multiply(left: RegoNumber, right: RegoNumber): RegoNumber {
  const fast = Number.isSafeInteger(left) && Number.isSafeInteger(right) ? (left as number) * (right as number) : Number.NaN;
  return Number.isSafeInteger(fast) ? fast + 0 : fromDecimal(multiplyDecimals(toDecimal(left), toDecimal(right)));
}

export function addDecimals(left: Decimal, right: Decimal): Decimal {
  const exponent = Math.min(left.exponent, right.exponent);
  return { coefficient: scaled(left, exponent) + scaled(right, exponent), exponent };
}

export function multiplyDecimals(left: Decimal, right: Decimal): Decimal {
  return { coefficient: left.coefficient * right.coefficient, exponent: left.exponent + right.exponent };
}

/** Eighteen digits, the last one rounded half up; undefined for a division by zero. */
export function divide(left: RegoNumber, right: RegoNumber): RegoNumber | undefined {
  const [dividend, divisor] = [toDecimal(left), toDecimal(right)];
  if (divisor.coefficient === 0n) return undefined;
  const isNegative = dividend.coefficient < 0n !== divisor.coefficient < 0n;
  const [above, below] = [magnitude(dividend.coefficient), magnitude(divisor.coefficient)];
  const shift = Math.max(0, QUOTIENT_DIGITS + 1 + String(below).length - String(above).length);
  const quotient = (above * 10n ** BigInt(shift)) / below;
  const isExact = quotient * below === above * 10n ** BigInt(shift);
  const rounded = roundedTo(quotient, isExact);
  const exponent = dividend.exponent - divisor.exponent - shift + rounded.dropped;
  return fromDecimal({ coefficient: isNegative ? -rounded.digits : rounded.digits, exponent });
}

function roundedTo(quotient: bigint, isExact: boolean): { readonly digits: bigint; readonly dropped: number } {
  const dropped = String(quotient).length - QUOTIENT_DIGITS;
  if (dropped <= 0) return { digits: quotient, dropped: 0 };
  const unit = 10n ** BigInt(dropped);
  const [digits, rest] = [quotient / unit, quotient % unit];
  if (rest === 0n && isExact) return { digits, dropped };
  return { digits: rest * 2n >= unit ? digits + 1n : digits, dropped };
}

const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);

function scaled({ coefficient, exponent }: Decimal, to: number): bigint {
  if (exponent - to > 2 * EXPONENT_MAX) throw new RangeError('the number is too large');
  return coefficient * 10n ** BigInt(exponent - to);
}
