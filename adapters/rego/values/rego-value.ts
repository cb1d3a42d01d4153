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
  readonly #entries = new Map<string, readonly [RegoValue, RegoValue]>();

  get size(): number {
    return this.#entries.size;
  }

  set(key: RegoValue, value: RegoValue): void {
    this.#entries.set(identityOf(key), [key, value]);
  }

  get(key: RegoValue): RegoValue | undefined {
    return this.#entries.get(identityOf(key))?.[1];
  }

  entries(): Iterable<readonly [RegoValue, RegoValue]> {
    return this.#entries.values();
  }
}

export class RegoSet {
  readonly #members = new Map<string, RegoValue>();

  constructor(members: Iterable<RegoValue> = []) {
    for (const member of members) this.add(member);
  }

  get size(): number {
    return this.#members.size;
  }

  add(member: RegoValue): void {
    this.#members.set(identityOf(member), member);
  }

  has(member: RegoValue): boolean {
    return this.#members.has(identityOf(member));
  }

  /** In the order of insertion. */
  members(): Iterable<RegoValue> {
    return this.#members.values();
  }
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
export function* entriesOf(object: JsonObject | RegoObject): Iterable<readonly [RegoValue, RegoValue]> {
  if (object instanceof RegoObject) yield* object.entries();
  else yield* Object.entries(object);
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
