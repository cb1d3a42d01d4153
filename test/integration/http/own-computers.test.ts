import * as client from 'openid-client';
import { afterEach, describe, expect, it } from 'vitest';
import type { DeskDeviceId } from '#gateway/domain/site/ids.ts';
import { deskOfferedSchema } from '#gateway/http/contract/desk.ts';
import type { ComputerView } from '#gateway/http/contract/me-computers.ts';
import type { ClosedView, MyLogView, MySessions } from '#gateway/http/contract/me.ts';
import { CLIENT_SECRET, isApp, signInToApp } from '#test/support/oidc/client.ts';
import { clientWith, discoverAs } from '#test/support/oidc/flows.ts';
import { signInToOwnSide, type Answer } from '#test/support/oidc/own-side-client.ts';
import { startOwnSideGateway, type OwnSideGateway } from '#test/support/oidc/own-side-gateway.ts';
import { enrolPerson, signInToConsole, type Enrolled } from '#test/support/oidc/sign-in.ts';
import { createSigningDesk, GOOD_POSTURE } from '#test/support/desk/signing-desk.ts';
import { TestBrowser } from '#test/support/console/test-browser.ts';

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

async function rig() {
  const gateway = await startOwnSideGateway({ clients: [clientWith()] });
  cleanUp.push(() => gateway.close());
  await gateway.grant({ kind: 'app', id: 'wiki' });
  const [ada, ann] = [await enrolPerson(gateway, 'ada', { roles: ['security_admin'] }), await enrolPerson(gateway, 'ann')];
  await signInToConsole(gateway, ada);
  const config = await discoverAs(gateway, client.ClientSecretBasic(CLIENT_SECRET));
  return { gateway, ada, ann, config };
}
type Rig = Awaited<ReturnType<typeof rig>>;

async function computerOf({ ada, gateway }: Pick<Rig, 'ada' | 'gateway'>, { personId }: Enrolled) {
  const path = `${gateway.publicUrl}/api/people/${personId}/desks`;
  const offered = await ada.browser.call(path, { label: 'Laptop', reason: 'a new laptop' });
  const desk = await createSigningDesk(gateway.publicUrl);
  await desk.enrol(deskOfferedSchema.parse(offered.body).code);
  return desk;
}

/** The sign-in of this browser is one that the computer answered in. */
async function bind({ gateway }: Rig, { personId }: Enrolled, sessionUid: string, id: string): Promise<void> {
  const session = { sessionUid, personId, expiresAtMs: Date.now() + 3_600_000 };
  await gateway.deskSessions.bind(session, { deviceId: id as DeskDeviceId, look: null });
}
const signInsOf = async ({ publicUrl }: OwnSideGateway, { browser }: Pick<Enrolled, 'browser'>) =>
  (await browser.call<MySessions>(`${publicUrl}/api/me/sessions`)).body.sessions.filter(({ kind }) => kind === 'sign_in');
const computersOf = ({ publicUrl }: OwnSideGateway, { browser }: Pick<Enrolled, 'browser'>) =>
  browser.call<Answer<{ computers: ComputerView[] }>>(`${publicUrl}/api/me/computers`);
const remove = ({ publicUrl }: OwnSideGateway, { browser }: Pick<Enrolled, 'browser'>, id: string, because = 'unused') =>
  browser.call<Answer<{ closed: ClosedView }>>(`${publicUrl}/api/me/computers/${id}/remove`, { because });

