import { afterEach, describe, expect, it } from 'vitest';
import { OWN_LOG_AGE_MS_MAX } from '#gateway/app/self/own-log.ts';
import type { AppId, DoorId } from '#gateway/domain/site/ids.ts';
import type { AccessView, MyLogView, MyOverview, accessDetailSchema } from '#gateway/http/contract/me.ts';
import { PERSON_RATE_LIMITS } from '#gateway/http/middleware/rate-limits.ts';
import { confidential } from '#test/support/oidc/client.ts';
import { signInToOwnSide, type Answer } from '#test/support/oidc/own-side-client.ts';
import { startOwnSideGateway, type OwnSideGateway } from '#test/support/oidc/own-side-gateway.ts';
import { someBadge } from '#test/support/people.ts';
import { enrolPerson, type Enrolled } from '#test/support/oidc/sign-in.ts';
import type { z } from 'zod';

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

const MAIN = { kind: 'door', id: 'main' } as const;
const SERVERS = { kind: 'door', id: 'servers-door' } as const;
const WIKI = { kind: 'app', id: 'wiki' } as const;
const CONSOLE = { kind: 'app', id: 'server-console' } as const;

async function start(options: Parameters<typeof startOwnSideGateway>[0] = {}): Promise<{ gateway: OwnSideGateway; ann: Enrolled }> {
  const gateway = await startOwnSideGateway({ clients: [confidential()], ...options });
  cleanUp.push(() => gateway.close());
  const ann = await enrolPerson(gateway, 'ann', { clearance: 4 });
  await signInToOwnSide(gateway, ann);
  return { gateway, ann };
}

const ask = ({ publicUrl }: OwnSideGateway, { browser }: Enrolled, query = '') =>
  browser.call<Answer<AccessView>>(`${publicUrl}/api/me/access${query}`);
const askOne = ({ publicUrl }: OwnSideGateway, { browser }: Enrolled, path: string) =>
  browser.call<Answer<z.infer<typeof accessDetailSchema>>>(`${publicUrl}/api/me/access/${path}`);
const log = ({ publicUrl }: OwnSideGateway, { browser }: Enrolled, query = '') =>
  browser.call<Answer<MyLogView>>(`${publicUrl}/api/me/log${query}`);

