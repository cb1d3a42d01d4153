import { describe, expect, it } from 'vitest';
import type { DecisionInput } from '#gateway/domain/access/decision-input.ts';
import type { FaceQuestion } from '#gateway/domain/face/attestation.ts';
import type { ReaderId } from '#gateway/domain/site/ids.ts';
import { createDoorBench } from '#test/support/bench/door-bench.ts';
import { samplePerson } from '#test/support/sample-input.ts';
import { createSigningTerminal } from '#test/support/face/signing-terminal.ts';
import { denyAnswer, permitAnswer } from '#test/support/policy/stub-policy.ts';

/** What policies/library/face.rego says where it is switched on. */
function facePolicy({ context: { face } }: DecisionInput): unknown {
  if (!face.known) return permitAnswer('door.granted', [{ id: 'face', max_age_s: 10 }]);
  if (!face.verified) return denyAnswer('face.mismatch');
  return face.liveness !== 'none' ? permitAnswer('door.granted') : denyAnswer('face.not_live');
}

async function faceBench(policy = facePolicy) {
  const bench = await createDoorBench(policy);
  const terminal = await createSigningTerminal('main', 'main-in');
  const other = await createSigningTerminal('lab', 'lab-in');
  for (const { device } of [terminal, other]) await bench.stores.faceDevices.add(device);
  bench.online('main-in');
  const settled = async (): Promise<void> => {
    await bench.controller.settled();
    await new Promise((resolve) => setImmediate(resolve));
  };
  const listen = async (): Promise<FaceQuestion> => {
    const waiting = bench.faces.next(terminal.device.id);
    await bench.badge('main-in');
    const task = await waiting;
    if (task?.kind !== 'verify') throw new TypeError('the terminal was asked nothing');
    return task.question;
  };
  const answer = async (jws: string) => {
    const refusal = await bench.faces.attest(jws);
    await settled();
    return refusal;
  };
  const pass = async (ms: number): Promise<void> => {
    bench.advance(ms);
    bench.controller.tick();
    await settled();
  };
  const outcomes = async () => (await bench.records('outcome')).map(({ outcome, detail }) => `${outcome} ${detail}`);
  const denials = async () => (await bench.records('decision')).flatMap(({ reasons }) => reasons);
  return { ...bench, terminal, other, listen, answer, pass, outcomes, denials, settled };
}

