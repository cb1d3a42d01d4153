/**
 * A value while a policy runs. JSON that came from outside stays the plain object that JSON.parse made; what the policy itself builds are
 * `RegoObject` and `RegoSet`, whose keys may be any value. Never `undefined`: that is Rego's "undefined". Numbers are doubles, and bigints
 * where a policy computes integers beyond 2^53 (nanoseconds); such integers in the input lose digits here and not in WASM, which is why
 * identifiers are strings.
 */
export type RegoValue = null | boolean | number | bigint | string | readonly RegoValue[] | JsonObject | RegoObject | RegoSet;

export interface JsonObject {
  readonly [key: string]: RegoValue;
}

/** An object that a policy makes. */
export class RegoObject {
  readonly #entries = new Map<IdentityKey, readonly [RegoValue, RegoValue]>();

  get size(): number {
    return this.#entries.size;
  }

  set(key: RegoValue, value: RegoValue): void {
    this.#entries.set(identityKey(key), [key, value]);
  }

  get(key: RegoValue): RegoValue | undefined {
    return this.#entries.get(identityKey(key))?.[1];
  }

  entries(): Iterable<readonly [RegoValue, RegoValue]> {
    return this.#entries.values();
  }
}

/** Up to here a set is a list: most sets of a policy have a few members, and looking through them is faster than hashing. */
const LISTED_MAX = 8;

export class RegoSet {
  #listed: RegoValue[] | null = [];
  #hashed: Map<IdentityKey, RegoValue> | null = null;

  constructor(members?: Iterable<RegoValue>) {
    if (members !== undefined) for (const member of members) this.add(member);
  }

  get size(): number {
    return this.#listed?.length ?? this.#hashed?.size ?? 0;
  }

  add(member: RegoValue): void {
    if (this.#listed !== null) {
      if (isListed(this.#listed, member)) return;
      if (this.#listed.push(member) <= LISTED_MAX) return;
      this.#hashed = new Map(this.#listed.map((one) => [identityKey(one), one]));
      this.#listed = null;
      return;
    }
    this.#hashed?.set(identityKey(member), member);
  }

  has(member: RegoValue): boolean {
    return this.#listed === null ? this.#hashed?.has(identityKey(member)) === true : isListed(this.#listed, member);
  }

  /** In the order of insertion. */
  members(): Iterable<RegoValue> {
    return this.#listed ?? this.#hashed?.values() ?? [];
  }
}

function isListed(list: readonly RegoValue[], member: RegoValue): boolean {
  for (const one of list) if (equal(one, member)) return true;
  return false;
}

/** Whether two values are one; two that are undefined are, which is how compiled policies use it. */
export function equal(left: RegoValue | undefined, right: RegoValue | undefined): boolean {
  if (left === right) return true;
  if (typeof left === 'string' || typeof left === 'boolean') return false;
  if (left === undefined || right === undefined || left === null || right === null) return false;
  if (typeof left === 'bigint' || typeof right === 'bigint')
    return typeOf(left) === typeOf(right) && identityOf(left) === identityOf(right);
  if (typeof left !== 'object' || typeof right !== 'object') return false;
  if (Array.isArray(left))
    return (
      Array.isArray(right) && left.length === right.length && left.every((member: RegoValue, at) => equal(member, right[at] as RegoValue))
    );
  if (isPlain(left) && isPlain(right)) {
    const keys = Object.keys(left);
    return keys.length === Object.keys(right).length && keys.every((key) => Object.hasOwn(right, key) && equal(left[key], right[key]));
  }
  return typeOf(left) === typeOf(right) && identityOf(left) === identityOf(right);
}

/** What two values share exactly when they are equal: scalars are their own, which is where most members are. */
type IdentityKey = string | number | boolean | null;

function identityKey(value: RegoValue): IdentityKey {
  if (typeof value === 'string') return value.startsWith('\0') ? `\0s${value}` : value;
  if (value === null || typeof value === 'boolean' || (typeof value === 'number' && Number.isSafeInteger(value))) return value;
  return `\0v${identityOf(value)}`;
}

export type RegoType = 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object' | 'set';

export function typeOf(value: RegoValue): RegoType {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'number' || typeof value === 'bigint') return 'number';
  if (typeof value === 'string') return 'string';
  if (Array.isArray(value)) return 'array';
  return value instanceof RegoSet ? 'set' : 'object';
}

export function isPlain(value: RegoValue): value is JsonObject {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof RegoSet) && !(value instanceof RegoObject)
  );
}

/** Keys and values of an object of either kind. */
export function entriesOf(object: JsonObject | RegoObject): Iterable<readonly [RegoValue, RegoValue]> {
  return object instanceof RegoObject ? object.entries() : Object.entries(object);
}

/** Text that two values share exactly when they are equal. */
function identityOf(value: RegoValue): string {
  if (typeof value === 'string') return `"${value}`;
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return `#${numberText(value)}`;
  if (typeof value === 'bigint') return `#${String(value)}`;
  if (Array.isArray(value)) return `[${value.map((member: RegoValue) => framed(identityOf(member))).join('')}]`;
  if (value instanceof RegoSet) return `<${[...value.members()].map(identityOf).sort().map(framed).join('')}>`;
  const entries = [...entriesOf(value as JsonObject | RegoObject)].map(
    ([key, member]) => framed(identityOf(key)) + framed(identityOf(member)),
  );
  return `{${entries.sort().join('')}}`;
}

/** A double beyond 2^53 and the bigint of the same value are one number. */
function numberText(value: number): string {
  if (Number.isSafeInteger(value)) return String(value === 0 ? 0 : value);
  return Number.isInteger(value) ? String(exactInteger(value)) : String(value);
}

/** The integer that a double was most likely written as: its shortest digits, not its binary value. */
export function exactInteger(value: number): bigint {
  const text = String(value);
  return BigInt(/e/.test(text) ? value : text);
}

/** With its length in front, no member can pretend to be two. */
function framed(text: string): string {
  return `${String(text.length)}:${text}`;
}