describe('what is open to me now', () => {
  it('is answered by the policy about the person’s own facts, with reasons and where the remedy is', async () => {
    const { gateway, ann } = await start();
    await gateway.grant(MAIN, SERVERS, WIKI, CONSOLE);

    const before = (await ask(gateway, ann)).body.items;
    expect(before.map(({ kind, id, state }) => [`${kind}:${id}`, state])).toEqual([
      ['app:server-console', 'closed'],
      ['app:wiki', 'open'],
      ['door:main', 'closed'],
      ['door:servers-door', 'closed'],
    ]);
    expect(before[0]?.reasons).toContainEqual({ code: 'presence.unknown', params: { area: 'Server room', site: 'HQ' } });
    expect(before[1]).toMatchObject({ site: 'HQ', url: 'http://localhost:9' });
    // Without a badge no door opens, and the reason says that it is the badge.
    expect(before[2]?.reasons).toEqual([{ code: 'credential.unknown', params: {} }]);

    await gateway.credentials.saveBadge(someBadge('1', { personId: ann.personId }));
    const after = (await ask(gateway, ann)).body.items;
    expect(after.filter(({ state }) => state === 'open').map(({ id }) => id)).toEqual(['wiki', 'main', 'servers-door']);
  });

  it('asks for the passkey again where this session’s is too old, as the app would', async () => {
    const { gateway, ann } = await start();
    await gateway.grant(WIKI);
    const [session] = await gateway.sessions.ofPerson(ann.personId, Date.now());
    if (session === undefined) expect.fail('nobody is signed in');
    await gateway.people.changeStanding({ personId: ann.personId, to: 'restricted', nowMs: Date.now() });
    await gateway.sessions.end(session.id);
    await gateway.sessions.create({ ...session, authenticatedAtMs: Date.now() - 600_000 });
    expect((await ask(gateway, ann)).body.items).toMatchObject([
      { id: 'wiki', state: 'conditional', conditions: ['step_up'], reasons: [] },
    ]);
  });

  it('names nothing that no grant of the person names, unless it is listed for everybody', async () => {
    const hidden = await start();
    await hidden.gateway.grant(WIKI);
    expect((await ask(hidden.gateway, hidden.ann)).body.items.map(({ id }) => id)).toEqual(['wiki']);
    const nothing = await askOne(hidden.gateway, hidden.ann, 'door/nowhere');
    expect(nothing.status).toBe(404);
    // What exists and is hidden is answered as what does not exist.
    for (const path of ['door/main', 'app/server-console', 'vpn_realm/main', 'person/person_ann', 'door/__proto__']) {
      expect(await askOne(hidden.gateway, hidden.ann, path)).toEqual(nothing);
    }

    const listed = await start({ ownSide: { portal: { listed: ['door:main'] } } });
    const { items } = (await ask(listed.gateway, listed.ann)).body;
    expect(items).toMatchObject([{ id: 'main', state: 'closed', reasons: [{ code: 'credential.unknown' }, { code: 'grant.missing' }] }]);
    expect((await askOne(listed.gateway, listed.ann, 'door/main')).body.item).toEqual(items[0]);
  });

  it('is one record for the question, none for what it considered, and opens nothing', async () => {
    const { gateway, ann } = await start();
    await gateway.grant(MAIN, WIKI);
    const decisions = async () => (await gateway.records()).filter(({ type }) => type === 'decision').length;
    await ask(gateway, ann);
    const before = await decisions();
    await ask(gateway, ann, '?kind=app');
    await askOne(gateway, ann, 'door/main');
    expect(await decisions()).toBe(before);
    const searches = (await gateway.records()).filter(({ type }) => type === 'access_search');
    expect(searches).toMatchObject([
      { channel: 'portal', askedBy: ann.personId, personId: ann.personId, considered: 2, found: 1, resourceType: null },
      { considered: 1, found: 1, resourceType: 'app' },
      { considered: 1, found: 0, resourceType: 'door', resourceId: 'main' },
    ]);
  });

  it('comes in pages', async () => {
    const { gateway, ann } = await start();
    await gateway.grant(MAIN, SERVERS, WIKI);
    const first = (await ask(gateway, ann, '?limit=2')).body;
    const second = (await ask(gateway, ann, `?limit=2&after=${first.next ?? ''}`)).body;
    expect([first, second].map(({ items, next }) => [items.map(({ id }) => id), next])).toEqual([
      [['wiki', 'main'], 'door:main'],
      [['servers-door'], null],
    ]);
    expect((await ask(gateway, ann, '?limit=101')).status).toBe(400);
    expect((await ask(gateway, ann, '?kind=person')).status).toBe(400);
  });

  it('is asked by one person as often as the limit says, which no other person and no login feels', async () => {
    const { gateway, ann } = await start();
    await gateway.grant(WIKI);
    for (let asked = 0; asked < PERSON_RATE_LIMITS.ownQuestion; asked += 1) expect((await ask(gateway, ann)).status).toBe(200);
    expect(await ask(gateway, ann)).toMatchObject({ status: 429, body: { error: { code: 'request.rate_limited' } } });
    expect((await log(gateway, ann)).status).toBe(200);
    const bob = await enrolPerson(gateway, 'bob');
    await signInToOwnSide(gateway, bob);
    expect((await ask(gateway, bob)).status).toBe(200);
  });
});

