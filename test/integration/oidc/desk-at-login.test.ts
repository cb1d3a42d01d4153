import * as client from 'openid-client';
import { afterEach, describe, expect, it } from 'vitest';
import type { AreaId, DeskDeviceId, PersonId, SiteId } from '#gateway/domain/site/ids.ts';
import { deskAskedSchema, deskOfferedSchema, deskOutcomeSchema, desksSchema } from '#gateway/http/contract/desk.ts';
import type { DeskSessionStore } from '#gateway/ports/desk-session-store.ts';
import type { InteractionView } from '#gateway/http/contract/sign-in.ts';
import { startHttpGateway, type HttpGateway, type HttpGatewayOptions } from '#test/support/http-gateway.ts';
import { CLIENT_SECRET, isApp } from '#test/support/oidc-client.ts';
import { clientWith, discoverAs, interactionAt, retryAt, startRequest } from '#test/support/oidc-flows.ts';
import { enrolPerson, presentPasskey, signInToConsole, uidOf, type Enrolled } from '#test/support/sign-in.ts';
import { createSigningDesk, GOOD_POSTURE, type SigningDesk } from '#test/support/signing-desk.ts';
import { SAMPLE_PACK } from '#test/support/signing-terminal.ts';

const FACE = 'urn:gatehouse:acr:face';
const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

/** As the shipped policy `face` decides. */
const wantsFace: NonNullable<HttpGatewayOptions['judgeApp']> = (_request, { face }) => {
  if (face.known) return face.verified ? 'permit' : 'face.mismatch';
  return face.alternative === 'none' ? [{ id: 'face', max_age_s: 60 }] : 'permit';
};
/** As the shipped policy `device` decides. */
const wantsDevice: NonNullable<HttpGatewayOptions['judgeApp']> = ({ action }, { device }) => {
  if (!device.known) return action === 'token.refresh' && device.id === '' ? 'permit' : 'device.unknown';
  return device.compliant ? 'permit' : 'device.not_compliant';
};

async function rig(judgeApp: HttpGatewayOptions['judgeApp'] = wantsFace) {
  const gateway = await startHttpGateway({ clients: [clientWith()], ...(judgeApp === undefined ? {} : { judgeApp }) });
  cleanUp.push(() => gateway.close());
  const admin = await enrolPerson(gateway, 'ada', { roles: ['security_admin'] });
  await signInToConsole(gateway, admin);
  const ann = await enrolPerson(gateway, 'ann');
  const operate = (path: string, body?: unknown) => admin.browser.call(`${gateway.publicUrl}/api${path}`, body);
  const deskOf = async (person: PersonId): Promise<SigningDesk> => {
    const offered = await operate(`/people/${person}/desks`, { label: 'Laptop', reason: 'a new laptop' });
    const desk = await createSigningDesk(gateway.publicUrl);
    await desk.enrol(deskOfferedSchema.parse(offered.body).code);
    await desk.enrolFace();
    return desk;
  };
  const config = await discoverAs(gateway, client.ClientSecretBasic(CLIENT_SECRET));
  return { gateway, admin, ann, operate, deskOf, config };
}
type Rig = Awaited<ReturnType<typeof rig>>;

/** As far as the passkey goes. */
async function begin({ ann, config, gateway }: Rig, params: Record<string, string> = {}) {
  const { checks, parameters } = await startRequest(params);
  const first = await ann.browser.navigate(client.buildAuthorizationUrl(config, parameters).href, isApp);
  const { body } = await presentPasskey(gateway, ann, uidOf(first.url));
  const { url } = await ann.browser.navigate(body.redirectTo, isApp);
  return { checks, url };
}

const call = <Body>({ ann, gateway }: Rig, page: URL, what: string, body: object = {}) =>
  ann.browser.call<Body>(`${gateway.publicUrl}/api/interaction/${uidOf(page)}/${what}`, body);
const asked = async (at: Rig, page: URL) => deskAskedSchema.parse((await call(at, page, 'desk')).body);
async function challenge(at: Rig, page: URL, desk: SigningDesk) {
  const answer = await asked(at, page);
  if (answer.state !== 'asked') throw new TypeError(answer.state);
  return { ...answer, challenge: desk.challengeOf(answer.challenge) };
}
const outcome = async (at: Rig, page: URL, nonce: string) =>
  deskOutcomeSchema.parse((await call(at, page, 'desk/outcome', { nonce })).body);

