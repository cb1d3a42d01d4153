import type { z } from 'zod';
import { directorySchema, peopleSchema, type Directory } from '../http/contract/admin.ts';
import type { ApiClient } from './api-client.ts';
import { CliError, EXIT } from './cli-error.ts';

export interface Target {
  readonly id: string;
  readonly name: string;
}

/** Pages of people that are searched for an e-mail address. */
const PAGES_MAX = 1_000;
const CANDIDATES_SHOWN_MAX = 5;
const IDS_SHOWN_MAX = 20;

/** By id, e-mail, or the beginning of a name or of one of its words. @throws CliError unknown, or more than one fits. */
export async function findPerson(api: ApiClient, text: string): Promise<Target> {
  const { people } = await api.get('/api/directory', directorySchema);
  const known = people[text];
  if (known !== undefined) return { id: text, name: known };
  if (text.includes('@')) return findByEmail(api, text.toLowerCase());
  return pickByName('person', people, text);
}

/** By id or the beginning of its name. @throws CliError unknown, or more than one fits. */
export function findReader(directory: Directory, text: string): Target {
  const known = directory.readers[text];
  return known === undefined ? pickByName('reader', directory.readers, text) : { id: text, name: known };
}

/** A door or an app by id or the beginning of its name. @throws CliError unknown, or more than one fits. */
export function findDoorOrApp(directory: Directory, text: string): Target & { readonly kind: 'doors' | 'apps' } {
  const kinds = ['doors', 'apps'] as const;
  const known = kinds.filter((kind) => Object.hasOwn(directory[kind], text));
  const [kind] = known;
  if (kind !== undefined && known.length === 1) return { kind, id: text, name: directory[kind][text] ?? text };
  // A door and an app may have the same id: with its kind it is one of a kind.
  const all = kinds.flatMap((each) => Object.entries(directory[each]).map(([id, name]) => [`${each}/${id}`, name] as const));
  // As in an access profile, too: door:front.
  const typed = text.replace(/^(door|app):/, '$1s/');
  const exact = all.find(([key]) => key === typed);
  const { id: key, name } =
    exact === undefined ? pickByName('door or app', Object.fromEntries(all), text) : { id: exact[0], name: exact[1] };
  return { kind: key.startsWith('doors/') ? 'doors' : 'apps', id: key.slice(key.indexOf('/') + 1), name };
}

async function findByEmail(api: ApiClient, email: string): Promise<Target> {
  let after: string | null = null;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const query: string = after === null ? '' : `?after=${encodeURIComponent(after)}`;
    const answer: z.output<typeof peopleSchema> = await api.get(`/api/people${query}`, peopleSchema);
    const person = answer.people.find((candidate) => candidate.email?.toLowerCase() === email);
    if (person !== undefined) return { id: person.id, name: person.displayName };
    if (answer.next === null) break;
    after = answer.next;
  }
  throw new CliError(EXIT.refused, `there is no person with the e-mail ${email}`);
}

/** People are not listed: they are many, and whoever mistypes needs none of them. */
function toAdvice(kind: string, all: readonly Target[]): string {
  if (kind === 'person') return ': give an id, an e-mail, or the beginning of a name';
  return toKnownIds(all.map(({ id }) => id));
}

/** The end of a message that something is not there: what is. */
export function toKnownIds(ids: readonly string[]): string {
  const more = ids.length > IDS_SHOWN_MAX ? ` and ${ids.length - IDS_SHOWN_MAX} more` : '';
  return ids.length === 0 ? '' : `; there are ${ids.slice(0, IDS_SHOWN_MAX).join(', ')}${more}`;
}

function pickByName(kind: string, names: Readonly<Record<string, string>>, text: string): Target {
  const wanted = text.toLowerCase();
  const all = Object.entries(names).map(([id, name]) => ({ id, name }));
  const exact = all.filter(({ name }) => name.toLowerCase() === wanted);
  const begins = all.filter(({ name }) => [name, ...name.split(/[\s,]+/)].some((part) => part.toLowerCase().startsWith(wanted)));
  const found = exact.length > 0 ? exact : begins;
  const [first, ...others] = found;
  if (wanted === '') throw new CliError(EXIT.usage, `the ${kind} is empty: give an id or the beginning of a name`);
  if (first === undefined) throw new CliError(EXIT.refused, `there is no ${kind} ${text}${toAdvice(kind, all)}`);
  if (others.length === 0) return first;
  const shown = found.slice(0, CANDIDATES_SHOWN_MAX).map(({ id, name }) => `  ${name} (${id})`);
  throw new CliError(EXIT.usage, `${text} fits more than one ${kind}; give the id:\n${shown.join('\n')}`);
}