describe('my own log', () => {
  const decision = (personId: string, change: object = {}) => ({
    type: 'decision' as const,
    occurredAtMs: Date.now(),
    decisionId: `dec_${Math.random()}`,
    channel: 'osdp',
    action: 'door.unlock',
    personId,
    resourceType: 'door',
    resourceId: 'main' as DoorId as string,
    effect: 'deny' as const,
    reasons: ['grant.missing' as const],
    permits: [],
    obligations: [],
    policyRevision: 'p',
    dataRevision: 'd',
    epoch: 0,
    mode: 'online' as const,
    latencyUs: 1,
    operatorReason: null,
    input: null,
    ...change,
  });

  it('holds the person’s doors, logins and sessions in codes, and nothing of anybody else', async () => {
    const { gateway, ann } = await start();
    const bob = await enrolPerson(gateway, 'bob');
    await gateway.audit.append(decision(ann.personId));
    await gateway.audit.append(decision(bob.personId));
    const app = { resourceType: 'app', resourceId: 'server-console' as AppId as string, reasons: ['presence.required'] };
    await gateway.audit.append(decision(ann.personId, { ...app, channel: 'oidc', action: 'app.login' }));
    // What an operator does to others is the console's; what a system elsewhere asked is nobody's doing; refreshes say nothing.
    await gateway.audit.append(decision(ann.personId, { action: 'person.suspend', resourceType: 'person', resourceId: bob.personId }));
    await gateway.audit.append(decision(ann.personId, { channel: 'authzen' }));
    await gateway.audit.append(decision(ann.personId, { action: 'token.refresh' }));

    const { entries } = (await log(gateway, ann)).body;
    expect(entries.filter(({ kind }) => kind === 'decision')).toMatchObject([
      {
        action: 'app.login',
        resource: { kind: 'app', name: 'server-console' },
        reasons: [{ code: 'presence.required', params: { area: 'Server room', site: 'HQ' } }],
      },
      { action: 'door.unlock', effect: 'deny', resource: { kind: 'door', id: 'main', name: 'main' }, reasons: [{ code: 'grant.missing' }] },
      { action: 'self.sign_in', effect: 'permit', resource: null, network: 'elsewhere' },
    ]);
    expect(JSON.stringify(entries)).not.toContain(bob.personId);
    expect(entries.filter(({ kind }) => kind === 'session')).toMatchObject([{ event: 'started', session: 'portal', name: null }]);
  });

  it('shows neither duress nor who an operator was', async () => {
    const { gateway, ann } = await start();
    await gateway.audit.append({
      type: 'standing',
      occurredAtMs: Date.now(),
      personId: ann.personId,
      from: 'active',
      to: 'restricted',
      operators: ['person_ada'],
      reason: 'under suspicion',
      epoch: 1,
      decisionId: null,
    });
    const alarm = { type: 'alarm', code: 'duress', sourceType: 'door', sourceId: 'main', active: true, personId: ann.personId } as const;
    await gateway.audit.append({ ...alarm, occurredAtMs: Date.now() });
    const { body } = await log(gateway, ann);
    expect(body.entries[0]).toEqual({
      kind: 'standing',
      to: 'restricted',
      seq: expect.any(Number) as number,
      atMs: expect.any(Number) as number,
    });
    expect(JSON.stringify(body)).not.toMatch(/duress|person_ada|suspicion|local/);
  });

  it('is told in short with the standing that holds now, however long ago it changed', async () => {
    const { gateway, ann } = await start();
    const bob = await enrolPerson(gateway, 'bob');
    await gateway.audit.append(decision(ann.personId));
    await gateway.audit.append(decision(bob.personId));
    const overview = () => ann.browser.call<MyOverview>(`${gateway.publicUrl}/api/me/overview`);
    expect((await overview()).body).toMatchObject({
      standing: 'active',
      denials: { count: 1, isWhole: true },
      lastBadge: { entry: { resource: { name: 'main' }, reasons: [{ code: 'grant.missing', params: {} }] }, isWhole: true },
    });
    // No record says so: it is older than the log that people may read.
    await gateway.people.changeStanding({ personId: ann.personId, to: 'restricted', nowMs: Date.now() });
    expect((await overview()).body.standing).toBe('restricted');
    await ann.browser.call(`${gateway.publicUrl}/api/me/session`, {}, 'DELETE');
    expect((await overview()).status).toBe(401);
  });

  it('is read by one person as often as the limit says', async () => {
    const { gateway, ann } = await start();
    for (let read = 0; read < PERSON_RATE_LIMITS.ownLog; read += 1) expect((await log(gateway, ann)).status).toBe(200);
    expect((await log(gateway, ann)).status).toBe(429);
    expect((await ask(gateway, ann)).status).toBe(200);
  });

  it('comes in pages and ends after thirty days', async () => {
    const { gateway, ann } = await start();
    for (let index = 0; index < 5; index += 1) await gateway.audit.append(decision(ann.personId));
    const first = (await log(gateway, ann, '?limit=3')).body;
    const second = (await log(gateway, ann, `?limit=100&before=${String(first.next ?? 0)}`)).body;
    const seqs = [...first.entries, ...second.entries].map(({ seq }) => seq);
    expect(first.entries).toHaveLength(3);
    expect(seqs).toEqual(seqs.toSorted((left, right) => right - left));
    expect(second.next).toBeNull();
    expect(OWN_LOG_AGE_MS_MAX).toBe(30 * 86_400_000);
    expect((await log(gateway, ann, '?limit=101')).status).toBe(400);
  });
});