async function badgeIn(gateway: HttpGateway, { personId }: Enrolled): Promise<void> {
  const here = { personId, state: 'inside', siteId: 'hq' as SiteId, areaId: 'building' as AreaId, confidence: 'medium' } as const;
  await gateway.presence.put({ ...here, observedAtMs: Date.now(), sourceSeq: 1 });
}

describe('a login that needs a face', () => {
  it('goes on after the person’s computer has seen them, and stays so for other apps and refreshes', async () => {
    const at = await rig();
    const desk = await at.deskOf(at.ann.personId);
    const { checks, url } = await begin(at, { acr_values: FACE });
    expect((await interactionAt(at.gateway, at.ann, url)).prompt).toBe('face');
    const question = await challenge(at, url, desk);
    expect(question.challenge).toMatchObject({ iss: `${at.gateway.publicUrl}/oidc`, aud: [desk.id()], purpose: 'login', app: 'Wiki' });
    expect(await outcome(at, url, question.nonce)).toEqual({ state: 'waiting' });

    expect(await desk.attest(question.challenge)).toBeNull();

    expect(await outcome(at, url, question.nonce)).toEqual({ state: 'answered', seen: 'verified' });
    const back = await retryAt(at.gateway, at.ann, url);
    const tokens = await client.authorizationCodeGrant(at.config, back, checks);
    expect(tokens.claims()?.['acr']).toBe(FACE);
    const refreshed = await client.refreshTokenGrant(at.config, tokens.refresh_token ?? '');
    expect(refreshed.claims()?.['acr']).toBe(FACE);
    // Another request of the same browser: single sign-on, decided by the look of its session.
    const { parameters } = await startRequest();
    expect(isApp((await at.ann.browser.navigate(client.buildAuthorizationUrl(at.config, parameters).href, isApp)).url)).toBe(true);
  });

  it('is denied another face with its reason, and asks again', async () => {
    const at = await rig();
    const desk = await at.deskOf(at.ann.personId);
    const { url } = await begin(at);
    const first = await challenge(at, url, desk);
    expect(await desk.attest(first.challenge, { result: 'no_match', band: 'below', liveness: 'passive' })).toBeNull();
    expect(await outcome(at, url, first.nonce)).toEqual({ state: 'answered', seen: 'refused' });

    const denied = await retryAt(at.gateway, at.ann, url);

    const view: InteractionView = await interactionAt(at.gateway, at.ann, denied);
    expect(view.denied?.reasons.map(({ code }) => code)).toEqual(['face.mismatch']);
    const failures = (await at.gateway.records()).filter((record) => record.type === 'credential' && record.kind === 'face_template');
    expect(failures.at(-1)).toMatchObject({ event: 'authentication_failed', cause: 'login:no_match', personId: at.ann.personId });
    // From the denial itself: the right face now.
    const second = await challenge(at, denied, desk);
    expect(await desk.attest(second.challenge)).toBeNull();
    expect(isApp(await retryAt(at.gateway, at.ann, denied))).toBe(true);
  });

  it('takes a picture without a face for no proof and no mismatch', async () => {
    const at = await rig();
    const desk = await at.deskOf(at.ann.personId);
    const { url } = await begin(at);
    const question = await challenge(at, url, desk);
    expect(await desk.attest(question.challenge, { result: 'no_face', band: 'below', liveness: 'none' })).toBeNull();
    expect(await outcome(at, url, question.nonce)).toEqual({ state: 'answered', seen: 'nobody' });
    const again = await retryAt(at.gateway, at.ann, url);
    expect((await interactionAt(at.gateway, at.ann, again)).prompt).toBe('face');
  });

  it('asks no camera any more after five wrong faces, and another way is open', async () => {
    const at = await rig();
    const desk = await at.deskOf(at.ann.personId);
    const { url } = await begin(at);
    for (let look = 0; look < 5; look += 1) {
      const question = await challenge(at, url, desk);
      await desk.attest(question.challenge, { result: 'no_match', band: 'below', liveness: 'passive' });
    }
    expect(await asked(at, url)).toEqual({ state: 'too_many' });
  });

  it('says when no computer could answer', async () => {
    const at = await rig();
    const { url } = await begin(at);
    expect(await asked(at, url)).toEqual({ state: 'no_desk' });
  });
});

