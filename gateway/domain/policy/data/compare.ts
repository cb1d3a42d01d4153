import { canonicalJson } from '../../canonical-json.ts';
import { PART_NAMES, type ItemOf, type PartName, type PolicyDocument } from './items.ts';
import type { LibrarySetting } from './library.ts';

export interface DataLine {
  readonly part: PartName;
  readonly id: string;
  readonly kind: 'added' | 'replaced' | 'removed';
  /** May let somebody in who is not let in now. Unsure counts as yes. */
  readonly opens: boolean;
  readonly before: unknown;
  readonly after: unknown;
}

/** What turns one document into the other, in the order of parts and ids. */
export function compareDocuments(from: PolicyDocument, to: PolicyDocument): readonly DataLine[] {
  return PART_NAMES.flatMap((part) => comparePart(part, from[part], to[part]));
}

/** The action that an operator needs for these changes. */
export function actionFor(lines: readonly Pick<DataLine, 'part' | 'opens'>[]): 'policy.data_edit' | 'policy.data_open' | 'policy.threat_raise' {
  if (lines.some(({ opens }) => opens)) return 'policy.data_open';
  return lines.every(({ part }) => part === 'threats') ? 'policy.threat_raise' : 'policy.data_edit';
}

type Items = Readonly<Record<string, unknown>>;

function comparePart(part: PartName, from: Items, to: Items): readonly DataLine[] {
  const ids = [...new Set([...Object.keys(from), ...Object.keys(to)])].sort();
  return ids.flatMap((id) => {
    const [before, after] = [own(from, id), own(to, id)];
    if (before === after || isSame(before, after)) return [];
    const kind = before === null ? 'added' : after === null ? 'removed' : 'replaced';
    return [{ part, id, kind, opens: opens(part, before, after), before, after }];
  });
}

const own = (items: Items, id: string): unknown => (Object.hasOwn(items, id) ? items[id] : null);
const isSame = (left: unknown, right: unknown): boolean => left !== null && right !== null && canonicalJson(left) === canonicalJson(right);

/**
 * Both sides come from the same part of two documents, so that `as` names the shape that they passed. Schedules and holidays of every kind
 * may open: the same hours let people in at one place and ask for a PIN, or keep contractors out, at another.
 */
function opens(part: PartName, before: unknown, after: unknown): boolean {
  switch (part) {
    case 'profiles':
      return after !== null && hasNewResource(before as ItemOf<'profiles'> | null, after as ItemOf<'profiles'>);
    case 'grants':
      return after !== null && !isShorterGrant(before as ItemOf<'grants'> | null, after as ItemOf<'grants'>);
    case 'exceptions':
      return after !== null;
    case 'schedules':
    case 'holidays':
    case 'areas':
      return true;
    case 'threats':
      return !isRaised(before as ItemOf<'threats'> | null, after as ItemOf<'threats'> | null);
    case 'library':
      return loosens(before as LibrarySetting | null, after as LibrarySetting | null);
  }
}

function hasNewResource(before: ItemOf<'profiles'> | null, after: ItemOf<'profiles'>): boolean {
  const had = new Set(before?.resources.map(({ kind, id }) => `${kind}:${id}`));
  return after.resources.some(({ kind, id }) => !had.has(`${kind}:${id}`));
}

/** The same grant with a narrower validity, or with another reason. */
function isShorterGrant(before: ItemOf<'grants'> | null, after: ItemOf<'grants'>): boolean {
  if (before === null) return false;
  const isSameGrant =
    before.profileId === after.profileId && before.schedule === after.schedule && canonicalJson(before.holder) === canonicalJson(after.holder);
  const beginsLater = (after.validFromMs ?? 0) >= (before.validFromMs ?? 0);
  const endsEarlier = (after.validUntilMs ?? Infinity) <= (before.validUntilMs ?? Infinity);
  return isSameGrant && beginsLater && endsEarlier;
}

function isRaised(before: ItemOf<'threats'> | null, after: ItemOf<'threats'> | null): boolean {
  if (after === null) return before === null || before.level === 0;
  if (before === null) return true;
  return after.level >= before.level && (after.untilMs ?? Infinity) >= (before.untilMs ?? Infinity);
}

/** A ready policy only denies: switching one on closes, everything else that touches one in use may open. */
function loosens(before: LibrarySetting | null, after: LibrarySetting | null): boolean {
  if (before === null || !before.enabled) return false;
  return after === null || !after.enabled || canonicalJson(before) !== canonicalJson(after);
}
