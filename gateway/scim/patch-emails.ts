import { parseFilter } from './filter.ts';
import type { PatchOperation } from './patch-operations.ts';
import { isRecord } from './read-body.ts';
import { ScimError } from './scim-error.ts';
import { EMAILS_MAX, toBoolean, toSubAttributes } from './user-resource.ts';

type Item = Readonly<Record<string, unknown>>;
type Part = 'value' | 'type' | 'primary';
interface Target {
  /** Null for every address. */
  readonly matches: ((item: Item) => boolean) | null;
  /** What a filter by type alone asks for: an address that is set so and is not there is made. */
  readonly type: string | null;
  readonly part: Part | null;
}

/** `emails`, a part of it, or both behind a filter: `emails[type eq "work"].value`. */
const PATH = /^emails(?:\[([^[\]]{1,200})\])?(?:\.(value|type|primary))?$/i;

/** The addresses as one operation leaves them. Where it makes one primary, the others are so no longer (RFC 7644 3.5.2). @throws ScimError */
export function patchEmails(emails: unknown, { op, path, value }: PatchOperation): readonly Item[] {
  const after = apply(toItems(emails), readTarget(path), op, value);
  if (after.length > EMAILS_MAX) throw tooMany();
  return after;
}

function apply(items: readonly Item[], target: Target, op: PatchOperation['op'], value: unknown): readonly Item[] {
  if (op === 'remove') return remove(items, target, value);
  if (target.part !== null) return change(items, target, { [target.part]: value });
  if (target.matches !== null) return change(items, target, toItems(value)[0] ?? {});
  return op === 'replace' ? toItems(value) : toItems(value).reduce(add, items);
}

function readTarget(path: string): Target {
  const match = PATH.exec(path);
  if (match === null) throw new ScimError(400, 'invalidPath', `There is no attribute ${path.slice(0, 64)}.`);
  const [, filter, part] = match;
  return {
    matches: filter === undefined ? null : matcherOf(filter),
    type: /^type eq "([^"\\]{1,64})"$/i.exec(filter?.trim() ?? '')?.[1] ?? null,
    part: part === undefined ? null : (part.toLowerCase() as Part),
  };
}

/** By way of the whole attribute, so that an address is compared here as it is in a list. */
function matcherOf(filter: string): (item: Item) => boolean {
  const { matches } = parseFilter(`emails[${filter}]`);
  return (item) => matches({ emails: [item] });
}

function toItems(value: unknown): readonly Item[] {
  if (value === undefined || value === null) return [];
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (list.length > EMAILS_MAX) throw tooMany();
  return list.map((one) => {
    const item = toSubAttributes(one);
    if (!isRecord(item)) throw new ScimError(400, 'invalidValue', 'emails is a list of objects with a value.');
    return item;
  });
}

function add(items: readonly Item[], item: Item): readonly Item[] {
  const at = items.findIndex((one) => isSameAddress(one, item));
  const added = at === -1 ? [...items, item] : items.with(at, { ...items[at], ...item });
  return isPrimary(item) ? keepPrimary(added, (_one, index) => index === (at === -1 ? items.length : at)) : added;
}

function change(items: readonly Item[], { matches, type }: Target, to: Item): readonly Item[] {
  const isMeant = items.map((item) => matches === null || matches(item));
  if (!isMeant.includes(true)) {
    if (matches !== null && type === null) throw new ScimError(400, 'noTarget', 'No address matches the filter of an operation.');
    return add(items, { ...(type === null ? {} : { type }), ...to });
  }
  const changed = items.map((item, index) => (isMeant[index] === true ? { ...item, ...to } : item));
  return isPrimary(to) ? keepPrimary(changed, (_item, index) => isMeant[index] === true) : changed;
}

function remove(items: readonly Item[], { matches, part }: Target, value: unknown): readonly Item[] {
  // RFC 7644 3.5.2.2: without a value all of them; Entra names those that it removes.
  const named = part !== null || value === undefined || value === null ? null : toItems(value);
  const isMeant = (item: Item): boolean =>
    (matches === null || matches(item)) && (named === null || named.some((one) => isSameAddress(one, item)));
  if (part === null || part === 'value') return items.filter((item) => !isMeant(item));
  return items.map((item) => (isMeant(item) ? { ...item, [part]: undefined } : item));
}

const keepPrimary = (items: readonly Item[], isKept: (item: Item, index: number) => boolean): readonly Item[] =>
  items.map((item, index) => (isKept(item, index) ? item : { ...item, primary: false }));

const isPrimary = (item: Item): boolean => toBoolean(item['primary']) === true;

function isSameAddress(one: Item, other: Item): boolean {
  const [a, b] = [one['value'], other['value']];
  return typeof a === 'string' && typeof b === 'string' && a.toLowerCase() === b.toLowerCase();
}

const tooMany = (): ScimError => new ScimError(400, 'tooMany', `A person has ${String(EMAILS_MAX)} addresses at most.`);
