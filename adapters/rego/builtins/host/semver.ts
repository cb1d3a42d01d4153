import { compareText } from '../../values/compare.ts';
import type { RegoValue } from '../../values/rego-value.ts';

interface Semver {
  readonly numbers: readonly bigint[];
  readonly preRelease: string;
}

/** Semantic Versioning 2.0.0, clauses 2, 9 and 10; OPA also takes a leading `v`. */
const SEMVER =
  /^v?(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;
const LEADING_ZERO = /^0\d+$/;
const INT64_MAX = 2n ** 63n - 1n;

export function parseSemver(text: RegoValue | undefined): Semver | undefined {
  if (typeof text !== 'string') return undefined;
  const [matched, major = '', minor = '', patch = '', preRelease = ''] = SEMVER.exec(text) ?? [];
  if (matched === undefined || preRelease.split('.').some((part) => LEADING_ZERO.test(part))) return undefined;
  const numbers = [major, minor, patch].map(BigInt);
  return numbers.some((number) => number > INT64_MAX) ? undefined : { numbers, preRelease };
}

/** Clause 11: -1, 0 or 1. Build metadata does not count. */
export function compareSemver(left: Semver, right: Semver): number {
  for (const [index, number] of left.numbers.entries()) {
    const other = right.numbers[index] ?? 0n;
    if (number !== other) return number < other ? -1 : 1;
  }
  if (left.preRelease === right.preRelease) return 0;
  if (left.preRelease === '' || right.preRelease === '') return left.preRelease === '' ? 1 : -1;
  return comparePreReleases(left.preRelease.split('.'), right.preRelease.split('.'));
}

function comparePreReleases(left: readonly string[], right: readonly string[]): number {
  for (const [index, part] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    const difference = compareParts(part, other);
    if (difference !== 0) return difference;
  }
  return left.length === right.length ? 0 : -1;
}

function compareParts(left: string, right: string): number {
  const [isNumber, isOtherNumber] = [/^\d+$/.test(left), /^\d+$/.test(right)];
  if (isNumber !== isOtherNumber) return isNumber ? -1 : 1;
  return isNumber ? Math.sign(Number(BigInt(left) - BigInt(right))) : Math.sign(compareText(left, right));
}