describe('a door that wants a face', () => {
  it('stays shut at the badge, asks the terminal, and opens at its word', async () => {
    const bench = await faceBench();
    const question = await bench.listen();
    expect(question).toMatchObject({ personId: samplePerson.id, doorId: 'main', readerId: 'main-in', withinMs: 10_000 });
    expect(bench.readers.pulses).toEqual([]);
    expect(bench.readers.indications.map(({ indication }) => indication)).toEqual(['face_wanted']);
    bench.advance(2_000);
    expect(await bench.answer(await bench.terminal.attest(question))).toBeNull();
    expect(bench.readers.pulses).toHaveLength(1);
    expect(bench.readers.indications.at(-1)?.indication).toBe('granted');
    const [asked, decided] = await bench.records('decision');
    expect(decided?.input?.context).toMatchObject({
      face: { known: true, verified: true, score_band: 'standard', liveness: 'active', age_s: 2, source: 'terminal' },
      request: { correlation: asked?.decisionId },
    });
  });

  it.each([
    ['of somebody else', { result: 'no_match', band: 'below', liveness: 'none' }, 'face.mismatch'],
    ['that nobody enrolled here', { result: 'not_enrolled', band: 'below', liveness: 'none' }, 'face.not_enrolled'],
    ['that the camera cannot show', { result: 'camera_unavailable', band: 'below', liveness: 'none' }, 'face.camera_unavailable'],
    ['that is a picture', { result: 'not_live', band: 'below', liveness: 'none' }, 'face.mismatch'],
  ] as const)('stays shut for a face %s', async (_what, change, reason) => {
    const bench = await faceBench();
    const question = await bench.listen();
    expect(await bench.answer(await bench.terminal.attest(question, change))).toBeNull();
    expect(bench.readers.pulses).toEqual([]);
    expect(await bench.denials()).toEqual([reason]);
  });

  it('stays shut when nobody looks in time', async () => {
    const bench = await faceBench();
    const question = await bench.listen();
    await bench.pass(9_999);
    expect(await bench.denials()).toEqual([]);
    await bench.pass(1);
    expect(await bench.denials()).toEqual(['face.timeout']);
    expect(await bench.outcomes()).toEqual(['withheld face.timeout']);
    expect(bench.readers.indications.at(-1)?.indication).toBe('denied');
    expect(await bench.answer(await bench.terminal.attest(question))).toBe('face.replayed');
    expect(bench.readers.pulses).toEqual([]);
  });

  it('says at once that no terminal listens', async () => {
    const bench = await faceBench();
    await bench.badge('main-in');
    await bench.settled();
    expect(await bench.denials()).toEqual(['face.unavailable']);
    const [, deny] = await bench.records('decision');
    expect(deny?.personId).toBe(samplePerson.id);
  });

  it('says at once that the terminal’s camera is lost, and asks it again when it is there', async () => {
    const bench = await faceBench();
    void bench.faces.next(bench.terminal.device.id, 'lost');
    await bench.badge('main-in');
    await bench.settled();
    expect(await bench.denials()).toEqual(['face.camera_unavailable']);
    void bench.faces.next(bench.terminal.device.id, 'there');
    await bench.answer(await bench.terminal.attest(await bench.listen()));
    expect(bench.readers.pulses).toHaveLength(1);
  });

  it('ends a look at once whose terminal loses its camera', async () => {
    const bench = await faceBench();
    const question = await bench.listen();
    void bench.faces.next(bench.terminal.device.id, 'lost');
    await bench.settled();
    expect(await bench.denials()).toEqual(['face.camera_unavailable']);
    expect(await bench.answer(await bench.terminal.attest(question))).toBe('face.replayed');
    expect(bench.readers.pulses).toEqual([]);
  });

  it('does not open by the face before one badge for another', async () => {
    const bench = await faceBench();
    const first = await bench.listen();
    await bench.badge('main-in');
    const task = await bench.faces.next(bench.terminal.device.id);
    if (task?.kind !== 'verify') throw new TypeError('the terminal was asked nothing');
    const second = task.question;
    expect(second.nonce).not.toBe(first.nonce);
    expect(await bench.answer(await bench.terminal.attest(first))).toBe('face.replayed');
    expect(bench.readers.pulses).toEqual([]);
    expect(await bench.outcomes()).toEqual(['withheld face.abandoned']);
    await bench.answer(await bench.terminal.attest(second));
    expect(bench.readers.pulses).toHaveLength(1);
  });

  it('lets a revocation go on while somebody looks for the camera, and stays shut for whoever it was', async () => {
    const bench = await faceBench(({ subject, ...input }) =>
      subject.properties.status === 'suspended' ? denyAnswer('subject.suspended') : facePolicy({ subject, ...input }),
    );
    const question = await bench.listen();
    await bench.stores.people.changeStanding({ personId: samplePerson.id, to: 'suspended', nowMs: 1 });
    await bench.controller.settled();
    await bench.answer(await bench.terminal.attest(question));
    expect(await bench.denials()).toEqual(['subject.suspended']);
    expect(bench.readers.pulses).toEqual([]);
  });

  it('wants the PIN first where both are wanted, and keeps what it was', async () => {
    const bench = await faceBench(({ context: { credential, face } }) => {
      const wants = [...(credential.pin.ok ? [] : [{ id: 'pin', within_s: 20 }]), ...(face.known ? [] : [{ id: 'face', max_age_s: 10 }])];
      if (credential.pin.asked && !credential.pin.ok) return denyAnswer('pin.invalid');
      return permitAnswer('door.granted', wants);
    });
    const salt = new Uint8Array(16);
    const cost = { n: 16, r: 1, p: 1 };
    const hash = await bench.hasher.hash(new TextEncoder().encode('4711'), salt, cost);
    await bench.stores.credentials.savePin({
      id: 'crd_pin' as never,
      personId: samplePerson.id,
      salt,
      cost,
      hash,
      duressHash: null,
      status: 'active',
      changedAtMs: 1,
    });
    await bench.badge('main-in');
    const waiting = bench.faces.next(bench.terminal.device.id);
    await bench.keys('main-in', '4711#');
    const task = await waiting;
    if (task?.kind !== 'verify') throw new TypeError('the terminal was asked nothing');
    await bench.answer(await bench.terminal.attest(task.question));
    expect(bench.readers.pulses).toHaveLength(1);
    expect(bench.readers.indications.map(({ indication }) => indication)).toEqual(['pin_wanted', 'face_wanted', 'granted']);
  });
});

describe('what a look says against whose badge it was', () => {
  it.each([
    ['no_match', 1],
    ['not_live', 1],
    ['no_face', 0],
    ['not_enrolled', 0],
  ] as const)('%s is told %i times', async (result, times) => {
    const bench = await faceBench();
    await bench.answer(await bench.terminal.attest(await bench.listen(), { result, band: 'below', liveness: 'none' }));
    expect(bench.faceFaults).toEqual(times === 0 ? [] : [`${samplePerson.id} main-in ${result}`]);
  });

  it('is nothing where the terminal’s word does not hold', async () => {
    const bench = await faceBench();
    await bench.answer(await bench.terminal.attest(await bench.listen(), { result: 'no_match', door: 'lab' }));
    expect(bench.faceFaults).toEqual([]);
  });
});

