import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CARD_READS_PER_SECOND_MAX } from '#adapters/osdp/reader-limits.ts';
import { DEVICE_CALL_TYPE } from '#gateway/app/face/device-signature.ts';
import type { FaceAttestation, FaceQuestion } from '#gateway/domain/face/attestation.ts';
import { faceOfferSchema, faceTerminalsSchema, terminalEnrolledSchema, terminalTaskSchema } from '#gateway/http/contract/face.ts';
import { layOutSite, SITE_CARDS, type ConfiguredSite } from '#test/support/configured-site.ts';
import { nextDecisionAbout, untilLogged, untilReadersAnswer } from '#test/support/gateway-log.ts';
import { startGateway, type RunningGateway } from '#test/support/running-gateway.ts';
import { createSigningTerminal, SAMPLE_PACK } from '#test/support/face/signing-terminal.ts';

let site: ConfiguredSite;
let gateway: RunningGateway;
let seen = 0;

beforeAll(async () => {
  site = await layOutSite();
  gateway = await startGateway(site.process);
  await untilReadersAnswer(gateway);
}, 180_000);
afterAll(async () => {
  await gateway?.kill();
  await site?.remove();
});

const annBadges = (): void => site.readers['front-in'].presentCard(SITE_CARDS.ann.bits, SITE_CARDS.ann.bitCount);

async function nextDecision() {
  const { seq, ...decision } = await nextDecisionAbout(gateway, 'usr_ann', seen);
  seen = seq;
  return decision;
}

async function enrolledTerminal() {
  const terminal = await createSigningTerminal('front', 'front-in');
  let deviceId = 'nobody-yet';
  const call = async (name: string, body: unknown): Promise<unknown> => {
    const path = `/api/face/terminal/${name}`;
    const token = await terminal.sign({ path, at_ms: Date.now() }, { kid: deviceId, typ: DEVICE_CALL_TYPE });
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    return (await fetch(`${gateway.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })).json();
  };
  const { stdout } = await gateway.cli('terminal', 'offer', 'front-in', 'Front', '--json');
  const { code } = faceOfferSchema.parse(JSON.parse(stdout));
  const enrolled = await call('enrol', { code, publicKey: terminal.device.publicKey, packHash: SAMPLE_PACK });
  ({ deviceId } = terminalEnrolledSchema.parse(enrolled));
  const asked = async (): Promise<FaceQuestion> => {
    for (;;) {
      const { task } = terminalTaskSchema.parse(await call('next', {}));
      // Branded ids again: the terminal of this test signs what the gateway sent.
      if (task?.kind === 'verify') return { ...task.question, deviceId } as FaceQuestion;
    }
  };
  const attest = async (question: FaceQuestion, change: Partial<FaceAttestation> = {}): Promise<unknown> =>
    call('attest', { jws: await terminal.sign(terminal.says(question, { device: deviceId, ...change }), { kid: deviceId }) });
  const listens = async (): Promise<boolean | undefined> =>
    (await gateway.api.get('/api/face/terminals', faceTerminalsSchema)).terminals.find(({ id }) => id === deviceId)?.isListening;
  return { asked, attest, deviceId, listens };
}

it('opens the front door for a badge and the face that belongs to it, and for nothing less', async () => {
  const where = { everywhere: true };
  const setting = JSON.stringify({
    policy: 'face',
    enabled: true,
    where,
    parameters: { maxAgeS: 10, scoreBand: 'standard', liveness: 'active' },
  });
  expect(await gateway.cli('policy', 'data', 'set', 'library', 'faces', setting, '--reason', 'For the test')).toMatchObject({ code: 0 });

  annBadges();
  expect(await nextDecision()).toMatchObject({ effect: 'permit', obligations: [{ id: 'face', max_age_s: 10 }] });
  expect(await nextDecision()).toMatchObject({ effect: 'deny', reasons: ['face.unavailable'] });

  const terminal = await enrolledTerminal();
  const badge = async (): Promise<FaceQuestion> => {
    const question = terminal.asked();
    await expect.poll(terminal.listens, { timeout: 30_000 }).toBe(true);
    // A card beyond the reader's limit is dropped: nobody's hand is as fast as this test.
    await sleep(1_000 / CARD_READS_PER_SECOND_MAX);
    annBadges();
    expect(await nextDecision()).toMatchObject({ effect: 'permit' });
    return question;
  };

  const first = await badge();
  expect(await terminal.attest(first)).toEqual({ refusal: null });
  const opened = await nextDecision();
  expect(opened).toMatchObject({ effect: 'permit', obligations: [], input: { context: { face: { verified: true, source: 'terminal' } } } });
  await untilLogged(
    gateway,
    'outcome',
    (record) => record.type === 'outcome' && record.decisionId === opened.decisionId && record.outcome === 'unlocked',
  );
  expect(await terminal.attest(first)).toEqual({ refusal: 'face.replayed' });
  await untilLogged(
    gateway,
    'alarm',
    (record) => record.type === 'alarm' && record.code === 'face.replayed' && record.sourceId === 'front-in',
  );

  // Three other faces restrict whose badge it was; the perimeter, where this is, stays as it was.
  for (let face = 0; face < 3; face += 1) {
    await terminal.attest(await badge(), { result: 'no_match', band: 'below', liveness: 'active' });
    expect(await nextDecision()).toMatchObject({ effect: 'deny', reasons: ['face.mismatch'] });
  }
  await untilLogged(
    gateway,
    'standing',
    (record) => record.type === 'standing' && record.to === 'restricted' && record.personId === 'usr_ann',
  );
  await untilLogged(gateway, 'alarm', (record) => record.type === 'alarm' && record.code === 'face.person_restricted' && record.active);
  await terminal.attest(await badge());
  expect(await nextDecision()).toMatchObject({ effect: 'permit', input: { subject: { properties: { status: 'restricted' } } } });

  const last = await badge();
  expect((await gateway.cli('terminal', 'revoke', terminal.deviceId)).code).toBe(0);
  expect(await terminal.attest(last)).toMatchObject({ error: { code: 'request.unauthenticated' } });
  // The question of a terminal that is no more runs out: ten seconds.
  const denied = expect.poll(() => nextDecision().catch(() => null), { timeout: 30_000 });
  await denied.toMatchObject({ effect: 'deny', reasons: ['face.timeout'] });
}, 180_000);
