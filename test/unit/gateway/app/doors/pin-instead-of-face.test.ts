import { describe, expect, it } from 'vitest';
import { PIN_INSTEAD_MS } from '#gateway/app/doors/face-looks.ts';
import type { DecisionInput } from '#gateway/domain/access/decision-input.ts';
import { ATTESTATION_LIFE_MS_MAX, type FaceAttestation, type FaceQuestion } from '#gateway/domain/face/attestation.ts';
import { PIN_WRONG_MAX } from '#gateway/domain/people/pin.ts';
import type { CredentialId } from '#gateway/domain/site/ids.ts';
import { createDoorBench } from '#test/support/bench/door-bench.ts';
import { samplePerson } from '#test/support/sample-input.ts';
import { createSigningTerminal } from '#test/support/face/signing-terminal.ts';
import { denyAnswer, permitAnswer } from '#test/support/policy/stub-policy.ts';

const EITHER = { id: 'face', max_age_s: 10, alternatives: ['pin'] };
const ALONE = { id: 'face', max_age_s: 10 };

/** What policies/library/face.rego says of a door whose setting names the PIN. */
function eitherPolicy({ context: { credential, face } }: DecisionInput): unknown {
  const { pin } = credential;
  if (pin.presented && !pin.ok) return denyAnswer('pin.invalid', ...(pin.attempts_left === 0 ? ['pin.locked'] : []));
  if (face.known && !face.verified) return denyAnswer('face.mismatch');
  if (face.known || (face.alternative === 'pin' && pin.ok)) return permitAnswer('door.granted');
  return permitAnswer('door.granted', [pin.enrolled && !pin.asked && pin.attempts_left > 0 ? EITHER : ALONE]);
}

async function eitherBench(policy = eitherPolicy) {
  const bench = await createDoorBench(policy);
  const terminal = await createSigningTerminal('main', 'main-in');
  await bench.stores.faceDevices.add(terminal.device);
  const salt = new Uint8Array(16);
  const cost = { n: 16, r: 1, p: 1 };
  const hashOf = (pin: string) => bench.hasher.hash(new TextEncoder().encode(pin), salt, cost);
  const [hash, duressHash] = [await hashOf('4711'), await hashOf('4712')];
  const id = 'crd_pin' as CredentialId;
  await bench.stores.credentials.savePin({ id, personId: samplePerson.id, salt, cost, hash, duressHash, status: 'active', changedAtMs: 1 });
  bench.online('main-in');
  const settled = async (): Promise<void> => {
    await bench.controller.settled();
    await new Promise((resolve) => setImmediate(resolve));
  };
  const badge = async (): Promise<void> => {
    await bench.badge('main-in');
    await settled();
  };
  /** Badges where the terminal listens. */
  const asked = async (): Promise<FaceQuestion> => {
    const waiting = bench.faces.next(terminal.device.id);
    await badge();
    const task = await waiting;
    if (task?.kind !== 'verify') throw new TypeError('the terminal was asked nothing');
    return task.question;
  };
  const answer = async (question: FaceQuestion, change: Partial<FaceAttestation> = {}) => {
    const refusal = await bench.faces.attest(await terminal.attest(question, change));
    await settled();
    return refusal;
  };
  const enter = async (pin: string): Promise<void> => {
    await bench.keys('main-in', `${pin}#`);
    await settled();
  };
  const pass = async (ms: number): Promise<void> => {
    bench.advance(ms);
    bench.controller.tick();
    await settled();
  };
  const shown = () => bench.readers.indications.map(({ indication }) => indication);
  const denials = async () => (await bench.records('decision')).flatMap(({ reasons }) => reasons);
  const outcomes = async () => (await bench.records('outcome')).map(({ outcome, detail }) => `${outcome} ${detail}`);
  return { ...bench, badge, asked, answer, enter, pass, shown, denials, outcomes };
}

const NOTHING = { band: 'below', liveness: 'none' } as const;

