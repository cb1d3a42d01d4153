import { scan, toJson } from '../values/access.ts';
import { toLiteral } from '../values/literal.ts';
import { RegoObject, RegoSet, typeOf, type RegoValue } from '../values/rego-value.ts';
import type { Builtin } from './builtin.ts';
import { membersOf } from './collections.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

const encoded =
  (encoding: 'base64' | 'base64url'): Builtin =>
  (text) => {
    if (typeof text !== 'string') return undefined;
    const result = Buffer.from(text, 'utf8').toString('base64');
    return encoding === 'base64' ? result : result.replaceAll('+', '-').replaceAll('/', '_');
  };

/** @throws TypeError for bytes that are no text: no answer can contain them */
const decoded =
  (encoding: 'base64' | 'base64url'): Builtin =>
  (text) => {
    const bytes = typeof text === 'string' ? base64Bytes(text, encoding) : undefined;
    return bytes === undefined ? undefined : utf8.decode(bytes);
  };

export const encodingBuiltins: Readonly<Record<string, Builtin>> = {
  'base64.encode': encoded('base64'),
  'base64.decode': decoded('base64'),
  'base64.is_valid': (text) => typeof text === 'string' && base64Bytes(text, 'base64') !== undefined,
  'base64url.encode': encoded('base64url'),
  'base64url.decode': decoded('base64url'),
  'json.marshal': (value) => (value === undefined ? undefined : JSON.stringify(withSortedKeys(toJson(value)))),
  'json.unmarshal': (text) => (typeof text === 'string' ? parsed(text) : undefined),
  'json.is_valid': (text) => typeof text === 'string' && parsed(text) !== undefined,
  'json.remove': (object, paths) => onPaths(object, paths, remove),
  'json.filter': (object, paths) => onPaths(object, paths, filter),
  'internal.template_string': (parts) => (Array.isArray(parts) ? template(parts as readonly RegoValue[]) : undefined),
};

/** Lenient as OPA's own decoder: what is not of the alphabet is skipped, missing padding is added, text ends at its padding. */
function base64Bytes(text: string, encoding: 'base64' | 'base64url'): Uint8Array | undefined {
  const alphabet = encoding === 'base64' ? ALPHABET : ALPHABET.replace('+/', '-_');
  const kept = [...text].filter((character) => character === '=' || alphabet.includes(character)).join('');
  if (kept === '') return undefined;
  const padded = kept.padEnd(Math.ceil(kept.length / 4) * 4, '=');
  const end = padded.indexOf('=');
  const block = end < 0 ? padded.length : Math.ceil((end + 1) / 4) * 4;
  const padding = [...padded.slice(block - 4, block)].filter((character) => character === '=').length;
  if (end >= 0 && padding > 2) return undefined;
  const digits = padded.slice(0, block).replaceAll('=', 'A').replaceAll('-', '+').replaceAll('_', '/');
  const bytes = Buffer.from(digits, 'base64');
  return bytes.subarray(0, bytes.length - (end < 0 ? 0 : padding));
}

/** JSON. The reader in WASM is more lenient (`[1,]`), which no policy should count on. */
function parsed(text: string): RegoValue | undefined {
  try {
    return JSON.parse(text) as RegoValue;
  } catch {
    // Text that is no JSON is undefined, not a failure of the policy.
    return undefined;
  }
}

function withSortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withSortedKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, member]) => [key, withSortedKeys(member)] as const);
  return Object.fromEntries(entries.sort(([left], [right]) => (left < right ? -1 : 1)));
}

function onPaths(
  object: RegoValue | undefined,
  paths: RegoValue | undefined,
  apply: (value: RegoValue, tree: RegoValue | undefined) => RegoValue | undefined,
): RegoValue | undefined {
  const members = membersOf(paths);
  if (object === undefined || typeOf(object) !== 'object' || members === undefined) return undefined;
  const root = new RegoObject();
  for (const member of members) {
    const path = pathOf(member);
    if (path === undefined) return undefined;
    insertPath(root, path);
  }
  return apply(object, root);
}

/** `/a/b` with ~1 for a slash and ~0 for a tilde, or an array of keys. */
function pathOf(path: RegoValue): readonly RegoValue[] | undefined {
  if (Array.isArray(path)) return path as readonly RegoValue[];
  if (typeof path !== 'string') return undefined;
  if (path === '') return [];
  return path
    .replace(/^\/+/, '')
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** A path below one that ends is covered by it. @throws RangeError for a path to nothing, which breaks a compiled policy */
function insertPath(root: RegoObject, path: readonly RegoValue[]): void {
  const last = path.at(-1);
  if (last === undefined) throw new RangeError('a path needs a key');
  let node = root;
  for (const key of path.slice(0, -1)) {
    const child = node.get(key);
    if (child === null) return;
    if (child instanceof RegoObject) {
      node = child;
    } else {
      const made = new RegoObject();
      node.set(key, made);
      node = made;
    }
  }
  node.set(last, null);
}

/** Keys of arrays are written as text in paths. */
const keyIn = (value: RegoValue, key: RegoValue): RegoValue => (Array.isArray(value) && typeof key === 'number' ? String(key) : key);

function remove(value: RegoValue, tree: RegoValue | undefined): RegoValue | undefined {
  if (tree === null) return undefined;
  if (!(tree instanceof RegoObject) || typeof value !== 'object' || value === null) return value;
  return rebuilt(value, (key, member) => remove(member, tree.get(keyIn(value, key))));
}

function filter(value: RegoValue, tree: RegoValue | undefined): RegoValue | undefined {
  if (tree === null) return value;
  if (!(tree instanceof RegoObject)) return undefined;
  if (typeof value !== 'object' || value === null) return value;
  return rebuilt(value, (key, member) => filter(member, tree.get(keyIn(value, key))));
}

function rebuilt(value: RegoValue, map: (key: RegoValue, member: RegoValue) => RegoValue | undefined): RegoValue {
  const members = [...scan(value)].flatMap(([key, member]) => {
    const mapped = map(key, member);
    return mapped === undefined ? [] : [[key, mapped] as const];
  });
  if (Array.isArray(value)) return members.map(([, member]) => member);
  if (value instanceof RegoSet) return new RegoSet(members.map(([, member]) => member));
  const result = new RegoObject();
  for (const [key, member] of members) result.set(key, member);
  return result;
}

/** Each part is a constant or the set of what an expression gave: of none, the word for undefined; of two, no text. */
function template(parts: readonly RegoValue[]): string | undefined {
  let result = '';
  for (const part of parts) {
    const values = part instanceof RegoSet ? [...part.members()] : [part];
    if (values.length > 1) return undefined;
    const [value] = values;
    result += value === undefined ? '<undefined>' : typeof value === 'string' ? value : toLiteral(value);
  }
  return result;
}