describe('people’s own computers', () => {
  it('are listed with how they are kept, to their person alone', async () => {
    const at = await rig();
    const desk = await computerOf(at, at.ann);
    expect((await computersOf(at.gateway, at.ann)).status).toBe(401);
    await signInToOwnSide(at.gateway, at.ann);
    await signInToOwnSide(at.gateway, at.ada);
    const silent = { id: desk.id(), name: 'Laptop', seenAtMs: null, hasFace: false, posture: null };
    expect((await computersOf(at.gateway, at.ann)).body).toEqual({ computers: [silent] });

    const seenAtMs = Date.now();
    await desk.tellPosture({ ...GOOD_POSTURE, firewall: 'off' }, seenAtMs);

    const { body } = await computersOf(at.gateway, at.ann);
    expect(body.computers).toMatchObject([{ seenAtMs, posture: { isCompliant: false, told: { firewall: 'off' } } }]);
    expect((await computersOf(at.gateway, at.ada)).body).toEqual({ computers: [] });
  });

  it('are removed by their person, with a passkey used just now: what was signed in with one ends at once, and the log says so', async () => {
    const at = await rig();
    const { ann, config, gateway } = at;
    const desk = await computerOf(at, ann);
    const { tokens } = await signInToApp(gateway, ann, config);
    await signInToOwnSide(gateway, ann);
    const [here = expect.fail('no sign-in')] = await signInsOf(gateway, ann);
    await signInToApp(gateway, { ...ann, browser: new TestBrowser() }, config);
    const signIns = await signInsOf(gateway, ann);
    expect(signIns).toHaveLength(2);
    await bind(at, ann, here.id, desk.id());

    const { body, status } = await remove(gateway, ann, desk.id());

    expect([status, body]).toMatchObject([200, { closed: { sessions: 1, residual: [] } }]);
    expect((await signInsOf(gateway, ann)).map(({ id }) => id)).toEqual(signIns.filter(({ id }) => id !== here.id).map(({ id }) => id));
    await expect(client.refreshTokenGrant(config, tokens.refresh_token ?? '')).rejects.toMatchObject({ error: 'invalid_grant' });
    expect((await computersOf(gateway, ann)).body).toEqual({ computers: [] });
    expect((await desk.post('posture', { jws: 'x' })).status).toBe(401);
    const ended = (await gateway.records()).filter((record) => record.type === 'session' && record.event === 'ended');
    expect(ended).toMatchObject([
      { kind: 'app', appId: 'wiki', cause: 'desk.removed', personId: ann.personId },
      { kind: 'provider', cause: 'desk.removed', sessionId: here.id },
    ]);
    const { entries } = (await ann.browser.call<MyLogView>(`${gateway.publicUrl}/api/me/log`)).body;
    expect(entries).toContainEqual(expect.objectContaining({ kind: 'session', event: 'ended', cause: 'desk.removed' }));
    expect((await remove(gateway, ann, desk.id())).status).toBe(404);
  });

  it('are removed as lost with everything but this session', async () => {
    const at = await rig();
    const { ann, config, gateway } = at;
    const desk = await computerOf(at, ann);
    await signInToApp(gateway, ann, config);
    const elsewhere: Enrolled = { ...ann, browser: new TestBrowser() };
    await signInToApp(gateway, elsewhere, config);
    await signInToOwnSide(gateway, elsewhere);
    const [bound = expect.fail('no sign-in')] = await signInsOf(gateway, elsewhere);
    await bind(at, ann, bound.id, desk.id());

    const { body } = await remove(gateway, elsewhere, desk.id(), 'lost');

    expect(body.closed.sessions).toBe(2);
    expect(await signInsOf(gateway, elsewhere)).toEqual([]);
  });

  it('of somebody else are as unknown as none', async () => {
    const at = await rig();
    const desk = await computerOf(at, at.ann);
    await signInToOwnSide(at.gateway, at.ada);
    expect((await remove(at.gateway, at.ada, desk.id())).status).toBe(404);
    expect((await remove(at.gateway, at.ann, desk.id())).status).toBe(401);
    await signInToOwnSide(at.gateway, at.ann);
    expect((await remove(at.gateway, at.ann, desk.id(), 'because')).status).toBe(400);
    expect((await computersOf(at.gateway, at.ann)).body.computers).toHaveLength(1);
  });
});

it('ends what was signed in with a computer that an operator revokes, and says so again when it is said again', async () => {
  const at = await rig();
  const { ada, ann, config, gateway } = at;
  const desk = await computerOf(at, ann);
  await signInToApp(gateway, ann, config);
  await signInToOwnSide(gateway, ann);
  const [bound = expect.fail('no sign-in')] = await signInsOf(gateway, ann);
  await bind(at, ann, bound.id, desk.id());
  const revoke = () =>
    ada.browser.call<Answer<{ closed: ClosedView }>>(`${gateway.publicUrl}/api/desks/${desk.id()}/revoke`, { reason: 'it was stolen' });

  const { body } = await revoke();

  expect(body).toEqual({ closed: { sessions: 1, logoutTokensSent: 0, logoutTokensAcknowledged: 0, residual: [] } });
  expect(await signInsOf(gateway, ann)).toEqual([]);
  const { url } = await ann.browser.navigate(`${gateway.publicUrl}/oidc/auth?client_id=wiki-client`, isApp);
  expect(isApp(url)).toBe(false);
  expect((await revoke()).body.closed.sessions).toBe(0);
  const changes = (await gateway.records()).filter((record) => record.type === 'directory_change');
  expect(changes.filter((record) => record.changes.includes(`-desk:${desk.id()}`))).toHaveLength(1);
});