describe('in place of a face', () => {
  const key = async (at: Rig, url: URL) => {
    const start = (await call<{ ceremonyId: string; options: never }>(at, url, 'alternative/options')).body;
    return call<{ redirectTo: string }>(at, url, 'alternative/key', {
      ceremonyId: start.ceremonyId,
      response: at.ann.authenticator.get(start.options),
    });
  };

  it('a key is taken, used anew, and the token says that it was a key', async () => {
    const at = await rig();
    const { checks, url } = await begin(at, { acr_values: FACE });
    const { body } = await key(at, url);
    const back = (await at.ann.browser.navigate(body.redirectTo, isApp)).url;
    expect((await client.authorizationCodeGrant(at.config, back, checks)).claims()?.['acr']).toBe('urn:gatehouse:acr:aal3');
  });

  it('a badge is taken that a reader has seen a moment ago, and no other', async () => {
    const at = await rig();
    const { checks, url } = await begin(at, { acr_values: FACE });
    expect((await call(at, url, 'alternative/badge')).status).toBe(409);
    await badgeIn(at.gateway, at.ann);
    const { body } = await call<{ redirectTo: string }>(at, url, 'alternative/badge');
    const back = (await at.ann.browser.navigate(body.redirectTo, isApp)).url;
    expect((await client.authorizationCodeGrant(at.config, back, checks)).claims()?.['acr']).toBe('urn:gatehouse:acr:fresh-badge');
  });

  it('nothing is taken where the app takes nothing less than a face', async () => {
    const at = await rig();
    const { url } = await begin(at, { claims: JSON.stringify({ id_token: { acr: { essential: true, values: [FACE] } } }) });
    const { body } = await key(at, url);
    const next = (await at.ann.browser.navigate(body.redirectTo, isApp)).url;
    expect((await interactionAt(at.gateway, at.ann, next)).prompt).toBe('face');
  });

  it('the passkey of the sign-in is not taken for one that was given in place of a face', async () => {
    const at = await rig();
    const { url } = await begin(at);
    const start = (await call<{ ceremonyId: string; options: never }>(at, url, 'options')).body;
    const response = at.ann.authenticator.get(start.options);
    expect((await call(at, url, 'alternative/key', { ceremonyId: start.ceremonyId, response })).status).toBe(401);
  });
});

