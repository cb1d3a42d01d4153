import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DirectoryUser } from '#gateway/app/directory/types.ts';
import { readPatch, PATCH_OPERATIONS_MAX, PATCH_PATH_CHARS_MAX } from '#gateway/scim/patch-operations.ts';
import { patchUser } from '#gateway/scim/patch-user.ts';
import { EMAILS_MAX } from '#gateway/scim/user-resource.ts';
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

  const WORK = { value: 'ann@corp.test', type: 'work', primary: true };
  it.each<[string, object, string | null]>([
    ['a new primary one', { op: 'add', path: 'emails', value: [{ value: 'new@corp.test', primary: true }] }, 'new@corp.test'],
    ['the same without a path', { op: 'add', value: { emails: [{ value: 'new@corp.test', primary: 'True' }] } }, 'new@corp.test'],
    ['a second one', { op: 'add', path: 'emails', value: [{ value: 'home@ann.test', type: 'home' }] }, 'ann@corp.test'],
    ['the same one in other letters', { op: 'add', path: 'emails', value: { Value: 'ANN@corp.test', primary: false } }, 'ANN@corp.test'],
    ['all of them', { op: 'replace', path: 'emails', value: [{ value: 'new@corp.test' }] }, 'new@corp.test'],
    ['one by its type in other letters', { op: 'replace', path: 'emails[type eq "Work"].value', value: 'new@corp.test' }, 'new@corp.test'],
    ['the primary one', { op: 'replace', path: 'emails[primary eq true].value', value: 'new@corp.test' }, 'new@corp.test'],
    [
      'the primary one as Entra writes it',
      { op: 'replace', path: 'emails[primary eq "True"].value', value: 'new@corp.test' },
      'new@corp.test',
    ],
    ['one by its value', { op: 'replace', path: 'emails[value eq "ANN@CORP.test"].value', value: 'new@corp.test' }, 'new@corp.test'],
    ['one as a whole', { op: 'replace', path: 'emails[type eq "work"]', value: { value: 'new@corp.test' } }, 'new@corp.test'],
    ['its value without a filter', { op: 'replace', path: 'emails.value', value: 'new@corp.test' }, 'new@corp.test'],
    ['one of another type', { op: 'replace', path: 'emails[type eq "home"].value', value: 'home@ann.test' }, 'ann@corp.test'],
    ['one that is gone', { op: 'remove', path: 'emails', value: [{ value: 'Ann@corp.test' }] }, null],
    ['another that is gone', { op: 'remove', path: 'emails', value: [{ value: 'bob@corp.test' }] }, 'ann@corp.test'],
    ['none of them that is gone', { op: 'remove', path: 'emails', value: [] }, 'ann@corp.test'],
    ['none left of its type', { op: 'remove', path: 'EMAILS[type eq "work"]' }, null],
    ['none left of another type', { op: 'remove', path: 'emails[type eq "home"].value' }, 'ann@corp.test'],
    ['none at all', { op: 'remove', path: 'emails' }, null],
  ])('of the addresses says %s', (_what, operation, email) => {
    expect(patch(operation).email).toBe(email);
  });

  it('makes the newest of several primary addresses the one', () => {
    const home = { value: 'home@ann.test', type: 'home' };
    const set = { op: 'replace', path: 'emails[type eq "home"].primary', value: true };
    expect(patch({ op: 'replace', path: 'emails', value: [WORK, home] }, set).email).toBe('home@ann.test');
    expect(patch({ op: 'add', path: 'emails', value: [home] }, set, { op: 'add', path: 'emails', value: WORK }).email).toBe(
      'ann@corp.test',
    );
  });

  it('keeps as many addresses as allowed, and not one more', () => {
    const many = (count: number) => Array.from({ length: count }, (_, i) => ({ value: `a${String(i)}@corp.test` }));
    expect(patch({ op: 'add', path: 'emails', value: many(EMAILS_MAX - 1) }).email).toBe('ann@corp.test');
    for (const value of [many(EMAILS_MAX), many(EMAILS_MAX + 1)])
      expect(refusalOf(() => patch({ op: 'add', path: 'emails', value }))?.scimType).toBe('tooMany');
  });

  it.each([
    ['emails[value eq "bob@corp.test"].value', 'x@corp.test', 'noTarget'],
    ['emails[value eq].value', 'x@corp.test', 'invalidFilter'],
    ['emails[type eq "work"].display', 'Ann', 'invalidPath'],
    ['emails', 'x@corp.test', 'invalidValue'],
  ])('refuses to set %s to %s', (path, value, scimType) => {
    expect(refusalOf(() => patch({ op: 'replace', path, value }))?.scimType).toBe(scimType);
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
