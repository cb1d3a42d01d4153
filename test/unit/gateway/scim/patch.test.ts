import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DirectoryUser } from '#gateway/app/directory/types.ts';
import { readPatch, PATCH_OPERATIONS_MAX, PATCH_PATH_CHARS_MAX } from '#gateway/scim/patch-operations.ts';
import { patchUser } from '#gateway/scim/patch-user.ts';
import { ScimError } from '#gateway/scim/scim-error.ts';
import { personId, somePerson } from '#test/support/people.ts';

const account = { personId: personId('ann'), userName: 'ann@corp.test', externalId: 'object-ann', createdAtMs: 1, modifiedAtMs: 1 };
const ann: DirectoryUser = { person: somePerson('ann', { email: 'ann@corp.test' }), account };
const patch = (...Operations: readonly unknown[]) => patchUser(ann, readPatch({ Operations }));
const refusalOf = (run: () => unknown): ScimError | null => {
  try {
    run();
    return null;
  } catch (failure) {
    if (failure instanceof ScimError && failure.status === 400) return failure;
    throw failure;
  }
};
const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<unknown>;
const path = fc.oneof(
  fc.constantFrom(
    'userName',
    'active',
    'displayName',
    'emails',
    'emails[type eq "work"].value',
    'name.givenName',
    'externalId',
    'id',
    'title',
  ),
  fc.string({ maxLength: 40 }),
);

describe('a PATCH of a user', () => {
  it('leads to a user or is refused, whatever somebody sends, and the user before it stays what it was', () => {
    const before = structuredClone(ann);
    const operation = fc.record({
      op: fc.oneof(fc.constantFrom('add', 'Replace', 'REMOVE'), fc.string({ maxLength: 10 })),
      path: fc.option(path),
      value: json,
    });
    fc.assert(
      fc.property(fc.array(fc.oneof(operation, json), { maxLength: 5 }), (operations) => {
        const refusal = refusalOf(() => {
          const after = patch(...operations);
          expect(typeof after.userName).toBe('string');
          expect(typeof after.active).toBe('boolean');
        });
        expect(refusal === null || refusal.status === 400).toBe(true);
        expect(ann).toEqual(before);
      }),
    );
  });

  it('makes nobody an operator, whatever it says', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('roles', 'groups', 'clearance', '__proto__', 'constructor.prototype.roles', 'person.roles'),
        json,
        (name, value) => {
          refusalOf(() => patch({ op: 'add', path: name, value }, { op: 'replace', value: { [name]: value } }));
          expect(ann.person.roles).toEqual(['employee']);
          expect(Object.prototype).not.toHaveProperty('roles');
        },
      ),
    );
  });

  it.each([
    ['Entra', { op: 'Replace', path: 'active', value: 'False' }],
    ['Entra with its flag', { op: 'Replace', path: 'active', value: false }],
    ['Okta', { op: 'replace', value: { active: false } }],
    ['a client that names the schema', { op: 'replace', path: 'urn:ietf:params:scim:schemas:core:2.0:User:active', value: false }],
    [
      'a client that puts the schema into the value',
      { op: 'replace', value: { 'urn:ietf:params:scim:schemas:core:2.0:User': { active: 'false' } } },
    ],
  ])('deactivates in the shape of %s', (_client, operation) => {
    expect(patch(operation)).toMatchObject({ active: false, userName: 'ann@corp.test', email: 'ann@corp.test' });
  });

  it('is the last word of several, and of replacing twice the second', () => {
    const name = fc.stringMatching(/^[a-z]{1,10}$/);
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 6 }), (names) => {
        const operations = names.map((displayName) => ({ op: 'replace', path: 'displayName', value: displayName }));
        expect(patch(...operations).displayName).toBe(names.at(-1));
      }),
    );
  });

  it('has as many operations, and paths as long, as allowed, and not one more', () => {
    const many = (count: number) => Array.from({ length: count }, () => ({ op: 'replace', path: 'displayName', value: 'A' }));
    expect(readPatch({ Operations: many(PATCH_OPERATIONS_MAX) })).toHaveLength(PATCH_OPERATIONS_MAX);
    expect(refusalOf(() => readPatch({ Operations: many(PATCH_OPERATIONS_MAX + 1) }))?.scimType).toBe('tooMany');
    const long = (length: number) => ({ Operations: [{ op: 'replace', path: 'p'.repeat(length), value: 'A' }] });
    expect(readPatch(long(PATCH_PATH_CHARS_MAX))).toHaveLength(1);
    expect(refusalOf(() => readPatch(long(PATCH_PATH_CHARS_MAX + 1)))?.scimType).toBe('invalidPath');
  });
});
