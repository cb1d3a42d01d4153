import { createHash } from 'node:crypto';
import { canonicalJson } from '#gateway/domain/canonical-json.ts';
import type { JsonObject } from './values/rego-value.ts';

/** Keys of a path into the data, and its length in bytes as JSON. */
export const PATCH_PATH_MAX = 16;
/** A patch changes one thing; a new document is set as a whole. */
export const PATCH_BYTES_MAX = 64 * 1024;
/** Above it, members keep their canonical text, so that naming a patched document costs the path and not the document. */
const CACHED_LEVELS = 3;

type Json = JsonObject[string];

/** A data document that nothing changes: a patched one is another, which shares what is the same. */
export class DataDocument {
  readonly #texts: WeakMap<object, string>;
  readonly #make: () => JsonObject;
  #root: JsonObject | undefined;
  #text: string | undefined;
  #revision: string | undefined;

  private constructor(make: () => JsonObject, texts: WeakMap<object, string>) {
    this.#make = make;
    this.#texts = texts;
  }

  /** A copy of JSON data. @throws TypeError for what JSON cannot carry */
  static of(data: unknown): DataDocument {
    const text = canonicalJson(data);
    const document = new DataDocument(() => JSON.parse(text) as JsonObject, new WeakMap());
    document.#text = text;
    return document;
  }

  get root(): JsonObject {
    this.#root ??= this.#make();
    return this.#root;
  }

  /** Canonical JSON. */
  get text(): string {
    this.#text ??= this.#textOf(this.root, 0);
    return this.#text;
  }

  /** SHA-256 (hex) of the canonical JSON; computed when it is first asked for. */
  get revision(): string {
    this.#revision ??= createHash('sha256').update(this.text).digest('hex');
    return this.#revision;
  }

  /** With the value at a path, or without what is there. @throws TypeError when the path leads through what is no object */
  patched(path: readonly string[], valueJson: string | undefined): DataDocument {
    const value = valueJson === undefined ? undefined : (JSON.parse(valueJson) as Json);
    const root = withPath(this.root, path, value) as JsonObject; // the path has a key, so it stays an object
    return new DataDocument(() => root, this.#texts);
  }

  #textOf(value: Json, level: number): string {
    if (level >= CACHED_LEVELS || typeof value !== 'object' || value === null || Array.isArray(value)) return canonicalJson(value);
    const known = this.#texts.get(value);
    if (known !== undefined) return known;
    const members = Object.entries(value)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, member]: [string, Json]) => `${JSON.stringify(key)}:${this.#textOf(member, level + 1)}`);
    const text = `{${members.join(',')}}`;
    this.#texts.set(value, text);
    return text;
  }
}

/** JSON of a patch's path and value. @throws TypeError or RangeError for a path or value that no patch may have */
export function patchTexts(path: readonly string[], value: unknown): { readonly pathJson: string; readonly valueJson: string | undefined } {
  if (path.length === 0 || path.length > PATCH_PATH_MAX) throw new RangeError('a patch needs a path of some keys');
  const [pathJson, valueJson] = [canonicalJson(path), value === undefined ? undefined : canonicalJson(value)];
  if (pathJson.length + (valueJson?.length ?? 0) > PATCH_BYTES_MAX) throw new RangeError('the patch is too large');
  return { pathJson, valueJson };
}

function withPath(value: Json | undefined, [key, ...rest]: readonly string[], placed: Json | undefined): Json | undefined {
  if (key === undefined) return placed;
  if (value !== undefined && (typeof value !== 'object' || value === null || Array.isArray(value))) {
    throw new TypeError('the path leads through what is no object');
  }
  const object = (value ?? {}) as JsonObject; // looked at above: objects of this document are plain
  const member = Object.hasOwn(object, key) ? object[key] : undefined;
  // Nothing is made on the way to what is taken out.
  if (placed === undefined && member === undefined) return value;
  const changed = withPath(member, rest, placed);
  const others = Object.entries<Json>(object).filter(([name]) => name !== key);
  return Object.fromEntries(changed === undefined ? others : [...others, [key, changed]]);
}
