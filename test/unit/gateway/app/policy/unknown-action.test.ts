import { describe, expect, it } from 'vitest';
import { explainUnknownAction, findUnknownAction } from '#gateway/app/policy/unknown-action.ts';
import type { PolicyLife, RevisionDetail } from '#gateway/app/policy/life/types.ts';
import type { ReasonCode } from '#gateway/domain/access/reason-code.ts';
import { isShipped, SHIPPED_AUTHOR } from '#gateway/domain/policy/revision.ts';

type Reads = Pick<PolicyLife, 'activations' | 'detail' | 'list'>;

/** A site with its own policy of this text in force; what came with the program lies beside it. */
function lifeWith(text: string): Reads {
  const own = { id: 'rev_own', authorId: 'usr_ann' };
  const shipped = { id: 'rev_shipped_new', authorId: SHIPPED_AUTHOR };
  // Only what is looked at.
  return {
    activations: () =>
      Promise.resolve({
        newestFirst: [{ revisionId: own.id, revision: 'a', previousId: null, activatedAtMs: 1, number: 2 }],
        wayBackId: null,
      }),
    detail: () =>
      Promise.resolve({
        revision: own,
        content: { files: [{ path: 'access/operators.rego', text }], tests: [] },
      } as unknown as RevisionDetail),
    list: () => Promise.resolve([own, shipped] as unknown as Awaited<ReturnType<PolicyLife['list']>>),
  };
}

const deny = (...reasons: [ReasonCode, ...ReasonCode[]]) => ({ reasons });
const OLD = 'operator_action if startswith(input.action.name, "person.")';

describe('a command that the policy in force has never heard of', () => {
  it('is found by the name that no rule has, with the policy that came with the program', async () => {
    const found = await findUnknownAction(lifeWith(OLD), 'reader.maintain', deny('policy.no_permit'));
    expect(found).toEqual({ activeId: 'rev_own', shippedId: 'rev_shipped_new' });
    expect(isShipped({ authorId: SHIPPED_AUTHOR })).toBe(true);
    expect(explainUnknownAction('reader.maintain', { activeId: 'rev_own', shippedId: 'rev_shipped_new' })).toContain(
      'gatehouse policy publish rev_shipped_new',
    );
  });

  it.each([
    ['by its name', `${OLD}\noperator_action if input.action.name == "reader.maintain"`],
    ['by its beginning', `${OLD}\noperator_action if startswith(input.action.name, "reader.")`],
  ])('is none that a rule names %s', async (_how, text) => {
    expect(await findUnknownAction(lifeWith(text), 'reader.maintain', deny('policy.no_permit'))).toBeNull();
  });

  it('is not the cause of a denial that a rule gave', async () => {
    expect(await findUnknownAction(lifeWith(OLD), 'reader.maintain', deny('operator.not_authorized'))).toBeNull();
    expect(await findUnknownAction(lifeWith(OLD), 'reader.maintain', deny('policy.no_permit', 'subject.suspended'))).toBeNull();
  });

  it('is explained without an id when what came with the program is further back than anybody looks', () => {
    expect(explainUnknownAction('reader.maintain', { activeId: 'rev_own', shippedId: null })).toContain('gatehouse policy list');
  });
});
