import { canonicalAnswer } from '../canonical-answer.ts';
import { toJson } from '../values/access.ts';
import { RegoObject, RegoSet, type RegoValue } from '../values/rego-value.ts';

/** Text whose order is the same with and without the quotes and escapes of JSON. */
const PLAIN_TEXT = /^[#-[\]-~]*$/;

/** As `canonicalAnswer(toJson(value))`, without the detour for what answers mostly are: small sets of reason codes. */
export function canonicalResult(value: RegoValue): unknown {
  if (typeof value !== 'object' || value === null) return toJson(value);
  if (value instanceof RegoObject) {
    const result: Record<string, unknown> = {};
    for (const [key, member] of value.entries()) {
      // Assigned, this one name would not become a member.
      if (typeof key !== 'string' || key === '__proto__') return canonicalAnswer(toJson(value));
      result[key] = canonicalResult(member);
    }
    return result;
  }
  if (!(value instanceof RegoSet)) return canonicalAnswer(toJson(value));
  if (value.size === 0) return [];
  const members = [...value.members()];
  if (!members.every((member) => typeof member === 'string' && PLAIN_TEXT.test(member))) return canonicalAnswer(toJson(value));
  return members.sort();
}
