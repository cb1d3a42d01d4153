import { ScimError as PatchError, scimPatch, type ScimPatchOperation, type ScimResource } from 'scim-patch';
import type { DirectoryUser, UserInput } from '../app/directory/types.ts';
import { isActive } from '../app/directory/users.ts';
import { patchEmails } from './patch-emails.ts';
import type { PatchOperation } from './patch-operations.ts';
import { isRecord } from './read-body.ts';
import { ENTERPRISE_SCHEMA, USER_SCHEMA } from './schemas.ts';
import { ScimError } from './scim-error.ts';
import { toBoolean, toPatchable, toUserDocument, toUserInput, type UserDocument } from './user-resource.ts';

/** Attributes of RFC 7643 that nothing is made of here: clients send them unasked, and a refusal would stop what matters. */
const UNHELD = new Set(
  'nickname title usertype preferredlanguage locale timezone profileurl phonenumbers addresses ims photos entitlements roles x509certificates password schemas'.split(
    ' ',
  ),
);
const READ_ONLY = new Set(['id', 'meta', 'groups']);
const PATHS: ReadonlyMap<string, string> = new Map(
  ['userName', 'externalId', 'displayName', 'name', 'name.formatted', 'name.givenName', 'name.familyName', 'active'].map((path) => [
    path.toLowerCase(),
    path,
  ]),
);

/** The user as the operations leave it. @throws ScimError */
export function patchUser(user: DirectoryUser, operations: readonly PatchOperation[]): UserInput {
  const before = toPatchable(user);
  const resource = { schemas: [USER_SCHEMA], meta: { created: new Date(0), lastModified: new Date(0) }, ...before } as ScimResource &
    UserDocument;
  const [ofEmails, others] = [operations.filter(isOfEmails), operations.filter((operation) => !isOfEmails(operation))];
  const emails = ofEmails.reduce<unknown>(patchEmails, before.emails);
  const after = toUserDocument({ ...apply(resource, others.flatMap(toHeld)), emails });
  return toUserInput(chooseName(before, after), { active: isActive(user.person) });
}

const headOf = (path: string): string => /^[a-z0-9$_-]+/i.exec(path)?.[0].toLowerCase() ?? '';
const isOfEmails = ({ path }: PatchOperation): boolean => headOf(path) === 'emails';

function toHeld({ op, path, value }: PatchOperation): ScimPatchOperation[] {
  const lowered = path.toLowerCase();
  if (lowered.startsWith(ENTERPRISE_SCHEMA.toLowerCase()) || lowered.startsWith('urn:')) return [];
  const head = headOf(path);
  if (UNHELD.has(head)) return [];
  if (READ_ONLY.has(head)) throw new ScimError(400, 'mutability', `${head} is read-only.`);
  const known = PATHS.get(lowered);
  // Parts of a name that are not held, middleName and the like.
  if (known === undefined && head === 'name') return [];
  if (known === undefined) throw new ScimError(400, 'invalidPath', `There is no attribute ${path.slice(0, 64)}.`);
  if (op === 'remove') {
    if (known === 'userName') throw new ScimError(400, 'invalidValue', 'userName cannot be removed.');
    return [{ op, path: known, ...(value === undefined ? {} : { value }) }];
  }
  return [{ op, path: known, value: known === 'active' ? toBoolean(value) : value }];
}

function apply(resource: ScimResource, operations: readonly ScimPatchOperation[]): ScimResource {
  try {
    return scimPatch(resource, [...operations], { mutateDocument: false, treatMissingAsAdd: true });
  } catch (failure) {
    if (!(failure instanceof PatchError)) throw new ScimError(400, 'invalidPath', 'An operation cannot be applied.');
    const isTarget = failure.scimCode === 'noTarget';
    throw new ScimError(
      400,
      isTarget ? 'noTarget' : 'invalidSyntax',
      isTarget ? 'There is nothing at the path of an operation.' : 'An operation cannot be applied.',
    );
  }
}

/** There is one name: of its two places, what was changed counts. */
function chooseName(before: UserDocument, after: UserDocument): UserDocument {
  if (after.displayName !== before.displayName) return after;
  const [old, now] = [before.name, after.name];
  const rest = without({ ...after }, 'displayName');
  if (!isRecord(now) || !isRecord(old)) return after;
  if (now['formatted'] !== old['formatted']) return rest;
  const parts = without(now, 'formatted');
  return typeof parts['givenName'] === 'string' && typeof parts['familyName'] === 'string' ? { ...rest, name: parts } : after;
}

function without(record: Readonly<Record<string, unknown>>, name: string): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => key !== name));
}