describe('an attestation', () => {
  it('counts once', async () => {
    const bench = await faceBench();
    const question = await bench.listen();
    const jws = await bench.terminal.attest(question);
    expect(await bench.answer(jws)).toBeNull();
    expect(await bench.answer(jws)).toBe('face.replayed');
    expect(bench.readers.pulses).toHaveLength(1);
    expect(bench.faceRefusals).toEqual(['face.replayed']);
  });

  it('counts once of two that come together', async () => {
    const bench = await faceBench();
    const jws = await bench.terminal.attest(await bench.listen());
    const answers = await Promise.all([bench.faces.attest(jws), bench.faces.attest(jws)]);
    // Signatures are checked on threads: which of the two is first is theirs.
    expect(new Set(answers)).toEqual(new Set([null, 'face.replayed']));
  });

  it('of another terminal changes nothing for whoever stands at the door', async () => {
    const bench = await faceBench();
    const question = await bench.listen();
    expect(await bench.answer(await bench.other.attest(question))).toBe('face.wrong_binding');
    expect(await bench.answer(await bench.other.sign(bench.terminal.says(question)))).toBe('face.wrong_binding');
    expect(await bench.denials()).toEqual([]);
    await bench.answer(await bench.terminal.attest(question));
    expect(bench.readers.pulses).toHaveLength(1);
  });

  it.each([
    ['another person', { subject: 'usr_eve' }, 'face.wrong_binding'],
    ['another door', { door: 'lab' }, 'face.wrong_binding'],
    ['another reader', { reader: 'lab-in' }, 'face.wrong_binding'],
    ['another device', { device: 'fdv_lab' }, 'face.wrong_binding'],
    ['an old pack', { pack: 'b'.repeat(64) }, 'face.pack_not_allowed'],
    ['no match that it calls verified', { band: 'low' }, 'face.attestation_invalid'],
    ['nobody alive whom it calls verified', { liveness: 'none' }, 'face.attestation_invalid'],
  ] as const)('about %s denies', async (_what, change, reason) => {
    const bench = await faceBench();
    const question = await bench.listen();
    expect(await bench.answer(await bench.terminal.attest(question, change))).toBe(reason);
    expect(await bench.denials()).toEqual([reason]);
    expect(bench.faceRefusals).toEqual([reason]);
    expect(bench.readers.pulses).toEqual([]);
    expect(await bench.answer(await bench.terminal.attest(question))).toBe('face.replayed');
  });

  it.each([
    ['before the question', -1, 9_999, 0],
    ['in the future', 501, 10_501, 0],
    ['for longer than ten seconds', 0, 10_001, 0],
    ['for no time', 5, 5, 0],
    ['and has expired', 0, 1_000, 1_000],
  ])('that was made %s denies', async (_what, issued, expires, laterMs) => {
    const bench = await faceBench();
    const question = await bench.listen();
    bench.advance(laterMs);
    const times = { issued_at_ms: question.askedAtMs + issued, expires_at_ms: question.askedAtMs + expires };
    expect(await bench.answer(await bench.terminal.attest(question, times))).toBe('face.attestation_stale');
    expect(await bench.denials()).toEqual(['face.attestation_stale']);
  });

  it('of a terminal that was revoked meanwhile denies', async () => {
    const bench = await faceBench();
    const question = await bench.listen();
    await bench.stores.faceDevices.revoke(bench.terminal.device.id);
    expect(await bench.answer(await bench.terminal.attest(question))).toBe('face.device_revoked');
    expect(await bench.denials()).toEqual(['face.device_revoked']);
    await bench.badge('main-in');
    await bench.settled();
    expect(await bench.denials()).toEqual(['face.device_revoked', 'face.unavailable']);
  });

  it('of a terminal that was moved to another reader since denies', async () => {
    const bench = await faceBench();
    const question = await bench.listen();
    const moved = { ...bench.terminal.device, readerId: 'lab-in' as ReaderId };
    bench.stores.faceDevices.find = () => Promise.resolve(moved);
    expect(await bench.answer(await bench.terminal.attest(question))).toBe('face.wrong_binding');
  });

  it('that nobody signed, or for something else, changes nothing', async () => {
    const bench = await faceBench();
    const question = await bench.listen();
    const right = bench.terminal.says(question);
    const flipped = (await bench.terminal.sign(right)).replace(/.$/, (last) => (last === 'A' ? 'Q' : 'A'));
    expect(await bench.answer(await bench.terminal.sign(right, { kid: 'fdv_gone' }))).toBe('face.device_unknown');
    expect(await bench.answer(await bench.terminal.sign(right, { kid: bench.other.device.id }))).toBe('face.signature_invalid');
    expect(await bench.answer(await bench.terminal.sign(right, { typ: 'JWT' }))).toBe('face.signature_invalid');
    expect(await bench.answer(flipped)).toBe('face.signature_invalid');
    expect(await bench.answer('x'.repeat(5_000))).toBe('face.device_unknown');
    expect(await bench.answer(await bench.terminal.sign({ ...right, score: 0.91 }))).toBe('face.attestation_invalid');
    expect(await bench.answer(await bench.terminal.sign({ ...right, nonce: 'f'.repeat(32) }))).toBe('face.nonce_unknown');
    expect(await bench.denials()).toEqual([]);
    await bench.answer(await bench.terminal.sign(right));
    expect(bench.readers.pulses).toHaveLength(1);
  });
});
