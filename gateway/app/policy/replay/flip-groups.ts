import {
  IMPACT_EXAMPLES_MAX,
  IMPACT_GROUPS_MAX,
  type FlipCause,
  type FlipExample,
  type FlipGroup,
  type FlipGroups,
  type FlipKind,
  type KindCounts,
} from '../../../domain/policy/impact-report.ts';

/** Groups counted at once. Flips of further ones are counted together, so that memory stays bounded whatever the log holds. */
export const GROUPS_COUNTED_MAX = 20_000;
export const OTHER_GROUPS_KEY = '(others)';
/** Whoever no person could be found for. */
export const NOBODY_KEY = '(nobody)';

type Counting = { -readonly [Name in keyof FlipGroup]: FlipGroup[Name] } & { readonly examples: FlipExample[] };

export const noKinds = (): KindCounts => ({ permit_to_deny: 0, deny_to_permit: 0, reasons_changed: 0, obligations_changed: 0 });

/** Counts every flip in its group and keeps a few examples of each. */
export class FlipGrouping {
  readonly #groups = new Map<string, Counting>();
  readonly #groupsMax: number;

  constructor(groupsMax = GROUPS_COUNTED_MAX) {
    this.#groupsMax = groupsMax;
  }

  add(key: string, example: FlipExample, cause: FlipCause | null = null): void {
    const group = this.#groupOf(key, cause);
    group.flips += 1;
    group.kinds = { ...group.kinds, [example.kind]: group.kinds[example.kind] + 1 };
    if (group.examples.length < IMPACT_EXAMPLES_MAX) group.examples.push(example);
  }

  /** The largest first; of two equal ones the first by key. */
  report(): FlipGroups {
    const sorted = [...this.#groups.values()].sort((a, b) => b.flips - a.flips || (a.key < b.key ? -1 : 1));
    return { total: this.#groups.size, groups: sorted.slice(0, IMPACT_GROUPS_MAX) };
  }

  /** How many have a flip of this kind, nobody not among them. Those beyond the limit count as one. */
  count(kind: FlipKind): number {
    return [...this.#groups.values()].filter(({ key, kinds }) => key !== NOBODY_KEY && kinds[kind] > 0).length;
  }

  #groupOf(asked: string, cause: FlipCause | null): Counting {
    const known = this.#groups.get(asked);
    if (known !== undefined) return known;
    const key = this.#groups.size < this.#groupsMax ? asked : OTHER_GROUPS_KEY;
    const group = this.#groups.get(key) ?? { key, flips: 0, kinds: noKinds(), cause: key === asked ? cause : null, examples: [] };
    this.#groups.set(key, group);
    return group;
  }
}

export function counted(kinds: KindCounts, kind: FlipKind): KindCounts {
  return { ...kinds, [kind]: kinds[kind] + 1 };
}