describe('what a computer says', () => {
  const changes = [
    ['of another person', { subject: 'usr_ada' }, 'face.wrong_binding'],
    ['by another pack', { pack: 'b'.repeat(64) }, 'face.pack_not_allowed'],
    ['too late', { issued_at_ms: 1, expires_at_ms: 10_001 }, 'face.attestation_stale'],
    ['for longer than ten seconds', { expires_at_ms: Date.now() + 3_600_000 }, 'face.attestation_stale'],
    ['of a face that nobody ordered', { template: 'tpl_own' }, 'face.template_unknown'],
    ['against itself', { liveness: 'none' }, 'face.attestation_invalid'],
  ] as const;
  it.each(changes)('%s is refused, denied and recorded', async (_what, change, code) => {
    const at = await rig();
    const desk = await at.deskOf(at.ann.personId);
    const { url } = await begin(at);
    const question = await challenge(at, url, desk);
    expect(await desk.attest(question.challenge, change)).toBe(code);
    expect(await outcome(at, url, question.nonce)).toEqual({ state: 'refused', reason: code });
    const records = await at.gateway.records();
    expect(records.filter((record) => record.type === 'decision').at(-1)).toMatchObject({ effect: 'deny', reasons: [code] });
    expect(records.filter((record) => record.type === 'alarm').at(-1)).toMatchObject({ code, sourceId: desk.id() });
    const again = await retryAt(at.gateway, at.ann, url);
    expect((await interactionAt(at.gateway, at.ann, again)).prompt).toBe('face');
    // The question is used up: what is right now comes too late.
    expect(await desk.attest(question.challenge)).toBe('face.replayed');
  });

  it('counts once', async () => {
    const at = await rig();
    const desk = await at.deskOf(at.ann.personId);
    const { url } = await begin(at);
    const { challenge: question } = await challenge(at, url, desk);
    const answers = await Promise.all([desk.attest(question), desk.attest(question), desk.attest(question)]);
    expect(answers.filter((answer) => answer === null)).toHaveLength(1);
    expect(await desk.attest(question)).toBe('face.replayed');
    expect(await desk.attest({ ...question, nonce: 'f'.repeat(32) })).toBe('face.nonce_unknown');
  });

  it('in one browser says nothing in another one', async () => {
    const at = await rig();
    const desk = await at.deskOf(at.ann.personId);
    const { url } = await begin(at);
    const question = await challenge(at, url, desk);
    expect(await desk.attest(question.challenge)).toBeNull();
    // The same person, the same passkey, another browser: a session of its own.
    const { TestBrowser } = await import('#test/support/test-browser.ts');
    const elsewhere = { ...at, ann: { ...at.ann, browser: new TestBrowser() } };
    const other = await begin(elsewhere);
    expect((await interactionAt(at.gateway, elsewhere.ann, other.url)).prompt).toBe('face');
    expect((await call(elsewhere, other.url, 'desk/outcome', { nonce: question.nonce })).status).toBe(404);
  });

  it('about somebody else’s sign-in changes nothing for them', async () => {
    const at = await rig();
    const [own, other] = [await at.deskOf(at.ann.personId), await at.deskOf(at.admin.personId)];
    const { url } = await begin(at);
    const question = await challenge(at, url, own);
    expect(await other.attest(question.challenge, { subject: at.ann.personId })).toBe('face.wrong_binding');
    expect(await outcome(at, url, question.nonce)).toEqual({ state: 'waiting' });
    expect(await own.attest(question.challenge, {}, 'gatehouse-face+jwt')).toBe('face.signature_invalid');
    expect(await own.attest(question.challenge)).toBeNull();
  });

  it('counts no more once it is revoked', async () => {
    const at = await rig();
    const desk = await at.deskOf(at.ann.personId);
    const { url } = await begin(at);
    const question = await challenge(at, url, desk);
    expect((await at.operate(`/desks/${desk.id()}/revoke`, { reason: 'it was stolen' })).status).toBe(200);
    expect(await desk.attest(question.challenge)).toBe('face.device_revoked');
    expect((await desk.post('posture', { jws: 'x' })).status).toBe(401);
    expect(await asked(at, url)).toEqual({ state: 'no_desk' });
    const stranger = await createSigningDesk(at.gateway.publicUrl);
    expect(await stranger.attest(question.challenge)).toBe('face.device_unknown');
  });
});

it('that is revoked while it answers says nothing: what rested on it was ended without this sign-in', async () => {
  const at = await rig();
  const desk = await at.deskOf(at.ann.personId);
  const { url } = await begin(at);
  const question = await challenge(at, url, desk);
  const sessions = { ...at.gateway.deskSessions };
  Object.assign(at.gateway.deskSessions, {
    bind: async (...answer: Parameters<DeskSessionStore['bind']>) => {
      await at.gateway.deskDevices.revoke(desk.id() as DeskDeviceId, { atMs: 1, because: 'operator' });
      await sessions.bind(...answer);
    },
  });
  expect(await desk.attest(question.challenge)).toBe('face.device_revoked');
  expect(await outcome(at, url, question.nonce)).toEqual({ state: 'refused', reason: 'face.device_revoked' });
  const again = await retryAt(at.gateway, at.ann, url);
  expect((await interactionAt(at.gateway, at.ann, again)).prompt).toBe('face');
});

