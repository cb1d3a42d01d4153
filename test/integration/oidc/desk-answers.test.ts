import { describe, expect, it } from 'vitest';
import type { DeskDeviceId } from '#gateway/domain/site/ids.ts';
import type { DeskSessionStore } from '#gateway/ports/desk-session-store.ts';
import { asked, begin, call, challenge, outcome, startDeskRig } from '#test/support/desk/sign-in.ts';
import { interactionAt, retryAt } from '#test/support/oidc/flows.ts';
import { createSigningDesk } from '#test/support/desk/signing-desk.ts';
import { TestBrowser } from '#test/support/console/test-browser.ts';

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
    const at = await startDeskRig();
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
    const at = await startDeskRig();
    const desk = await at.deskOf(at.ann.personId);
    const { url } = await begin(at);
    const { challenge: question } = await challenge(at, url, desk);
    const answers = await Promise.all([desk.attest(question), desk.attest(question), desk.attest(question)]);
    expect(answers.filter((answer) => answer === null)).toHaveLength(1);
    expect(await desk.attest(question)).toBe('face.replayed');
    expect(await desk.attest({ ...question, nonce: 'f'.repeat(32) })).toBe('face.nonce_unknown');
  });

  it('in one browser says nothing in another one', async () => {
    const at = await startDeskRig();
    const desk = await at.deskOf(at.ann.personId);
    const { url } = await begin(at);
    const question = await challenge(at, url, desk);
    expect(await desk.attest(question.challenge)).toBeNull();
    // The same person, the same passkey, another browser: a session of its own.
    const elsewhere = { ...at, ann: { ...at.ann, browser: new TestBrowser() } };
    const other = await begin(elsewhere);
    expect((await interactionAt(at.gateway, elsewhere.ann, other.url)).prompt).toBe('face');
    expect((await call(elsewhere, other.url, 'desk/outcome', { nonce: question.nonce })).status).toBe(404);
  });

  it('about somebody else’s sign-in changes nothing for them', async () => {
    const at = await startDeskRig();
    const [own, other] = [await at.deskOf(at.ann.personId), await at.deskOf(at.admin.personId)];
    const { url } = await begin(at);
    const question = await challenge(at, url, own);
    expect(await other.attest(question.challenge, { subject: at.ann.personId })).toBe('face.wrong_binding');
    expect(await outcome(at, url, question.nonce)).toEqual({ state: 'waiting' });
    expect(await own.attest(question.challenge, {}, 'gatehouse-face+jwt')).toBe('face.signature_invalid');
    expect(await own.attest(question.challenge)).toBeNull();
  });

  it('counts no more once it is revoked', async () => {
    const at = await startDeskRig();
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
  const at = await startDeskRig();
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
