import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SCIM_BODY_BYTES_MAX } from '#gateway/scim/read-body.ts';
import { SCIM_PAGE_MAX } from '#gateway/scim/schemas.ts';
import { FILTER_CHARS_MAX } from '#gateway/scim/filter.ts';
import { somePerson } from '#test/support/people.ts';
import { entraUser, startScimSite, type ScimSite } from '#test/support/scim-site.ts';

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error';

let site: ScimSite;
beforeEach(async () => {
  site = await startScimSite();
});
afterEach(() => site.close());

const create = async (name: string, change: object = {}) => (await site.call('POST', '/Users', entraUser(name, change))).body;
const records = async () => (await site.audit.read({ from: { afterSeq: 0 }, limit: 1_000 })).map(({ record }) => record);

describe('SCIM discovery', () => {
  it('tells what it can do, its schemas and resource types', async () => {
    const config = await site.call('GET', '/ServiceProviderConfig');
    expect(config.headers.get('content-type')).toBe('application/scim+json');
    expect(config.body).toMatchObject({ patch: { supported: true }, bulk: { supported: true }, etag: { supported: true } });
    expect((await site.call('GET', '/Schemas')).body).toMatchObject({ totalResults: 2 });
    expect((await site.call('GET', `/Schemas/${USER}`)).body).toMatchObject({ id: USER, name: 'User' });
    expect((await site.call('GET', '/ResourceTypes/Group')).body).toMatchObject({ endpoint: '/Groups' });
    expect((await site.call('GET', '/Schemas/none')).status).toBe(404);
    expect((await site.call('POST', '/Schemas', {})).status).toBe(405);
    expect((await site.call('GET', '/Nothing')).body).toMatchObject({ schemas: [ERROR], status: '404' });
  });

  it('answers nobody without a key, and no other name than its own', async () => {
    const refused = await site.call('GET', '/Users', undefined, { authorization: 'Bearer wrong' });
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toBe('Bearer');
    expect(refused.body).toMatchObject({ schemas: [ERROR], status: '401' });
  });
});

