/** One place at which two documents differ. `undefined`: it is not there on that side. */
export interface JsonChange {
  readonly path: readonly string[];
  readonly before: unknown;
  readonly after: unknown;
}

/** Most differences that are listed; a page with more of them is not read. */
export const CHANGES_MAX = 500;

export interface JsonDiff {
  readonly changes: readonly JsonChange[];
  /** How many more there are. */
  readonly more: number;
}

type Members = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Members => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * What changed from one document to the other, by place. Members of lists that have an `id` are compared by it, so that taking out the
 * first does not read as a change of all; other lists are compared whole.
 */
export function diffJson(before: unknown, after: unknown): JsonDiff {
  const changes: JsonChange[] = [];
  collect([], before, after, changes);
  return { changes: changes.slice(0, CHANGES_MAX), more: Math.max(0, changes.length - CHANGES_MAX) };
}

function collect(path: readonly string[], before: unknown, after: unknown, changes: JsonChange[]): void {
  const [old, next] = [membersOf(before), membersOf(after)];
  if (old !== null && next !== null) {
    for (const key of new Set([...Object.keys(old), ...Object.keys(next)])) collect([...path, key], old[key], next[key], changes);
    return;
  }
  if (!isSame(before, after)) changes.push({ path, before, after });
}

function membersOf(value: unknown): Members | null {
  if (isObject(value)) return value;
  if (!Array.isArray(value)) return null;
  const named = new Map<string, unknown>();
  for (const member of value as readonly unknown[]) {
    const { id } = isObject(member) ? member : {};
    if (typeof id === 'string') named.set(id, member);
  }
  // An empty list is of either kind: it takes after the other side. An id that is there twice names nothing.
  return named.size === value.length ? Object.fromEntries(named) : null;
}

function isSame(left: unknown, right: unknown): boolean {
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((member, index) => isSame(member, right[index]));
  }
  if (isObject(left) && isObject(right)) {
    const keys = Object.keys(left);
    return keys.length === Object.keys(right).length && keys.every((key) => key in right && isSame(left[key], right[key]));
  }
  return left === right;
}

/** The same for places that somebody else has found, `total` of them in all. `null` = nothing there. */
export function diffPlaces(
  places: readonly { readonly path: string; readonly before?: unknown; readonly after?: unknown }[],
  total: number,
): JsonDiff {
  const diffs = places.map(({ path, before, after }) => {
    const { changes, more } = diffJson(before ?? undefined, after ?? undefined);
    return { more, changes: changes.map((change) => ({ ...change, path: [...path.split('/'), ...change.path] })) };
  });
  const changes = diffs.flatMap((diff) => diff.changes);
  const hidden = diffs.reduce((sum, { more }) => sum + more, 0) + Math.max(0, changes.length - CHANGES_MAX);
  return { changes: changes.slice(0, CHANGES_MAX), more: hidden + total - places.length };
}
