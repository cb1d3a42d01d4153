import { canonicalJson } from '#gateway/domain/canonical-json.ts';

/**
 * Puts every array of an answer into the order of its elements' canonical JSON. OPA writes sets in hash order, which differs
 * between equal decisions; all arrays of an answer stand for sets, and only an order that depends on nothing else can be hashed.
 */
export function canonicalAnswer(value: unknown): unknown {
  if (Array.isArray(value)) {
    if (value.length < 2) return value.map(canonicalAnswer);
    const keyed = value.map(canonicalAnswer).map((element) => ({ key: canonicalJson(element), element }));
    return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ element }) => element);
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, canonicalAnswer(member)]));
}
