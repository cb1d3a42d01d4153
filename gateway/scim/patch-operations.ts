import { isRecord } from './read-body.ts';
import { GROUP_SCHEMA, USER_SCHEMA } from './schemas.ts';
import { ScimError } from './scim-error.ts';

/** Operations of one PATCH, counted with those that one without a path stands for. */
export const PATCH_OPERATIONS_MAX = 1_000;
/** Longest path, characters. */
export const PATCH_PATH_CHARS_MAX = 512;

export interface PatchOperation {
  readonly op: 'add' | 'replace' | 'remove';
  /** Without the URN of the core schemas. */
  readonly path: string;
  readonly value: unknown;
}

/**
 * The operations of a PATCH, one attribute each. Entra writes `Replace`, Okta an operation without a path whose value is an object; both
 * send what RFC 7644 3.5.2 means. @throws ScimError
 */
export function readPatch(body: Readonly<Record<string, unknown>>): readonly PatchOperation[] {
  const operations = body['Operations'] ?? body['operations'];
  if (!Array.isArray(operations) || operations.length === 0)
    throw new ScimError(400, 'invalidSyntax', 'Operations is a list with one entry at least.');
  const flat = operations.flatMap(readOperation);
  if (flat.length > PATCH_OPERATIONS_MAX)
    throw new ScimError(400, 'tooMany', `A request changes ${String(PATCH_OPERATIONS_MAX)} attributes at most.`);
  return flat;
}

function readOperation(operation: unknown): PatchOperation[] {
  if (!isRecord(operation)) throw new ScimError(400, 'invalidSyntax', 'An operation is an object.');
  const op = typeof operation['op'] === 'string' ? operation['op'].toLowerCase() : '';
  if (op !== 'add' && op !== 'replace' && op !== 'remove') throw new ScimError(400, 'invalidSyntax', 'op is add, replace or remove.');
  const { path, value } = operation;
  if (path !== undefined && path !== null && path !== '') {
    if (typeof path !== 'string' || path.length > PATCH_PATH_CHARS_MAX) throw new ScimError(400, 'invalidPath', 'path is a short text.');
    return [{ op, path: plainPath(path), value }];
  }
  if (op === 'remove') throw new ScimError(400, 'noTarget', 'An operation that removes has a path.');
  if (!isRecord(value)) throw new ScimError(400, 'invalidSyntax', 'An operation without a path has an object as its value.');
  return expandValue(value).map((one) => ({ op, ...one }));
}

/** The attributes of an object, one by one; those under the URN of a core schema too. */
export function expandValue(value: Readonly<Record<string, unknown>>): { readonly path: string; readonly value: unknown }[] {
  return Object.entries(value).flatMap(([key, inner]) => {
    const isCore = [USER_SCHEMA, GROUP_SCHEMA].some((urn) => urn.toLowerCase() === key.toLowerCase());
    if (isCore && isRecord(inner)) return expandValue(inner);
    return [{ path: plainPath(key.slice(0, PATCH_PATH_CHARS_MAX)), value: inner }];
  });
}

/** Without the URN of a core schema. */
export function plainPath(path: string): string {
  const urn = [USER_SCHEMA, GROUP_SCHEMA].find((one) => path.toLowerCase().startsWith(`${one.toLowerCase()}:`));
  return urn === undefined ? path : path.slice(urn.length + 1);
}
