import * as client from 'openid-client';
import { describe, expect, it } from 'vitest';
import type { AreaId, SiteId } from '#gateway/domain/site/ids.ts';
import type { InteractionView } from '#gateway/http/contract/sign-in.ts';
import { asked, begin, call, challenge, FACE, outcome, startDeskRig, type DeskRig } from '#test/support/desk/sign-in.ts';
import type { HttpGateway } from '#test/support/http-gateway.ts';
import { isApp } from '#test/support/oidc/client.ts';
import { interactionAt, retryAt, startRequest } from '#test/support/oidc/flows.ts';
import type { Enrolled } from '#test/support/oidc/sign-in.ts';

async function badgeIn(gateway: HttpGateway, { personId }: Enrolled): Promise<void> {
  const here = { personId, state: 'inside', siteId: 'hq' as SiteId, areaId: 'building' as AreaId, confidence: 'medium' } as const;
  await gateway.presence.put({ ...here, observedAtMs: Date.now(), sourceSeq: 1 });
}

describe('a login that needs a face', () => {
  it('goes on after the person’s computer has seen them, and stays so for other apps and refreshes', async () => {
    const at = await startDeskRig();
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
    const at = await startDeskRig();
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
    const at = await startDeskRig();
    const desk = await at.deskOf(at.ann.personId);
    const { url } = await begin(at);
    const question = await challenge(at, url, desk);
    expect(await desk.attest(question.challenge, { result: 'no_face', band: 'below', liveness: 'none' })).toBeNull();
    expect(await outcome(at, url, question.nonce)).toEqual({ state: 'answered', seen: 'nobody' });
    const again = await retryAt(at.gateway, at.ann, url);
    expect((await interactionAt(at.gateway, at.ann, again)).prompt).toBe('face');
  });

  it('asks no camera any more after five wrong faces, and another way is open', async () => {
    const at = await startDeskRig();
    const desk = await at.deskOf(at.ann.personId);
    const { url } = await begin(at);
    for (let look = 0; look < 5; look += 1) {
      const question = await challenge(at, url, desk);
      await desk.attest(question.challenge, { result: 'no_match', band: 'below', liveness: 'passive' });
    }
    expect(await asked(at, url)).toEqual({ state: 'too_many' });
  });

  it('says when no computer could answer', async () => {
    const at = await startDeskRig();
    const { url } = await begin(at);
    expect(await asked(at, url)).toEqual({ state: 'no_desk' });
  });
});

describe('in place of a face', () => {
  const key = async (at: DeskRig, url: URL) => {
    const start = (await call<{ ceremonyId: string; options: never }>(at, url, 'alternative/options')).body;
    return call<{ redirectTo: string }>(at, url, 'alternative/key', {
      ceremonyId: start.ceremonyId,
      response: at.ann.authenticator.get(start.options),
    });
  };

  it('a key is taken, used anew, and the token says that it was a key', async () => {
    const at = await startDeskRig();
    const { checks, url } = await begin(at, { acr_values: FACE });
    const { body } = await key(at, url);
    const back = (await at.ann.browser.navigate(body.redirectTo, isApp)).url;
    expect((await client.authorizationCodeGrant(at.config, back, checks)).claims()?.['acr']).toBe('urn:gatehouse:acr:aal3');
  });

  it('a badge is taken that a reader has seen a moment ago, and no other', async () => {
    const at = await startDeskRig();
    const { checks, url } = await begin(at, { acr_values: FACE });
    expect(await call(at, url, 'alternative/badge')).toMatchObject({ status: 409, body: { error: { code: 'sign_in.badge_not_seen' } } });
    await badgeIn(at.gateway, at.ann);
    const { body } = await call<{ redirectTo: string }>(at, url, 'alternative/badge');
    const back = (await at.ann.browser.navigate(body.redirectTo, isApp)).url;
    expect((await client.authorizationCodeGrant(at.config, back, checks)).claims()?.['acr']).toBe('urn:gatehouse:acr:fresh-badge');
  });

  it('nothing is taken where the app takes nothing less than a face', async () => {
    const at = await startDeskRig();
    const { url } = await begin(at, { claims: JSON.stringify({ id_token: { acr: { essential: true, values: [FACE] } } }) });
    const { body } = await key(at, url);
    const next = (await at.ann.browser.navigate(body.redirectTo, isApp)).url;
    expect((await interactionAt(at.gateway, at.ann, next)).prompt).toBe('face');
  });

  it('the passkey of the sign-in is not taken for one that was given in place of a face', async () => {
    const at = await startDeskRig();
    const { url } = await begin(at);
    const start = (await call<{ ceremonyId: string; options: never }>(at, url, 'options')).body;
    const response = at.ann.authenticator.get(start.options);
    expect((await call(at, url, 'alternative/key', { ceremonyId: start.ceremonyId, response })).status).toBe(401);
  });
});
