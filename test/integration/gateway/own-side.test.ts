import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { suspendResultSchema } from '#gateway/http/contract/admin.ts';
import { demoBadgeResultSchema, demoSchema } from '#gateway/http/contract/demo.ts';
import { type AccessView, type ClosedView, type MeView, type MyLogView, type MySessions } from '#gateway/http/contract/me.ts';
import { recoveryOfferSchema, type RecoveryOffer } from '#gateway/http/contract/recovery.ts';
import { untilReadersAnswer } from '#test/support/gateway-log.ts';
import { addPasskey, signInToOwnSide, type Answer } from '#test/support/oidc/own-side-client.ts';
import { freePort, startGateway, until, type RunningGateway } from '#test/support/running-gateway.ts';
import { consoleSignIn, enrolAt, signInToDemoApp } from '#test/support/oidc/running-sign-in.ts';
import { useEnrolmentLink, type Enrolled } from '#test/support/oidc/sign-in.ts';

/*
 * The whole gateway: real door thread and simulated readers, the shipped policy, apps that take logout tokens. Nina is an ordinary
 * employee, Milo sits at the entrance.
 */
const EMPLOYEE = 'usr_nina';
const GUARD = 'usr_milo';
const STAFFED = 'hq-main-in';

let dataDir: string;
let gateway: RunningGateway;
let nina: Enrolled;
let guard: Enrolled;
let wiki: string;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'gatehouse-own-'));
  gateway = await startGateway({ dataDir, port: await freePort() });
  await untilReadersAnswer(gateway);
  wiki = (await gateway.api.get('/api/demo', demoSchema)).apps.find(({ id }) => id === 'wiki')?.url ?? expect.fail();
  nina = await enrolAt(gateway, EMPLOYEE);
  guard = await enrolAt(gateway, GUARD);
  await consoleSignIn(gateway, guard);
});
afterAll(async () => {
  await gateway?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const at = () => ({ publicUrl: gateway.url });
const get = async <Body>({ browser }: Pick<Enrolled, 'browser'>, path: string): Promise<Body> =>
  (await browser.call<Body>(`${gateway.url}/api${path}`)).body;
const post = <Body>({ browser }: Pick<Enrolled, 'browser'>, path: string, body: object) =>
  browser.call<Answer<Body>>(`${gateway.url}/api${path}`, body);
const badge = (personId: string, readerId = STAFFED) =>
  gateway.api.post('/api/demo/badge', { personId, readerId, walkThrough: true }, demoBadgeResultSchema);

it('shows a person what is open to them, what they did, and where they are signed in', async () => {
  expect((await signInToOwnSide(at(), nina)).status).toBe(200);
  expect(await signInToDemoApp(gateway, nina, wiki)).toMatchObject({ outcome: 'signed_in' });
  expect(await badge(EMPLOYEE)).toMatchObject({ outcome: 'granted' });

  const { items } = await get<AccessView>(nina, '/me/access');
  const open = items.filter(({ state }) => state === 'open').map(({ kind, id }) => `${kind}:${id}`);
  expect(open).toEqual(expect.arrayContaining(['app:wiki', 'door:hq-main']));
  expect(items.find(({ id }) => id === 'wiki')?.url).toBe(wiki);

  const told = await until('the badge in the own log', 5_000, async () => {
    const { entries } = await get<MyLogView>(nina, '/me/log');
    return entries.some((entry) => entry.kind === 'decision' && entry.action === 'door.unlock') ? entries : null;
  });
  expect(told).toContainEqual(
    expect.objectContaining({ action: 'door.unlock', effect: 'permit', resource: { kind: 'door', id: 'hq-main', name: 'Main entrance' } }),
  );
  expect(told).toContainEqual(expect.objectContaining({ action: 'app.login', resource: { kind: 'app', id: 'wiki', name: 'Wiki' } }));
  const { sessions } = await get<MySessions>(nina, '/me/sessions');
  expect(sessions.map(({ kind, apps }) => [kind, apps.map(({ name }) => name)])).toEqual(
    expect.arrayContaining([
      ['portal', []],
      ['sign_in', ['Wiki']],
    ]),
  );
});

it('closes the sign-in of another browser, which the app hears of', async () => {
  const { sessions } = await get<MySessions>(nina, '/me/sessions');
  const signIn = sessions.find(({ kind }) => kind === 'sign_in');
  const { body } = await post<ClosedView>(nina, `/me/sessions/${signIn?.id ?? ''}/close`, {});
  expect(body).toEqual({ sessions: 1, logoutTokensSent: 1, logoutTokensAcknowledged: 1, residual: [] });
  // The same browser has to show the passkey again.
  expect(await signInToDemoApp(gateway, nina, wiki)).toMatchObject({ outcome: 'signed_in', usedPasskey: true });
});

it('lets a person whose only passkey is gone in again, by a badge at the entrance and the guard who sees them', async () => {
  await post(nina, '/me/sessions/close-others', {});
  const before = await post<RecoveryOffer>(guard, `/people/usr_tess/recovery`, {
    evidence: 'badge',
    oldPasskeys: 'keep',
    reason: 'lost phone',
  });
  expect(before).toMatchObject({ status: 409, body: { error: { code: 'recovery.badge_missing' } } });

  expect(await badge(EMPLOYEE)).toMatchObject({ outcome: 'granted' });
  const recover = () =>
    post<RecoveryOffer>(guard, `/people/${EMPLOYEE}/recovery`, { evidence: 'badge', oldPasskeys: 'revoke', reason: 'lost phone' });
  const { status, body } = await until('the badge in the log', 5_000, async () => {
    const answer = await recover();
    return answer.status === 409 ? null : answer;
  });
  expect([status, body]).toMatchObject([201, { passkeysRevoked: 1 }]);
  expect((await get<MeView>(nina, '/me')).person).toBeNull();
  expect((await signInToOwnSide(at(), nina)).status).toBe(401);

  nina = { ...nina, ...(await useEnrolmentLink(body.url)) };
  expect((await signInToOwnSide(at(), nina)).status).toBe(200);
  const { authenticator } = await addPasskey(at(), nina, 'Second key', true);
  expect((await signInToOwnSide(at(), { browser: nina.browser, authenticator })).status).toBe(200);
});

it('lets the host give a code to whoever it knows, and vouch for no badge that it cannot see', async () => {
  const path = `/api/people/${EMPLOYEE}/recovery`;
  const body = { oldPasskeys: 'keep', reason: 'known at the host' };
  const { code } = await gateway.api.post(path, { ...body, evidence: 'admin' }, recoveryOfferSchema);
  const another = await useEnrolmentLink(`${gateway.url}/enrol#${code}`);
  expect((await signInToOwnSide(at(), another)).status).toBe(200);
  const vouched = gateway.api.post(path, { ...body, evidence: 'badge' }, recoveryOfferSchema);
  await expect(vouched).rejects.toThrow('Your role does not allow this action');
});

it('is closed by a suspension with doors and apps, at once', async () => {
  expect((await get<MeView>(nina, '/me')).person?.id).toBe(EMPLOYEE);
  const { receipt } = await gateway.api.post(`/api/people/${EMPLOYEE}/suspend`, { reason: 'test of a suspension' }, suspendResultSchema);
  expect(receipt.state).toBe('contained');
  expect((await get<MeView>(nina, '/me')).person).toBeNull();
  expect(await signInToOwnSide(at(), nina)).toMatchObject({ status: 403, body: { error: { code: 'subject.suspended' } } });
  expect(await badge(EMPLOYEE)).toMatchObject({ outcome: 'denied', reasons: ['subject.suspended'] });
});
