import type { DataVersion } from '#gateway/http/contract/policy-data.ts';
import { itemNames } from '../part-words.ts';

const NAMED_MAX = 3;
const verbs = { added: 'new', replaced: 'changed', removed: 'gone' } as const;
const origins: Readonly<Record<DataVersion['origin'], string>> = { edited: '', reverted: 'Went back: ', imported: 'Imported: ' };

/** What a version did, in one line. */
export function describeVersion({ origin, changes, changeCount }: DataVersion): string {
  const named = changes.slice(0, NAMED_MAX).map(({ part, id, kind }) => `${itemNames[part]} ${id} ${verbs[kind]}`);
  const more = changeCount - named.length;
  return `${origins[origin]}${named.join(', ')}${more > 0 ? `, and ${String(more)} more` : ''}`;
}
