import * as client from 'openid-client';
import { describe, expect, it } from 'vitest';
import { POSTURE_TYPE } from '#gateway/domain/desk/posture.ts';
import { REPORT_TYPE } from '#gateway/domain/face/report.ts';
import { deskOfferedSchema, desksSchema } from '#gateway/http/contract/desk.ts';
import { begin, challenge, outcome, startDeskRig, wantsDevice } from '#test/support/desk/sign-in.ts';
import { interactionAt, retryAt } from '#test/support/oidc/flows.ts';
import { createSigningDesk, GOOD_POSTURE } from '#test/support/desk/signing-desk.ts';
import { SAMPLE_PACK } from '#test/support/face/signing-terminal.ts';

describe('how a computer is kept', () => {
  it('is a fact of the sessions that it takes part in, until it falls silent', async () => {
    const at = await startDeskRig(wantsDevice);
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
    const at = await startDeskRig(wantsDevice);
    const [desk, other] = [await at.deskOf(at.ann.personId), await at.deskOf(at.admin.personId)];
    const nowMs = Date.now();
    expect(await desk.tellPosture(GOOD_POSTURE, nowMs)).toBeNull();
    expect(await desk.tellPosture(GOOD_POSTURE, nowMs)).toBe('posture.replayed');
    expect(await desk.tellPosture(GOOD_POSTURE, nowMs - 1)).toBe('posture.replayed');
    expect(await desk.tellPosture(GOOD_POSTURE, nowMs - 120_000)).toBe('posture.clock_off');
    expect(await desk.tellPosture(GOOD_POSTURE, nowMs + 120_000)).toBe('posture.clock_off');
    const foreign = await other.sign({ device: desk.id(), posture: GOOD_POSTURE, observed_at_ms: nowMs + 5 }, POSTURE_TYPE);
    expect((await desk.post('posture', { jws: foreign })).body).toEqual({ fault: 'posture.invalid' });
    expect((await other.post('posture', { jws: foreign })).body).toEqual({ fault: 'posture.wrong_device' });
  });
});

describe('a computer is enrolled', () => {
  it('by a code, once, and its face by an order, once', async () => {
    const at = await startDeskRig();
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
    const forgotten = { device: desk.id(), order: 'forgotten', result: 'done', template: `tpl_${desk.id()}` };
    expect((await desk.post('face/report', { jws: await desk.sign(forgotten, REPORT_TYPE) })).status).toBe(200);
    expect((await at.operate('/desks')).body).toMatchObject({ desks: [{ hasFace: false }] });
    const faceless = await createSigningDesk(at.gateway.publicUrl);
    expect((await faceless.enrol(await offer(), null)).status).toBe(201);
    expect((await faceless.post('face', { packHash: SAMPLE_PACK })).body).toEqual({ orderId: null });
  });

  it('by nobody whom the policy denies it', async () => {
    const at = await startDeskRig();
    const { browser } = at.ann;
    const body = { label: 'L', reason: 'a new laptop' };
    expect((await browser.call(`${at.gateway.publicUrl}/api/people/${at.ann.personId}/desks`, body)).status).toBe(401);
    expect((await browser.call(`${at.gateway.publicUrl}/api/desks`)).status).toBe(401);
    expect((await at.operate('/people/usr_nobody/desks', body)).status).toBe(404);
  });
});
