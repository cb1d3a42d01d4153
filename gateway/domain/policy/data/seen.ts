import type { PolicyData } from '../../access/policy-data.ts';
import { canonicalJson } from '../../canonical-json.ts';

export interface SeenDifference {
  /** Such as `grants/person:ann`. */
  readonly path: string;
  /** Null = nothing there. */
  readonly before: unknown;
  readonly after: unknown;
}

/** Where the policy reads something else: members of the sections of `data.gatehouse`. */
export function seenDifferences(before: PolicyData, after: PolicyData): SeenDifference[] {
  const [from, to]: Readonly<Record<string, object | undefined>>[] = [before.gatehouse, after.gatehouse];
  const sections = new Set([...Object.keys(from ?? {}), ...Object.keys(to ?? {})]);
  return [...sections].sort().flatMap((section) => differences(section, from?.[section] ?? {}, to?.[section] ?? {}));
}

function differences(section: string, from: object, to: object): SeenDifference[] {
  const [left, right] = [new Map<string, unknown>(Object.entries(from)), new Map<string, unknown>(Object.entries(to))];
  return [...new Set([...left.keys(), ...right.keys()])].sort().flatMap((key) => {
    const [before, after] = [left.get(key) ?? null, right.get(key) ?? null];
    return canonicalJson(before) === canonicalJson(after) ? [] : [{ path: `${section}/${key}`, before, after }];
  });
}
