import { compare, sorted } from './compare.ts';
import { RegoObject, RegoSet, entriesOf, type JsonObject, type RegoValue } from './rego-value.ts';

/** A value as Rego writes it: JSON with a space behind commas and colons, but sets as `{1, 2}` and `set()`, and keys of any kind. Sorted. */
export function toLiteral(value: RegoValue): string {
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((member: RegoValue) => toLiteral(member)).join(', ')}]`;
  if (value instanceof RegoSet) {
    return value.size === 0 ? 'set()' : `{${sorted(value.members()).map(toLiteral).join(', ')}}`;
  }
  const entries = [...entriesOf(value as JsonObject | RegoObject)].sort(([left], [right]) => compare(left, right));
  return `{${entries.map(([key, member]) => `${toLiteral(key)}: ${toLiteral(member)}`).join(', ')}}`;
}

/** Reads what `opa_value_dump` writes. @throws SyntaxError when it is no literal */
export function parseLiteral(text: string): RegoValue {
  // Only sets and keys that are no strings are not JSON.
  try {
    return exactNumbers(text) ? (JSON.parse(text) as RegoValue) : new LiteralReader(text).read();
  } catch {
    return new LiteralReader(text).read();
  }
}

/** Integers of 16 digits and more may lose some in JSON.parse. */
function exactNumbers(text: string): boolean {
  return !/\d{16}/.test(text);
}

const TOKEN = /\s*(?:("(?:[^"\\]|\\.)*")|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(true|false|null)|(set\(\))|([[\]{}:,]))/y;

class LiteralReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): RegoValue {
    const value = this.#value(this.#next());
    if (this.#text.slice(this.#at).trim() !== '') throw new SyntaxError('text behind the value');
    return value;
  }

  #next(): string {
    TOKEN.lastIndex = this.#at;
    const token = TOKEN.exec(this.#text)?.[0];
    if (token === undefined) throw new SyntaxError('no value');
    this.#at += token.length;
    return token.trim();
  }

  #value(token: string): RegoValue {
    if (token === '[') return this.#list(']').map(([member]) => member);
    if (token === '{') return this.#braces();
    if (token === 'set()') return new RegoSet();
    if (/^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token))) return BigInt(token);
    return JSON.parse(token) as RegoValue;
  }

  #braces(): RegoValue {
    const members = this.#list('}');
    if (members.length > 0 && members.every(([, value]) => value === undefined)) return new RegoSet(members.map(([key]) => key));
    const object = new RegoObject();
    for (const [key, value] of members) if (value !== undefined) object.set(key, value);
    return object;
  }

  #list(end: ']' | '}'): (readonly [RegoValue, RegoValue | undefined])[] {
    const members: (readonly [RegoValue, RegoValue | undefined])[] = [];
    for (let token = this.#next(); token !== end; token = this.#next()) {
      if (token === ',') token = this.#next();
      const key = this.#value(token);
      TOKEN.lastIndex = this.#at;
      const isPair = TOKEN.exec(this.#text)?.[5] === ':';
      if (isPair) this.#next();
      members.push([key, isPair ? this.#value(this.#next()) : undefined]);
    }
    return members;
  }
}
