import { describe, expect, it } from 'vitest';
import { EVALUATIONS_MAX } from '#gateway/app/authzen/evaluations.ts';
import { someAuthzenClient } from '#test/support/authzen/client.ts';
import { ann, annAtMain, cyd, main, MANY, unlock, startAskedSite } from '#test/support/authzen/questions.ts';

describe('several evaluations', () => {
  const decisions = (body: unknown) => (body as { evaluations: { decision: boolean }[] }).evaluations.map(({ decision }) => decision);
  const [permit, deny] = [{ subject: ann }, { subject: cyd }];

  it.each([
    ['execute_all', [permit, deny, permit], [true, false, true]],
    ['deny_on_first_deny', [permit, deny, permit], [true, false]],
    ['deny_on_first_deny', [permit, permit], [true, true]],
    ['permit_on_first_permit', [deny, permit, deny], [false, true]],
    ['permit_on_first_permit', [deny, deny], [false, false]],
    [undefined, [deny, permit], [false, true]],
  ])('under %s answers as far as needed, in order, and decides no further', async (semantic, evaluations, expected) => {
    const { ask, records } = await startAskedSite();
    const options = semantic === undefined ? {} : { options: { evaluations_semantic: semantic } };
    const { status, body } = await ask(MANY, { action: unlock, resource: main, evaluations, ...options });
    expect(status).toBe(200);
    expect(decisions(body)).toEqual(expected);
    expect(body).not.toHaveProperty('decision');
    expect(await records()).toHaveLength(expected.length);
  });

  it('replaces a default as a whole, but for a type or id that an item leaves out', async () => {
    const { ask } = await startAskedSite();
    const { body } = await ask(MANY, {
      ...annAtMain,
      evaluations: [{}, { subject: cyd }, { resource: { id: 'servers-door' } }, { action: { properties: {} } }],
    });
    expect(decisions(body)).toEqual([true, false, false, false]);
    expect(body).toMatchObject({ evaluations: [{}, {}, {}, { context: { error: { status: 400 } } }] });
  });

  it.each([[{}], [{ evaluations: [] }]])('is one evaluation with %j', async (none) => {
    const { ask } = await startAskedSite();
    expect(await ask(MANY, { ...annAtMain, ...none })).toMatchObject({ status: 200, body: { decision: true } });
    expect(await ask(MANY, { subject: ann, ...none })).toMatchObject({ status: 400 });
  });

  it('makes an item that fails a deny of its own', async () => {
    const { ask } = await startAskedSite({ clients: [someAuthzenClient({ resources: ['door'] })] });
    const { status, body } = await ask(MANY, {
      action: unlock,
      subject: ann,
      evaluations: [{ resource: main }, {}, 'x', { resource: { type: 'app', id: 'wiki' } }, { resource: main, context: { presence: {} } }],
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      evaluations: [
        { decision: true },
        { decision: false, context: { error: { status: 400 } } },
        { decision: false, context: { error: { status: 400 } } },
        { decision: false, context: { error: { status: 403 } } },
        { decision: false, context: { error: { status: 400 } } },
      ],
    });
  });

  it.each([
    ['an unknown semantic', { options: { evaluations_semantic: 'bogus' } }],
    ['evaluations that are no list', { evaluations: {} }],
    ['options that are none', { options: 'fast' }],
  ])('answers 400 to %s', async (_name, change) => {
    const { ask } = await startAskedSite();
    expect(await ask(MANY, { ...annAtMain, evaluations: [{}], ...change })).toMatchObject({ status: 400 });
  });

  it('takes as many as it may, and not one more', async () => {
    const { ask } = await startAskedSite();
    const many = (count: number) => ({ ...annAtMain, evaluations: Array.from({ length: count }, () => ({})) });
    const { body } = await ask(MANY, many(EVALUATIONS_MAX));
    expect(decisions(body)).toHaveLength(EVALUATIONS_MAX);
    expect(await ask(MANY, many(EVALUATIONS_MAX + 1))).toMatchObject({ status: 400 });
  });
});
