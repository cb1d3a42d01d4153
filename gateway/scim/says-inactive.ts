import { expandValue, plainPath } from './patch-operations.ts';
import { isRecord } from './read-body.ts';
import { toBoolean } from './user-resource.ts';

/*
 * Whether a request says that the account is not active, read by itself and from whatever else it says: who has left must not stay in because
 * of a mistyped e-mail.
 */

const isActive = (path: string): boolean => plainPath(path).toLowerCase() === 'active';

/** Of a whole user. */
export function userIsInactive(body: Readonly<Record<string, unknown>>): boolean {
  return expandValue(body).some(({ path, value }) => isActive(path) && toBoolean(value) === false);
}

/** Of a PATCH: its last word about it. */
export function patchIsInactive(body: Readonly<Record<string, unknown>>): boolean {
  const operations = body['Operations'] ?? body['operations'];
  const said = (Array.isArray(operations) ? operations : []).flatMap((operation): readonly boolean[] => {
    if (!isRecord(operation)) return [];
    const { path, value } = operation;
    const isRemoval = typeof operation['op'] === 'string' && operation['op'].toLowerCase() === 'remove';
    const given = typeof path === 'string' && path !== '' ? [{ path, value }] : isRecord(value) ? expandValue(value) : [];
    return given.filter((one) => isActive(one.path)).map((one) => !isRemoval && toBoolean(one.value) === false);
  });
  return said.at(-1) ?? false;
}
