import { filter as toPredicate, parse, type Filter } from 'scim2-parse-filter';
import { isRecord } from './read-body.ts';
import { GROUP_SCHEMA, USER_SCHEMA } from './schemas.ts';
import { ScimError } from './scim-error.ts';
import { toBoolean } from './user-resource.ts';

/** Longest filter, characters. */
export const FILTER_CHARS_MAX = 2_048;

/** Attributes that are compared as they are written; all others without case (RFC 7643 2.2). */
const EXACT = new Set(['id', 'externalid', 'value', '$ref', 'version', 'created', 'lastmodified', 'location']);

export interface ScimFilter {
  readonly matches: (resource: object) => boolean;
  /** Where it says one attribute equals one text, in a way that an index can answer. */
  readonly equals: { readonly path: string; readonly value: string } | null;
}

/** @throws ScimError invalidFilter */
export function parseFilter(text: string): ScimFilter {
  if (text.length > FILTER_CHARS_MAX)
    throw new ScimError(400, 'invalidFilter', `A filter has ${String(FILTER_CHARS_MAX)} characters at most.`);
  try {
    const parsed = parse(plainLiterals(text));
    const predicate = toPredicate(lower(parsed, false));
    return { matches: (resource) => predicate(toComparable(resource, '')), equals: equalsOf(parsed) };
  } catch {
    throw new ScimError(400, 'invalidFilter', 'The filter cannot be read: see RFC 7644 3.4.2.2.');
  }
}

/**
 * Its texts without the escapes of JSON, which the parser takes as they are written but for a quotation mark. What is no JSON, or would hold
 * control characters, stays as it is: some clients escape nothing, and mean CORP\bob.
 */
function plainLiterals(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"/g, (literal) => {
    const value: unknown = tryJson(literal);
    return typeof value !== 'string' || /\p{Cc}/u.test(value) ? literal : `"${value.replaceAll('"', '\\"')}"`;
  });
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What the parser lets through and RFC 7644 does not know. */
const unknownPart = (): never => {
  throw new TypeError('no filter');
};

/** Both core schemas are the resource itself. */
function plainPath(path: string): string {
  const lowered = path.toLowerCase();
  for (const urn of [USER_SCHEMA, GROUP_SCHEMA]) if (lowered.startsWith(`${urn.toLowerCase()}:`)) return lowered.slice(urn.length + 1);
  return lowered;
}

function isExact(path: string, within: boolean): boolean {
  const name = path.slice(path.lastIndexOf('.') + 1);
  // An address is not: it is `value` below emails.
  return EXACT.has(name) && !(name === 'value' && (path.startsWith('emails') || within));
}

function lower(filter: Filter, isInEmails: boolean): Filter {
  switch (filter.op) {
    case 'and':
    case 'or':
      return { ...filter, filters: filter.filters.map((inner) => lower(inner, isInEmails)) };
    case 'not': {
      const { filter: inner } = filter as { filter?: Filter };
      return inner === undefined ? unknownPart() : { ...filter, filter: lower(inner, isInEmails) };
    }
    case '[]': {
      const { attrPath, valFilter } = filter as { attrPath: string; valFilter: Filter };
      const path = plainPath(attrPath);
      return { op: '[]', attrPath: path, valFilter: lower(valFilter, path === 'emails') };
    }
    case 'pr':
      return { op: 'pr', attrPath: itemPath((filter as { attrPath: string }).attrPath) };
    default: {
      const { attrPath, compValue, op } = filter as { attrPath: string; compValue: string | number | boolean | null; op: 'eq' };
      if (!COMPARISONS.has(op)) return unknownPart();
      const path = itemPath(attrPath);
      if (isMoment(path)) return { op, attrPath: path, compValue: toMomentMs(compValue) ?? unknownPart() };
      if (isTruth(path)) return { op, attrPath: path, compValue: toBoolean(compValue) as typeof compValue };
      const isText = typeof compValue === 'string' && !isExact(path, isInEmails);
      return { op, attrPath: path, compValue: isText ? compValue.toLowerCase() : compValue };
    }
  }
}

const COMPARISONS: ReadonlySet<string> = new Set(['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le']);

/** Of a list of items their `value` is compared (RFC 7644 3.4.2.2). */
function itemPath(attrPath: string): string {
  const path = plainPath(attrPath);
  return path === 'emails' || path === 'members' ? `${path}.value` : path;
}

/** One moment is written in several ways. */
const isMoment = (path: string): boolean => path === 'meta.created' || path === 'meta.lastmodified';

const isTruth = (path: string): boolean => /^(?:active|(?:emails\.)?primary)$/.test(path);

function toMomentMs(value: unknown): number | null {
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? null : ms;
}

/** The resource with what is compared without case in lower case. */
function toComparable(value: unknown, path: string): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => toComparable(item, path));
  if (isRecord(value)) {
    const below = path === '' ? '' : `${path}.`;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, toComparable(inner, `${below}${key.toLowerCase()}`)]));
  }
  if (isMoment(path)) return toMomentMs(value);
  return typeof value === 'string' && !isExact(path, false) ? value.toLowerCase() : value;
}

const INDEXED: Readonly<Record<string, string>> = {
  username: 'userName',
  externalid: 'externalId',
  id: 'id',
  displayname: 'displayName',
  'emails.value': 'email',
};

/** Also behind `emails[type eq "work"].value`, as Entra asks: there is one address. */
function equalsOf(filter: Filter): ScimFilter['equals'] {
  if (filter.op !== 'eq') return null;
  const { attrPath, compValue } = filter as { attrPath: string; compValue: unknown };
  const path = INDEXED[plainPath(attrPath)];
  return path === undefined || typeof compValue !== 'string' ? null : { path, value: compValue };
}
