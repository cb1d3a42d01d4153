/** A JSON value nested deeper is refused: nothing of ours is, and recursion must end. */
export const CANONICAL_DEPTH_MAX = 64;

/**
 * The one JSON text of a value: keys sorted by UTF-16 code units, no white space, numbers and strings as ECMAScript writes them
 * (RFC 8785, JSON Canonicalization Scheme). Equal values give equal text, so that it can be hashed and compared.
 * @throws TypeError for what JSON cannot carry: undefined, functions, bigint, NaN and infinities; or deeper than the limit.
 */
export function canonicalJson(value: unknown, depth = 0): string {
  if (depth > CANONICAL_DEPTH_MAX) throw new TypeError('JSON nested too deeply');
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((element) => canonicalJson(element, depth + 1)).join(',')}]`;
  if (typeof value !== 'object') throw new TypeError(`not a JSON value: ${typeof value}`);
  const members = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member, depth + 1)}`);
  return `{${members.join(',')}}`;
}