describe('a door that takes the PIN in place of a face', () => {
  it('opens by the PIN while the camera waits, and looks at nobody any more', async () => {
    const bench = await eitherBench();
    const question = await bench.asked();
    expect(bench.shown()).toEqual(['face_wanted']);
    await bench.enter('4711');
    expect(bench.readers.pulses).toHaveLength(1);
    expect(await bench.outcomes()).toContain('withheld face.abandoned');
    const [, opened] = await bench.records('decision');
    expect(opened?.input?.context).toMatchObject({ face: { known: false, alternative: 'pin' }, credential: { pin: { ok: true } } });
    expect(await bench.answer(question)).toBe('face.replayed');
    expect(bench.readers.pulses).toHaveLength(1);
  });

  it('opens by the face as well, and then asks for no PIN', async () => {
    const bench = await eitherBench();
    expect(await bench.answer(await bench.asked())).toBeNull();
    expect(bench.readers.pulses).toHaveLength(1);
    await bench.enter('4711');
    expect(bench.readers.pulses).toHaveLength(1);
    await bench.pass(ATTESTATION_LIFE_MS_MAX + PIN_INSTEAD_MS);
    expect(await bench.denials()).toEqual([]);
  });

  it('asks for the PIN at once where no terminal listens', async () => {
    const bench = await eitherBench();
    await bench.badge();
    expect(bench.shown()).toEqual(['face_wanted', 'pin_wanted']);
    await bench.enter('4711');
    expect(bench.readers.pulses).toHaveLength(1);
    expect(await bench.denials()).toEqual([]);
  });

  it.each([
    ['the camera is broken', 'camera_unavailable', 'face.camera_unavailable'],
    ['the person never enrolled', 'not_enrolled', 'face.not_enrolled'],
    ['nobody looks', 'no_face', 'face.mismatch'],
    ['several people look', 'several_faces', 'face.mismatch'],
  ] as const)('asks for the PIN at once where %s, and says why when none comes', async (_why, result, reason) => {
    const bench = await eitherBench();
    await bench.answer(await bench.asked(), { result, ...NOTHING });
    expect(bench.shown()).toEqual(['face_wanted', 'pin_wanted']);
    await bench.pass(PIN_INSTEAD_MS - 1);
    expect(await bench.denials()).toEqual([]);
    await bench.pass(1);
    expect(await bench.denials()).toEqual([reason]);
    expect(bench.shown().at(-1)).toBe('denied');

    await bench.answer(await bench.asked(), { result, ...NOTHING });
    await bench.enter('4711');
    expect(bench.readers.pulses).toHaveLength(1);
  });

  it('leaves time for the PIN when the look has run out', async () => {
    const bench = await eitherBench();
    await bench.asked();
    await bench.keys('main-in', '47');
    await bench.pass(ATTESTATION_LIFE_MS_MAX);
    expect(bench.shown()).toEqual(['face_wanted', 'pin_wanted']);
    await bench.pass(PIN_INSTEAD_MS - 1);
    await bench.enter('11');
    expect(bench.readers.pulses).toHaveLength(1);
    expect(await bench.outcomes()).toContain('withheld face.timeout');
  });

  it.each(['no_match', 'not_live', 'identity_changed'] as const)(
    'denies at once for %s: another try needs the badge again',
    async (result) => {
      const bench = await eitherBench();
      await bench.answer(await bench.asked(), { result, ...NOTHING });
      expect(await bench.denials()).toEqual(['face.mismatch']);
      await bench.enter('4711');
      expect(bench.readers.pulses).toEqual([]);
      await bench.asked();
      await bench.enter('4711');
      expect(bench.readers.pulses).toHaveLength(1);
    },
  );

  it('denies and counts a wrong PIN, and then looks only', async () => {
    const bench = await eitherBench();
    for (let attempt = 1; attempt <= PIN_WRONG_MAX; attempt += 1) {
      await bench.badge();
      await bench.enter('9999');
    }
    const wrong = Array.from({ length: PIN_WRONG_MAX }, () => 'pin.invalid');
    expect(await bench.denials()).toEqual([...wrong, 'pin.locked']);
    await bench.badge();
    await bench.enter('4711');
    expect(bench.readers.pulses).toEqual([]);
    expect((await bench.denials()).at(-1)).toBe('face.unavailable');
  });

  it('alarms silently at the PIN for duress, and opens', async () => {
    const bench = await eitherBench();
    await bench.asked();
    await bench.enter('4712');
    expect(bench.readers.pulses).toHaveLength(1);
    expect(await bench.records('alarm')).toMatchObject([{ code: 'duress', personId: samplePerson.id }]);
  });

  it('never takes digits of one badge for the next', async () => {
    const bench = await eitherBench();
    await bench.badge();
    await bench.keys('main-in', '47');
    await bench.badge();
    await bench.keys('main-in', '11#');
    await bench.pass(0);
    expect(bench.readers.pulses).toEqual([]);
    // The log says of both permits why they did not hold.
    expect((await bench.outcomes()).filter((outcome) => outcome === 'withheld face.unavailable')).toHaveLength(2);
    expect(await bench.denials()).toEqual(['pin.invalid']);
  });

  it('takes no PIN where one of two settings wants the face and nothing else', async () => {
    const bench = await eitherBench(({ context: { face } }) =>
      face.alternative === 'pin' || face.known ? permitAnswer('door.granted') : permitAnswer('door.granted', [EITHER, ALONE]),
    );
    await bench.badge();
    await bench.enter('4711');
    expect(bench.readers.pulses).toEqual([]);
    expect(await bench.denials()).toEqual(['face.unavailable']);
  });
});
