import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTurns } from '#gateway/app/directory/turns.ts';
import { BEARER_KEY_CHARS_MAX, bearerKeyOf } from '#gateway/http/lean/bearer-key.ts';
import { ATTRIBUTES_MAX } from '#gateway/scim/projection.ts';
import { SCIM_DEPTH_MAX } from '#gateway/scim/read-body.ts';
import { createPage, readListQuery, SORTED_MAX } from '#gateway/scim/list-query.ts';
import { SCIM_GUESSES_MAX, SCIM_URL_CHARS_MAX } from '#gateway/scim/scim-face.ts';
import { EMAILS_MAX } from '#gateway/scim/user-resource.ts';
import { startScimSite, type ScimSite } from '#test/support/scim-site.ts';

let site: ScimSite;
beforeEach(async () => {
  site = await startScimSite();
});
afterEach(() => site.close());

describe('limits of the SCIM face', () => {
  it('takes as many attributes, addresses and levels as allowed, and not one more', async () => {
    const names = (count: number) => Array.from({ length: count }, (_, i) => `a${String(i)}`).join(',');
    expect((await site.call('GET', `/Users?attributes=${names(ATTRIBUTES_MAX)}`)).status).toBe(200);
    expect((await site.call('GET', `/Users?attributes=${names(ATTRIBUTES_MAX + 1)}`)).status).toBe(400);
    const emails = (count: number) => Array.from({ length: count }, (_, i) => ({ value: `a${String(i)}@corp.test` }));
    expect((await site.call('POST', '/Users', { userName: 'a', emails: emails(EMAILS_MAX + 1) })).status).toBe(400);
    expect((await site.call('POST', '/Users', { userName: 'a', emails: emails(EMAILS_MAX) })).status).toBe(201);
    const deep = (levels: number): unknown => (levels === 1 ? {} : { x: deep(levels - 1) });
    const user = (levels: number) => ({ userName: `d${String(levels)}`, x: deep(levels - 1) });
    expect((await site.call('POST', '/Users', user(SCIM_DEPTH_MAX))).status).toBe(201);
    expect((await site.call('POST', '/Users', user(SCIM_DEPTH_MAX + 1))).status).toBe(400);
  });

  it('takes an address as long, and sorts as many resources, as allowed, and not one more', async () => {
    const path = '/scim/v2/Users?filter=';
    const long = (length: number) => `/Users?filter=${'a'.repeat(length - path.length)}`;
    expect((await site.call('GET', long(SCIM_URL_CHARS_MAX))).body).toMatchObject({ scimType: 'invalidFilter' });
    expect((await site.call('GET', long(SCIM_URL_CHARS_MAX + 1))).status).toBe(414);
    const page = createPage(readListQuery(new URLSearchParams({ sortBy: 'userName', count: '1' })));
    for (let i = 0; i < SORTED_MAX; i += 1) page.take({ userName: `u${String(SORTED_MAX - i).padStart(6, '0')}` });
    expect(page.end()).toEqual([{ userName: 'u000001' }]);
    expect(() => page.take({ userName: 'u0' })).toThrow(expect.objectContaining({ scimType: 'tooMany' }));
  });

  it('looks at a key as long as allowed, and at no longer one', async () => {
    const ask = async (key: string) => (await site.call('GET', '/Users', undefined, { authorization: `Bearer ${key}` })).status;
    expect(bearerKeyOf({ headers: { authorization: `Bearer ${'k'.repeat(BEARER_KEY_CHARS_MAX)}` } } as never)).toHaveLength(
      BEARER_KEY_CHARS_MAX,
    );
    expect(bearerKeyOf({ headers: { authorization: `Bearer ${'k'.repeat(BEARER_KEY_CHARS_MAX + 1)}` } } as never)).toBeNull();
    expect(await ask('k'.repeat(BEARER_KEY_CHARS_MAX + 1))).toBe(401);
  });

  it('stops an address that guesses keys, and goes on for whoever has one', async () => {
    const guess = async () => (await site.call('GET', '/Users', undefined, { authorization: 'Bearer no' })).status;
    for (let i = 0; i < SCIM_GUESSES_MAX; i += 1) expect(await guess()).toBe(401);
    expect(await guess()).toBe(429);
    expect((await site.call('GET', '/Users')).status).toBe(200);
  });

  it('lets as many changes wait as allowed, one after the other, and refuses one more', async () => {
    const takeTurn = createTurns(2);
    const order: number[] = [];
    const turns = [1, 2].map((name) => takeTurn(() => Promise.resolve(order.push(name))));
    await expect(takeTurn(() => Promise.resolve())).rejects.toMatchObject({ code: 'request.rate_limited' });
    await Promise.all(turns);
    await expect(takeTurn(() => Promise.reject(new TypeError('failed')))).rejects.toThrow('failed');
    await takeTurn(() => Promise.resolve(order.push(3)));
    expect(order).toEqual([1, 2, 3]);
  });
});
