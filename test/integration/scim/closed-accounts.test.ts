import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { USER_SCHEMA as USER } from '#gateway/scim/schemas.ts';
import { somePerson } from '#test/support/people.ts';
import { entraUser, startScimSite, type ScimSite } from '#test/support/scim-site.ts';

let site: ScimSite;
beforeEach(async () => {
  site = await startScimSite();
});
afterEach(() => site.close());

const create = async (name: string, change: object = {}) => (await site.call('POST', '/Users', entraUser(name, change))).body;
const records = async () => (await site.audit.read({ from: { afterSeq: 0 }, limit: 1_000 })).map(({ record }) => record);

describe('an account that a directory closes', () => {
  it.each([
    ['Entra', [{ op: 'Replace', path: 'active', value: 'False' }]],
    ['Okta', [{ op: 'replace', value: { active: false } }]],
  ])('suspends as %s says it, with a receipt that names the directory as the cause', async (_shape, operations) => {
    const { id } = await create('ann');
    const answer = await site.patch(`/Users/${id}`, ...operations);
    expect([answer.status, answer.body.active]).toEqual([200, false]);
    expect(await site.people.find(id)).toMatchObject({ standing: 'suspended' });
    const log = await records();
    expect(log).toContainEqual(expect.objectContaining({ type: 'standing', to: 'suspended', operators: ['scim:hr'], decisionId: null }));
    expect(log).toContainEqual(expect.objectContaining({ type: 'revocation_receipt', personId: id, state: 'contained' }));
  });

  it.each<[string, 'PATCH' | 'DELETE', string]>([
    ['deactivates', 'PATCH', 'suspended'],
    ['deletes', 'DELETE', 'departed'],
  ])('closes whom a directory %s while something else has its turn', async (_says, method, standing) => {
    const { id } = await create('ann');
    const others = Promise.withResolvers<void>();
    const held = site.takeTurn(async () => others.promise);
    const answer = site.call(
      method,
      `/Users/${id}`,
      method === 'PATCH' ? { Operations: [{ op: 'replace', value: { active: false } }] } : undefined,
    );
    await expect.poll(async () => (await site.people.find(id))?.standing).toBe(standing);
    await expect.poll(async () => (await records()).filter(({ type }) => type === 'revocation_receipt').length).toBe(1);
    others.resolve();
    await held;
    expect((await answer).status).toBe(method === 'PATCH' ? 200 : 204);
    expect((await records()).filter(({ type }) => type === 'revocation_receipt')).toHaveLength(1);
    expect((await create('ann')).id === undefined).toBe(method === 'PATCH');
  });

  it('fences once however often it is said', async () => {
    const { id } = await create('ann');
    for (let i = 0; i < 3; i += 1) await site.patch(`/Users/${id}`, { op: 'replace', value: { active: false } });
    expect(await site.people.epoch()).toBe(1);
  });

  it('suspends also where the rest of the request is refused', async () => {
    const { id } = await create('ann');
    await create('bob');
    const put = { schemas: [USER], userName: 'bob@corp.test', active: false };
    expect((await site.call('PUT', `/Users/${id}`, put)).status).toBe(409);
    expect(await site.people.find(id)).toMatchObject({ standing: 'suspended', displayName: 'ann Example' });
  });

  const LEAVES = { op: 'Replace', path: 'active', value: 'False' };
  it.each<[string, 'PUT' | 'PATCH', object]>([
    ['an address that is none', 'PUT', { userName: 'ann@corp.test', active: false, emails: [{ value: 'not-a-mail' }] }],
    ['no user name', 'PUT', { active: 'False' }],
    ['a name that is too long', 'PUT', { userName: 'ann@corp.test', active: false, displayName: 'x'.repeat(300) }],
    ['an address that is none', 'PATCH', { Operations: [LEAVES, { op: 'Replace', path: 'emails[type eq "work"].value', value: 'none' }] }],
    ['an attribute that is none', 'PATCH', { Operations: [{ op: 'Replace', path: 'shoeSize', value: '4' }, LEAVES] }],
    ['an operation that is none', 'PATCH', { Operations: [LEAVES, 'more'] }],
    ['what only the gateway writes', 'PATCH', { Operations: [{ op: 'replace', value: { active: false, groups: [], id: 'x' } }] }],
    ['an empty name', 'PATCH', { Operations: [{ op: 'replace', value: { [`${USER}:active`]: false, userName: '' } }] }],
  ])('suspends who has left beside %s, in a %s', async (_fault, method, body) => {
    const { id } = await create('ann');
    const answer = await site.call(method, `/Users/${id}`, { schemas: [USER], ...body });
    expect(answer.status).toBe(400);
    expect(await site.people.find(id)).toMatchObject({ standing: 'suspended', displayName: 'ann Example' });
  });

  it.each<[string, object[]]>([
    ['active again', [LEAVES, { op: 'replace', path: 'Active', value: true }, { op: 'replace', path: 'shoeSize', value: '4' }]],
    ['the word taken back', [LEAVES, { op: 'remove', path: 'active' }, { op: 'replace', path: 'shoeSize', value: '4' }]],
    ['of something else', [{ op: 'replace', path: 'emails.active', value: false }]],
  ])('suspends nobody where the last word is %s', async (_word, operations) => {
    const { id } = await create('ann');
    expect((await site.patch(`/Users/${id}`, ...operations)).status).toBe(400);
    expect(await site.people.find(id)).toMatchObject({ standing: 'active' });
  });

  it('suspends nobody on behalf of a version that is no more', async () => {
    const { id } = await create('ann');
    const answer = await site.call('PUT', `/Users/${id}`, { schemas: [USER], active: false }, { 'if-match': 'W/"9"' });
    expect(answer.status).toBe(412);
    expect(await site.people.find(id)).toMatchObject({ standing: 'active' });
  });

  it('brings nobody back: two operators do, and the answer says so', async () => {
    const { id } = await create('ann', { active: false });
    expect(await site.people.find(id)).toMatchObject({ standing: 'suspended' });
    const answer = await site.patch(
      `/Users/${id}`,
      { op: 'Replace', path: 'active', value: 'True' },
      { op: 'Replace', path: 'displayName', value: 'Back' },
    );
    expect([answer.status, answer.body.scimType]).toEqual([400, 'mutability']);
    expect(answer.body.detail).toContain('Two operators');
    expect((await site.call('GET', `/Users/${id}`)).body).toMatchObject({ active: false, displayName: 'ann Example' });
    expect((await site.patch(`/Users/${id}`, { op: 'Replace', path: 'displayName', value: 'Left' })).status).toBe(200);
  });

  it('shows a restricted person as active and changes nothing about that', async () => {
    await site.people.save(somePerson('ann', { standing: 'restricted' }));
    expect((await site.patch('/Users/person_ann', { op: 'replace', value: { active: true } })).body).toMatchObject({ active: true });
    expect(await site.people.find('person_ann' as never)).toMatchObject({ standing: 'restricted' });
  });

  it('lets whoever is deleted depart, out of every group, and frees their names for another person', async () => {
    const { id } = await create('ann');
    await site.call('POST', '/Groups', { displayName: 'Sales', members: [{ value: id }] });
    expect((await site.call('DELETE', `/Users/${id}`)).status).toBe(204);
    expect((await site.call('GET', `/Users/${id}`)).status).toBe(404);
    expect((await site.call('DELETE', `/Users/${id}`)).status).toBe(404);
    expect((await site.call('GET', '/Users')).body).toMatchObject({ totalResults: 0 });
    expect(await site.people.find(id)).toMatchObject({ standing: 'departed', groups: [], email: null });
    expect((await site.call('GET', '/Groups/sales')).body).toMatchObject({ members: [] });
    const again = await create('ann');
    expect(again.id).not.toBe(id);
  });
});
