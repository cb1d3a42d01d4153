import type { Person } from '../../domain/people/person.ts';
import type { PersonId } from '../../domain/site/ids.ts';
import { PEOPLE_PAGE_MAX, type PeopleStore } from '../../ports/people-store.ts';

/** Share of the people in force that a table may close without somebody saying how many it is. */
export const CLOSING_PERCENT_DEFAULT = 5;

export interface ClosingRule {
  /** The table has everybody: whoever is not in it has left. */
  readonly isComplete: boolean;
  readonly percentMax: number;
  /** How many are to be closed, as somebody has seen and said; null = nobody has. */
  readonly confirmed: number | null;
}

export const NO_CLOSING_BEYOND_MARKS: ClosingRule = { isComplete: false, percentMax: CLOSING_PERCENT_DEFAULT, confirmed: null };

export interface ClosingPlan {
  /** In force, and marked inactive, or missing from a table that has everybody. */
  readonly marked: ReadonlySet<PersonId>;
  readonly missing: readonly PersonId[];
  readonly inForce: number;
  /** As many as may be closed unasked: at least one, unless it is to be nobody. */
  readonly allowed: number;
  readonly isAllowed: boolean;
}

const isInForce = ({ standing }: Person): boolean => standing === 'active' || standing === 'restricted';

/**
 * Whom a table closes. An export that broke off, or a wrong file, must not close a site: beyond the percentage somebody has to say the very
 * number that the dry run told. A table without anybody closes nobody.
 */
export async function planClosings(
  people: Pick<PeopleStore, 'list'>,
  table: { readonly rows: readonly { readonly id: string; readonly active: boolean | null }[] },
  rule: ClosingRule,
): Promise<ClosingPlan> {
  const inactive = new Set(table.rows.flatMap(({ active, id }) => (active === false ? [id] : [])));
  const named = new Set(table.rows.map(({ id }) => id));
  const marked = new Set<PersonId>();
  const missing: PersonId[] = [];
  let inForce = 0;
  let after: PersonId | null = null;
  do {
    const page: readonly Person[] = await people.list({ after, limit: PEOPLE_PAGE_MAX });
    for (const person of page.filter(isInForce)) {
      inForce += 1;
      if (inactive.has(person.id)) marked.add(person.id);
      else if (rule.isComplete && !named.has(person.id)) missing.push(person.id);
    }
    after = page.length < PEOPLE_PAGE_MAX ? null : (page.at(-1)?.id ?? null);
  } while (after !== null);
  const count = marked.size + missing.length;
  const allowed = rule.percentMax === 0 ? 0 : Math.max(1, Math.floor((inForce * rule.percentMax) / 100));
  const isAllowed = rule.confirmed === null ? count <= allowed : rule.confirmed === count;
  return { marked, missing, inForce, allowed, isAllowed: isAllowed && !(rule.isComplete && table.rows.length === 0) };
}
