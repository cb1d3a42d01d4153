import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BULK_OPERATIONS_MAX } from '#gateway/scim/schemas.ts';
import { startScimSite, type ScimSite } from '#test/support/scim-site.ts';

let site: ScimSite;
beforeEach(async () => {
  site = await startScimSite();
});
afterEach(() => site.close());

const bulk = (operations: readonly unknown[], failOnErrors?: number) =>
  site.call('POST', '/Bulk', { schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'], failOnErrors, Operations: operations });
const user = (bulkId: string, userName = `${bulkId}@corp.test`) => ({ method: 'POST', path: '/Users', bulkId, data: { userName } });
const statusesOf = async (answer: ReturnType<typeof bulk>) => (await answer).body.Operations.map(({ status }) => status);

describe('SCIM bulk', () => {
  it('makes people and a group of them in one request, whichever comes first', async () => {
    const group = { method: 'POST', path: '/Groups', bulkId: 'g', data: { displayName: 'Sales', members: [{ value: 'bulkId:ann' }] } };
    const answer = await bulk([
      group,
      user('ann'),
      { method: 'PATCH', path: '/Users/bulkId:ann', data: { Operations: [{ op: 'replace', value: { active: false } }] } },
    ]);
    expect(answer.status).toBe(200);
    expect(answer.body.Operations.map(({ bulkId, status }) => [bulkId, status])).toEqual([
      ['ann', '201'],
      ['g', '201'],
      [undefined, '200'],
    ]);
    const [made] = answer.body.Operations;
    const { body } = await site.call('GET', new URL(made?.location ?? '').pathname.slice('/scim/v2'.length));
    expect(body).toMatchObject({ active: false, groups: [{ value: 'sales' }] });
  });

  it('goes on after a failure, or ends at as many as the client says', async () => {
    const operations = [user('a'), user('b', 'a@corp.test'), user('c', 'a@corp.test'), user('d')];
    expect(await statusesOf(bulk(operations))).toEqual(['201', '409', '409', '201']);
    expect(await statusesOf(bulk([user('e', 'a@corp.test'), user('f')], 1))).toEqual(['409']);
    expect((await bulk([], 0)).status).toBe(400);
  });

  it('refuses operations that wait for one another, or name what nothing makes', async () => {
    const group = (bulkId: string, member: string) => ({
      method: 'POST',
      path: '/Groups',
      bulkId,
      data: { displayName: bulkId, members: [{ value: member }] },
    });
    expect(await statusesOf(bulk([group('a', 'bulkId:b'), group('b', 'bulkId:a')]))).toEqual(['409', '400']);
    expect(await statusesOf(bulk([group('c', 'bulkId:nothing')]))).toEqual(['400']);
    expect(
      await statusesOf(
        bulk([
          { method: 'POST', path: '/Users', data: { userName: 'x' } },
          { method: 'GET', path: '/Users' },
        ]),
      ),
    ).toEqual(['400', '400']);
    expect((await bulk([user('a'), user('a')])).status).toBe(400);
  });

  it('takes as many operations as it says and no more', async () => {
    const gone = Array.from({ length: BULK_OPERATIONS_MAX + 1 }, () => ({ method: 'DELETE', path: '/Users/usr_nobody' }));
    expect(new Set(await statusesOf(bulk(gone.slice(1))))).toEqual(new Set(['404']));
    expect((await bulk(gone)).status).toBe(413);
  });
});