describe('how a computer is kept', () => {
  it('is a fact of the sessions that it takes part in, until it falls silent', async () => {
    const at = await rig(wantsDevice);
    const desk = await at.deskOf(at.ann.personId);
    const { checks, url } = await begin(at);
    expect((await interactionAt(at.gateway, at.ann, url)).denied?.reasons.map(({ code }) => code)).toEqual(['device.unknown']);
    const question = await challenge(at, url, desk);
    expect(question.challenge.purpose).toBe('device');
    expect(await desk.tellPosture()).toBeNull();
    expect(await desk.attestDevice(question.challenge)).toBeNull();
    expect(await outcome(at, url, question.nonce)).toEqual({ state: 'answered', seen: 'device' });
    const back = await retryAt(at.gateway, at.ann, url);
    const tokens = await client.authorizationCodeGrant(at.config, back, checks);
    expect(tokens.refresh_token).toBeDefined();
    const listed = desksSchema.parse((await at.operate(`/desks?personId=${at.ann.personId}`)).body).desks;
    expect(listed).toMatchObject([{ hasFace: true, posture: { isCompliant: true, told: GOOD_POSTURE } }]);

    expect(await desk.tellPosture({ ...GOOD_POSTURE, firewall: 'off' }, Date.now() + 1)).toBeNull();
    const refused = client.refreshTokenGrant(at.config, tokens.refresh_token ?? '');
    await expect(refused).rejects.toMatchObject({ error_description: expect.stringContaining('device.not_compliant') as string });
  });

  it('is told anew each time, by its own key, near the gateway’s time', async () => {
    const at = await rig(wantsDevice);
    const [desk, other] = [await at.deskOf(at.ann.personId), await at.deskOf(at.admin.personId)];
    const nowMs = Date.now();
    expect(await desk.tellPosture(GOOD_POSTURE, nowMs)).toBeNull();
    expect(await desk.tellPosture(GOOD_POSTURE, nowMs)).toBe('posture.replayed');
    expect(await desk.tellPosture(GOOD_POSTURE, nowMs - 1)).toBe('posture.replayed');
    expect(await desk.tellPosture(GOOD_POSTURE, nowMs - 120_000)).toBe('posture.clock_off');
    expect(await desk.tellPosture(GOOD_POSTURE, nowMs + 120_000)).toBe('posture.clock_off');
    const { POSTURE_TYPE } = await import('#gateway/domain/desk/posture.ts');
    const foreign = await other.sign({ device: desk.id(), posture: GOOD_POSTURE, observed_at_ms: nowMs + 5 }, POSTURE_TYPE);
    expect((await desk.post('posture', { jws: foreign })).body).toEqual({ fault: 'posture.invalid' });
    expect((await other.post('posture', { jws: foreign })).body).toEqual({ fault: 'posture.wrong_device' });
  });
});

describe('a computer is enrolled', () => {
  it('by a code, once, and its face by an order, once', async () => {
    const at = await rig();
    const offer = async () =>
      deskOfferedSchema.parse((await at.operate(`/people/${at.ann.personId}/desks`, { label: 'L', reason: 'a new laptop' })).body).code;
    const code = await offer();
    const desk = await createSigningDesk(at.gateway.publicUrl);
    expect((await desk.enrol('guess')).status).toBe(410);
    expect((await desk.enrol(code)).status).toBe(201);
    expect((await (await createSigningDesk(at.gateway.publicUrl)).enrol(code)).status).toBe(410);
    await desk.enrolFace();
    await expect(desk.enrolFace()).rejects.toThrow('nobody has ordered');
    expect((await at.operate(`/desks/${desk.id()}/face`, { reason: 'new glasses' })).status).toBe(201);
    await desk.enrolFace('c'.repeat(64));
    expect((await at.operate('/desks')).body).toMatchObject({ desks: [{ packHash: 'c'.repeat(64), hasFace: true, posture: null }] });
    const { REPORT_TYPE } = await import('#gateway/domain/face/report.ts');
    const forgotten = { device: desk.id(), order: 'forgotten', result: 'done', template: `tpl_${desk.id()}` };
    expect((await desk.post('face/report', { jws: await desk.sign(forgotten, REPORT_TYPE) })).status).toBe(200);
    expect((await at.operate('/desks')).body).toMatchObject({ desks: [{ hasFace: false }] });
    const faceless = await createSigningDesk(at.gateway.publicUrl);
    expect((await faceless.enrol(await offer(), null)).status).toBe(201);
    expect((await faceless.post('face', { packHash: SAMPLE_PACK })).body).toEqual({ orderId: null });
  });

  it('by nobody whom the policy denies it', async () => {
    const at = await rig();
    const { browser } = at.ann;
    const body = { label: 'L', reason: 'a new laptop' };
    expect((await browser.call(`${at.gateway.publicUrl}/api/people/${at.ann.personId}/desks`, body)).status).toBe(401);
    expect((await browser.call(`${at.gateway.publicUrl}/api/desks`)).status).toBe(401);
    expect((await at.operate('/people/usr_nobody/desks', body)).status).toBe(404);
  });
});
