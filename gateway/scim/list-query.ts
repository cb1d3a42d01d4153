import { parseFilter, type ScimFilter } from './filter.ts';
import { plainPath } from './patch-operations.ts';
import { isRecord } from './read-body.ts';
import { readProjection, type Projection } from './projection.ts';
import { LIST_SCHEMA, SCIM_PAGE_MAX } from './schemas.ts';
import { ScimError } from './scim-error.ts';

/** Resources that one request sorts. */
export const SORTED_MAX = 20_000;

export interface ListQuery {
  readonly filter: ScimFilter | null;
  readonly sortBy: string | null;
  readonly isDescending: boolean;
  /** From 1. */
  readonly startIndex: number;
  readonly count: number;
  readonly projection: Projection;
}

/** @throws ScimError */
export function readListQuery(query: URLSearchParams): ListQuery {
  const filter = query.get('filter');
  const order = query.get('sortOrder') ?? 'ascending';
  if (order !== 'ascending' && order !== 'descending') throw new ScimError(400, 'invalidValue', 'sortOrder is ascending or descending.');
  return {
    filter: filter === null || filter.trim() === '' ? null : parseFilter(filter),
    sortBy: query.get('sortBy'),
    isDescending: order === 'descending',
    // RFC 7644 3.4.2.4: less is taken for the least, and more than the server gives for what it gives.
    startIndex: Math.max(1, readNumber(query, 'startIndex') ?? 1),
    count: Math.min(SCIM_PAGE_MAX, Math.max(0, readNumber(query, 'count') ?? SCIM_PAGE_MAX)),
    projection: readProjection(query),
  };
}

function readNumber(query: URLSearchParams, name: string): number | null {
  const text = query.get(name);
  if (text === null || text === '') return null;
  if (!/^-?\d{1,9}$/.test(text)) throw new ScimError(400, 'invalidValue', `${name} is not a number.`);
  return Number(text);
}

/** Takes every match in turn and keeps those of the page, or all where they are sorted first. */
export function createPage<Resource extends object>({ count, isDescending, sortBy, startIndex }: ListQuery) {
  const kept: Resource[] = [];
  let total = 0;
  return {
    take: (resource: Resource): void => {
      total += 1;
      if (sortBy !== null && total > SORTED_MAX)
        throw new ScimError(400, 'tooMany', `More than ${String(SORTED_MAX)} resources match: they are not sorted.`);
      if (sortBy !== null || (total >= startIndex && total < startIndex + count)) kept.push(resource);
    },
    total: (): number => total,
    end: (): readonly Resource[] => {
      if (sortBy === null) return kept;
      const keyed = kept.map((resource) => ({ resource, key: sortKey(resource, sortBy) }));
      keyed.sort((a, b) => compare(a.key, b.key));
      if (isDescending) keyed.reverse();
      return keyed.slice(startIndex - 1, startIndex - 1 + count).map(({ resource }) => resource);
    },
  };
}

/** What has no value comes last (RFC 7644 3.4.2.3). */
function compare(a: string | null, b: string | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Of a list of items the first counts, and of an item its value. */
function sortKey(resource: object, path: string): string | null {
  let value: unknown = resource;
  for (const part of plainPath(path).split('.', 4)) {
    const inner: unknown = Array.isArray(value) ? value[0] : value;
    const key = isRecord(inner) ? Object.keys(inner).find((one) => one.toLowerCase() === part.toLowerCase()) : undefined;
    value = isRecord(inner) && key !== undefined ? inner[key] : undefined;
  }
  if (Array.isArray(value)) value = isRecord(value[0]) ? value[0]['value'] : undefined;
  return typeof value === 'string' ? value.toLowerCase() : typeof value === 'boolean' ? String(value) : null;
}

export const toListResponse = (resources: readonly unknown[], totalResults: number, startIndex: number): object => ({
  schemas: [LIST_SCHEMA],
  totalResults,
  startIndex,
  itemsPerPage: resources.length,
  Resources: resources,
});