describe('SCIM users', () => {
  it('creates a person as Entra sends one, without roles, and records who did it without names', async () => {
    const made = await site.call('POST', '/Users', entraUser('ann'));
    expect(made.status).toBe(201);
    expect(made.headers.get('location')).toBe(`${site.base}/Users/${made.body.id}`);
    expect(made.headers.get('etag')).toBe('W/"1"');
    expect(made.body).toMatchObject({ userName: 'ann@corp.test', externalId: 'object-ann', active: true, displayName: 'ann Example' });
    expect(await site.people.find(made.body.id)).toMatchObject({ roles: [], clearance: 0, email: 'ann@corp.test', standing: 'active' });
    const [record] = await records();
    expect(record).toMatchObject({ type: 'directory_change', subjectType: 'person', change: 'added', operatorId: 'scim:hr' });
    expect(JSON.stringify(record)).not.toContain('corp.test');
  });

  it('refuses a second person of the same user name or e-mail', async () => {
    await create('ann');
    const again = await site.call('POST', '/Users', entraUser('ann', { userName: 'ANN@corp.test', emails: [] }));
    expect([again.status, again.body.scimType]).toEqual([409, 'uniqueness']);
    const mail = await site.call('POST', '/Users', entraUser('bob', { emails: [{ value: 'ann@corp.test' }] }));
    expect([mail.status, mail.body.scimType]).toEqual([409, 'uniqueness']);
  });

  it('finds whom an import brought by e-mail, and adopts them without a second person', async () => {
    await site.people.save(somePerson('ann', { email: 'ann@corp.test' }));
    const { body } = await site.call('GET', '/Users?filter=userName%20eq%20%22Ann%40corp.test%22');
    expect(body).toMatchObject({ totalResults: 1, Resources: [{ id: 'person_ann' }] });
    await site.patch('/Users/person_ann', { op: 'Add', path: 'externalId', value: 'object-ann' });
    expect(await site.people.find('person_ann' as never)).toMatchObject({ groups: ['engineering', 'night-shift'], roles: ['employee'] });
    expect((await site.call('GET', '/Users?filter=externalId%20eq%20%22object-ann%22')).body).toMatchObject({ totalResults: 1 });
  });

  it.each([
    ['userName sw "AN"', ['ann']],
    ['emails[type eq "work"].value eq "bob@corp.test"', ['bob']],
    ['emails.value ew "@CORP.test" and not (displayName co "cleo")', ['ann', 'bob']],
    ['active eq false', []],
    [`${USER}:userName eq "cleo@corp.test"`, ['cleo']],
    ['nickName pr', []],
    ['emails co "BOB@"', ['bob']],
    ['meta.created lt "2020-01-01T00:00:00Z"', []],
    ['externalId eq "OBJECT-ann"', []],
  ])('filters by %s', async (filter, names) => {
    for (const name of ['ann', 'bob', 'cleo']) await create(name);
    const { body } = await site.call('GET', `/Users?sortBy=userName&filter=${encodeURIComponent(filter)}`);
    expect(body.Resources.map((user) => user.userName.split('@')[0])).toEqual(names);
  });

  it('refuses a filter that cannot be read or is too long, and takes one at the limit', async () => {
    const ask = async (filter: string) => site.call('GET', `/Users?filter=${encodeURIComponent(filter)}`);
    const broken = [
      'userName eq',
      'userName eq "a" not userName eq "b"',
      'userName eq "a" constructor userName eq "b"',
      'meta.created ge "soon"',
    ];
    for (const filter of broken) expect((await ask(filter)).body, filter).toMatchObject({ status: '400', scimType: 'invalidFilter' });
    const long = (length: number) => `userName eq "${'a'.repeat(length - 'userName eq ""'.length)}"`;
    expect((await ask(long(FILTER_CHARS_MAX))).status).toBe(200);
    expect((await ask(long(FILTER_CHARS_MAX + 1))).body).toMatchObject({ scimType: 'invalidFilter' });
  });

  it('compares moments as such, in whatever zone they are written', async () => {
    const { id } = await create('ann');
    const { created } = ((await site.call('GET', `/Users/${id}`)).body as unknown as { meta: { created: string } }).meta;
    const found = async (filter: string) =>
      (await site.call('GET', `/Users?filter=${encodeURIComponent(filter)}`)).body.Resources.map((user) => user.userName);
    for (const written of [created, created.replace('Z', '+00:00')]) {
      expect(await found(`meta.created ge "${written}" and meta.created le "${written}"`)).toEqual(['ann@corp.test']);
      expect(await found(`meta.created gt "${written}"`)).toEqual([]);
    }
    expect(await found(`meta.created ge "${created.slice(0, 19)}Z"`)).toEqual(['ann@corp.test']);
  });

  it('pages, sorts and shows what is asked for; a page has a limit', async () => {
    for (const name of ['bob', 'ann', 'cleo']) await create(name);
    const page = await site.call('GET', '/Users?sortBy=userName&sortOrder=descending&startIndex=2&count=1&attributes=userName');
    expect(page.body).toMatchObject({ totalResults: 3, startIndex: 2, itemsPerPage: 1 });
    expect(page.body.Resources).toEqual([{ schemas: [USER], id: page.body.Resources[0]?.id, userName: 'bob@corp.test' }]);
    const without = await site.call('GET', '/Users?count=1&excludedAttributes=emails,name.formatted');
    expect(without.body.Resources[0]).not.toHaveProperty('emails');
    expect((await site.call('GET', '/Users?count=0')).body).toMatchObject({ totalResults: 3, Resources: [] });
    expect((await site.call('GET', '/Users?count=x')).status).toBe(400);
    for (let i = 0; i < SCIM_PAGE_MAX - 2; i += 1) await site.people.save(somePerson(`p${String(i)}`));
    const most = await site.call('GET', `/Users?count=${String(SCIM_PAGE_MAX + 1)}`);
    expect(most.body).toMatchObject({ totalResults: SCIM_PAGE_MAX + 1, itemsPerPage: SCIM_PAGE_MAX });
    const rest = await site.call('GET', `/Users?startIndex=${String(SCIM_PAGE_MAX + 1)}`);
    expect(rest.body).toMatchObject({ itemsPerPage: 1 });
  });

  it.each(['emails', 'emails.value', `${USER}:emails.value`, `${USER}:USERNAME`])('sorts by %s', async (sortBy) => {
    for (const name of ['bob', 'ann', 'cleo']) await create(name);
    const { body } = await site.call('GET', `/Users?sortBy=${sortBy}&sortOrder=descending`);
    expect(body.Resources.map((user) => user.userName)).toEqual(['cleo@corp.test', 'bob@corp.test', 'ann@corp.test']);
  });

  it('searches by a body', async () => {
    await create('ann');
    const found = await site.call('POST', '/Users/.search', { filter: 'userName eq "ann@corp.test"', attributes: ['userName'] });
    expect(found.body).toMatchObject({ totalResults: 1, Resources: [{ userName: 'ann@corp.test' }] });
  });

  it('replaces with PUT, and lets nobody write over a version that they have not read', async () => {
    const { id } = await create('ann');
    const put = { schemas: [USER], userName: 'ann.new@corp.test', displayName: 'Ann New', active: true };
    const changed = await site.call('PUT', `/Users/${id}`, put, { 'if-match': 'W/"1"' });
    expect(changed.body).toMatchObject({ userName: 'ann.new@corp.test', displayName: 'Ann New', meta: { version: 'W/"2"' } });
    expect(changed.body).not.toHaveProperty('emails');
    expect((await site.call('PUT', `/Users/${id}`, put, { 'if-match': 'W/"1"' })).status).toBe(412);
    expect((await site.call('DELETE', `/Users/${id}`, undefined, { 'if-match': 'nonsense' })).status).toBe(412);
    // What changes nothing is no new version.
    expect((await site.call('PUT', `/Users/${id}`, put)).headers.get('etag')).toBe('W/"2"');
    expect((await site.call('GET', `/Users/${id}`, undefined, { 'if-none-match': 'W/"2"' })).status).toBe(304);
  });

  it.each([
    ['Entra', [{ op: 'Replace', path: 'displayName', value: 'Ann Married' }], { displayName: 'Ann Married' }],
    [
      'Entra, a filtered path',
      [{ op: 'Replace', path: 'emails[type eq "work"].value', value: 'a.m@corp.test' }],
      { emails: [{ value: 'a.m@corp.test' }] },
    ],
    [
      'Entra, what is not held',
      [
        { op: 'Add', path: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department', value: 'IT' },
        { op: 'Add', path: 'addresses[type eq "work"].locality', value: 'Berlin' },
        { op: 'Replace', path: 'title', value: 'x' },
      ],
      { displayName: 'ann Example' },
    ],
    [
      'Okta, without a path',
      [{ op: 'replace', value: { displayName: 'Ann Okta', 'name.formatted': 'ignored' } }],
      { displayName: 'Ann Okta' },
    ],
    ['names in parts', [{ op: 'replace', value: { name: { givenName: 'Anna', familyName: 'Part' } } }], { displayName: 'Anna Part' }],
    ['a URN before the attribute', [{ op: 'ADD', path: `${USER}:userName`, value: 'other@corp.test' }], { userName: 'other@corp.test' }],
    ['removal', [{ op: 'remove', path: 'externalId' }], { userName: 'ann@corp.test' }],
  ])('takes a PATCH of %s', async (_shape, operations, expected) => {
    const { id } = await create('ann');
    const answer = await site.patch(`/Users/${id}`, ...operations);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject(expected);
  });

  it('adds an address by a filtered path where there is none', async () => {
    const { id } = await create('ann', { emails: [] });
    const answer = await site.patch(`/Users/${id}`, { op: 'Add', path: 'emails[type eq "work"].value', value: 'ann@corp.test' });
    expect(answer.body).toMatchObject({ emails: [{ value: 'ann@corp.test' }] });
  });

  it.each([
    [{ op: 'move', path: 'displayName', value: 'x' }, 'invalidSyntax'],
    [{ op: 'remove' }, 'noTarget'],
    [{ op: 'replace', path: 'shoeSize', value: 44 }, 'invalidPath'],
    [{ op: 'replace', path: 'id', value: 'x' }, 'mutability'],
    [{ op: 'replace', path: 'groups', value: [{ value: 'admins' }] }, 'mutability'],
    [{ op: 'replace', path: 'active', value: 'perhaps' }, 'invalidValue'],
    [{ op: 'replace', path: '__proto__.polluted', value: 'x' }, 'invalidPath'],
    [{ op: 'replace', path: 'displayName', value: '\u202ename' }, 'invalidValue'],
  ])('refuses the operation %j and changes nothing', async (operation, scimType) => {
    const { id } = await create('ann');
    const answer = await site.patch(`/Users/${id}`, { op: 'replace', path: 'displayName', value: 'Changed' }, operation);
    expect([answer.status, answer.body.scimType]).toEqual([400, scimType]);
    expect((await site.call('GET', `/Users/${id}`)).body).toMatchObject({ displayName: 'ann Example', meta: { version: 'W/"1"' } });
  });

  it('takes a body at the limit and refuses one that is longer, no JSON, or of another type', async () => {
    const body = (lengthBytes: number) => {
      const text = JSON.stringify(entraUser('ann', { x: '' }));
      return text.replace('"x":""', `"x":"${'a'.repeat(lengthBytes - text.length)}"`);
    };
    expect((await site.call('POST', '/Users', body(SCIM_BODY_BYTES_MAX))).status).toBe(201);
    expect((await site.call('POST', '/Users', body(SCIM_BODY_BYTES_MAX + 1))).status).toBe(413);
    expect((await site.call('POST', '/Users', '{')).body).toMatchObject({ scimType: 'invalidSyntax' });
    expect((await site.call('POST', '/Users', '[]')).body).toMatchObject({ scimType: 'invalidSyntax' });
    expect((await site.call('POST', '/Users', '{}', { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await site.call('POST', '/Users', {})).body).toMatchObject({ scimType: 'invalidValue' });
    const stumbling = { userName: { length: { toString: null } } };
    expect((await site.call('POST', '/Users', stumbling)).body).toMatchObject({ status: '400', scimType: 'invalidValue' });
  });
});

describe('SCIM limits', () => {
  it('answers as many requests of a client as allowed and no more', async () => {
    const narrow = await startScimSite({ requestsMax: 2 });
    const statuses: number[] = [];
    for (let i = 0; i < 3; i += 1) statuses.push((await narrow.call('GET', '/Users')).status);
    expect(statuses).toEqual([200, 200, 429]);
    await narrow.close();
  });
});
