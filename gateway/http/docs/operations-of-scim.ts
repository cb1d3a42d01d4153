import { SCIM_PATH } from '../../scim/schemas.ts';
import type { Answer, Answers, Operation, OperationParts, Operations } from './operation.ts';

const failed = (description: string, headers: readonly string[] = []): Answer => ({ description, body: 'scim', headers });

/** RFC 7644 3.12; of every address. */
const FAILURES: Answers = {
  400: failed('The request does not fit; `scimType` and `detail` say why.'),
  401: failed('No key, or none of a configured directory.', ['WWW-Authenticate']),
  414: failed('The address is too long.'),
  429: failed('Too many requests of this directory, or wrong keys from this address.', ['Retry-After']),
  500: failed('Something failed inside the gateway; ask what it has done before you go on.'),
};
const UNKNOWN: Answers = { 404: failed('There is no such resource.') };
const OF_BODIES: Answers = { 413: failed('The body is too long.'), 415: failed('The body is of another type, or encoded.') };
const TAKEN: Answers = { 409: failed('Somebody else has this name, or the resource was changed meanwhile.') };
const IF_MATCH: Answers = { 412: failed('The resource is no longer of the version that If-Match names.') };

const IF_MATCH_HEADER = [
  { name: 'If-Match', description: 'The version that is to be changed, as its ETag has it.', required: false },
] as const;
const IF_NONE_MATCH_HEADER = [{ name: 'If-None-Match', description: 'The version that is known.', required: false }] as const;

const list: Answer = { description: 'A list.', body: 'scim' };
const one: Answer = { description: 'The resource, with its version.', body: 'scim', headers: ['ETag', 'Location'] };
const SAME: Answers = { 304: { description: 'It is of the version that If-None-Match names.', headers: ['ETag', 'Location'] } };

const SEARCH = ['filter', 'sortBy', 'sortOrder', 'startIndex', 'count', 'attributes', 'excludedAttributes'] as const;
const PROJECTION = ['attributes', 'excludedAttributes'] as const;

type More = Omit<OperationParts, 'answer' | 'caller'>;
const ofDirectory = (route: string, summary: string, byStatus: Answers, more: More = {}): Operation => [
  route,
  summary,
  { caller: 'directory', ...more, answer: { byStatus } },
];

const COLLECTIONS: readonly Operation[] = ['Users', 'Groups'].flatMap((name): readonly Operation[] => {
  const change: More = { body: 'scim', query: PROJECTION, headers: IF_MATCH_HEADER };
  const changed: Answers = { 200: one, ...UNKNOWN, ...OF_BODIES, ...TAKEN, ...IF_MATCH };
  return [
    ofDirectory(`get /${name}`, `${name}, filtered, sorted, a page at a time`, { 200: list }, { query: SEARCH }),
    ofDirectory(
      `post /${name}`,
      `Create one of ${name}`,
      { 201: { ...one, description: 'It was made.' }, ...OF_BODIES, ...TAKEN },
      { body: 'scim', query: PROJECTION },
    ),
    ofDirectory(`post /${name}/.search`, `${name} by a search that is no address`, { 200: list, ...OF_BODIES }, { body: 'scim' }),
    ofDirectory(
      `get /${name}/:id`,
      `One of ${name}`,
      { 200: one, ...SAME, ...UNKNOWN },
      { query: PROJECTION, headers: IF_NONE_MATCH_HEADER },
    ),
    ofDirectory(`put /${name}/:id`, `Replace one of ${name}`, changed, change),
    ofDirectory(`patch /${name}/:id`, `Change one of ${name}; active=false suspends the person`, changed, change),
    ofDirectory(
      `delete /${name}/:id`,
      `Remove one of ${name}; a person has then departed`,
      { 204: { description: 'It is removed.' }, ...UNKNOWN, ...IF_MATCH },
      { headers: IF_MATCH_HEADER },
    ),
  ];
});

const NO_FILTER: Answers = { 403: failed('This list takes no filter (RFC 7644 4).') };

/** RFC 7643 and RFC 7644; /Schemas describes each attribute. */
export const operationsOfScim: Operations = {
  tag: 'SCIM 2.0',
  base: SCIM_PATH,
  failures: FAILURES,
  operations: [
    ...COLLECTIONS,
    ofDirectory(
      'post /Bulk',
      'Several changes at once',
      { 200: { ...list, description: 'What came of each.' }, ...OF_BODIES },
      { body: 'scim' },
    ),
    ofDirectory('get /ServiceProviderConfig', 'What this server can do', { 200: list, ...NO_FILTER }),
    ofDirectory('get /Schemas', 'Attributes of users and groups', { 200: list, ...NO_FILTER }),
    ofDirectory('get /Schemas/:id', 'Attributes of one kind', { 200: list, ...UNKNOWN, ...NO_FILTER }),
    ofDirectory('get /ResourceTypes', 'Kinds of resources', { 200: list, ...NO_FILTER }),
    ofDirectory('get /ResourceTypes/:id', 'One kind of resource', { 200: list, ...UNKNOWN, ...NO_FILTER }),
  ],
};
