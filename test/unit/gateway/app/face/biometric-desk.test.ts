import { describe, expect, it } from 'vitest';
import { createMemoryReaderTemplateStore } from '#adapters/memory/reader-template-store.ts';
import { BiometricDesk } from '#gateway/app/face/biometric-desk.ts';
import { createFaceSources } from '#gateway/app/face/face-sources.ts';
import type { FaceAnswer } from '#gateway/app/face/face-desk.ts';
import { createReaderEnrolment } from '#gateway/app/face/reader-enrolment.ts';
import { ATTESTATION_LIFE_MS_MAX } from '#gateway/domain/face/attestation.ts';
import { READER_TEMPLATE_LIFE_MS } from '#gateway/domain/face/reader-match.ts';
import type { DoorId, PersonId, ReaderId } from '#gateway/domain/site/ids.ts';
import type { Reader } from '#gateway/domain/site/site.ts';
import { createFakeBiometricReaders } from '#test/support/readers/fake-biometric-readers.ts';

const ANN = 'usr_ann' as PersonId;
const BEN = 'usr_ben' as PersonId;
const FRONT = 'front-in' as ReaderId;
const PLAIN = 'side-in' as ReaderId;
const BYTES = Uint8Array.of(1, 2, 3);
const biometrics = { type: 15, format: 2, qualityMin: 40, scores: { standard: 150, high: 200 }, liveness: 'none' } as const;
const compared = (score: number) => ({ ok: true, reader: 0, status: 'compared', score }) as const;

async function rig() {
  let nowMs = 0;
  const clock = { nowMs: () => 1_000 + nowMs, monotonicUs: () => nowMs * 1_000 };
  const readers = createFakeBiometricReaders();
  const templates = createMemoryReaderTemplateStore();
  // As much of a reader as is asked for here.
  const sites = { reader: (id: ReaderId) => (id === FRONT ? ({ id, biometrics } as Reader) : ({ id } as Reader)) };
  const faults: string[] = [];
  const refusals: string[] = [];
  const desk = new BiometricDesk({
    sites,
    readers,
    templates,
    clock,
    onFault: ({ personId, result }) => void faults.push(`${personId} ${result}`),
    onRefused: ({ code }) => void refusals.push(code),
  });
  await templates.save({ personId: ANN, type: 15, format: 2, enrolledAtMs: 0, expiresAtMs: 1_000_000 }, BYTES);
  const at = (personId = ANN, readerId = FRONT) => ({ personId, readerId, doorId: 'front' as DoorId });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const pass = async (ms: number) => {
    nowMs += ms;
    desk.tick();
    await settle();
  };
  return { clock, desk, readers, templates, sites, faults, refusals, at, settle, pass };
}

describe('a badge at a reader that compares itself', () => {
  it('is compared with the person’s own template, and with that alone', async () => {
    const { at, desk, faults, readers, settle } = await rig();
    const answer = desk.ask(at());
    await settle();
    expect(readers.asked).toMatchObject([{ readerId: FRONT, scan: biometrics, template: BYTES }]);
    readers.asked[0]?.answer(compared(200));
    expect(await answer).toMatchObject({ ok: true, personId: ANN, face: { verified: true, score_band: 'high', source: 'reader' } });
    expect(faults).toEqual([]);
  });

  it('counts against whose badge it was when it is somebody else', async () => {
    const { at, desk, faults, readers, settle } = await rig();
    const answer = desk.ask(at());
    await settle();
    readers.asked[0]?.answer(compared(149));
    expect(await answer).toMatchObject({ ok: true, face: { known: true, verified: false, score_band: 'none' } });
    expect(faults).toEqual([`${ANN} no_match`]);
  });

  it('asks the reader nothing about whoever is not enrolled, or whose time is over', async () => {
    const { at, desk, pass, readers } = await rig();
    expect(await desk.ask(at(BEN))).toEqual({ ok: false, code: 'face.not_enrolled' });
    await pass(999_000);
    expect(await desk.ask(at())).toEqual({ ok: false, code: 'face.not_enrolled' });
    expect(await desk.ask(at(ANN, PLAIN))).toEqual({ ok: false, code: 'face.unavailable' });
    expect(readers.asked).toEqual([]);
  });

  it('compares with nothing when the template does not open', async () => {
    const { at, desk, readers, templates } = await rig();
    templates.find = () => Promise.reject(new Error('sealed under another key'));
    expect(await desk.ask(at())).toEqual({ ok: false, code: 'face.unavailable' });
    expect(readers.asked).toEqual([]);
  });

  it('ends when the reader says nothing in time; what it says later is for nobody', async () => {
    const { at, desk, faults, pass, readers, settle } = await rig();
    const answers: FaceAnswer[] = [];
    void desk.ask(at()).then((answer) => answers.push(answer));
    await pass(ATTESTATION_LIFE_MS_MAX - 1);
    expect(answers).toEqual([]);
    await pass(1);
    expect(answers).toEqual([{ ok: false, code: 'face.timeout' }]);
    expect(readers.cancelled).toEqual([FRONT]);
    readers.asked[0]?.answer(compared(0));
    await settle();
    expect(faults).toEqual([]);
  });

  it('starts over with another card: the score for one badge is never that of the next', async () => {
    const { at, desk, readers, settle, templates } = await rig();
    await templates.save({ personId: BEN, type: 15, format: 2, enrolledAtMs: 0, expiresAtMs: 1_000_000 }, Uint8Array.of(9));
    const first = desk.ask(at());
    await settle();
    const second = desk.ask(at(BEN));
    expect(await first).toEqual({ ok: false, code: 'face.abandoned' });
    await settle();
    readers.asked[0]?.answer(compared(255));
    await settle();
    readers.asked[1]?.answer(compared(0));
    expect(await second).toMatchObject({ ok: true, personId: BEN, face: { verified: false } });
  });

  it.each([
    [{ ok: true, reader: 1, status: 'compared', score: 255 }, 'face.wrong_binding', true],
    [{ ok: true, reader: 0, status: 'failed', score: 255 }, 'face.attestation_invalid', true],
    [{ ok: false, code: 'unavailable' }, 'face.unavailable', false],
    [{ ok: false, code: 'timeout' }, 'face.timeout', false],
  ] as const)('opens nothing for %o, and alarms where the reader is broken', async (score, code, isAlarmed) => {
    const { at, desk, readers, refusals, settle } = await rig();
    const answer = desk.ask(at());
    await settle();
    readers.asked[0]?.answer(score);
    expect(await answer).toEqual({ ok: false, code });
    expect(refusals).toEqual(isAlarmed ? [code] : []);
  });
});

describe('a terminal and a reader at one door', () => {
  const terminal = (answer: FaceAnswer) => ({ ask: async () => answer, abandon: () => undefined, tick: () => undefined });

  it.each(['face.unavailable', 'face.camera_unavailable'] as const)('the reader is asked when the terminal answers %s', async (code) => {
    const { at, desk, readers, settle } = await rig();
    const sources = createFaceSources(terminal({ ok: false, code }), desk);
    const answer = sources.ask(at());
    await settle();
    readers.asked[0]?.answer(compared(255));
    expect(await answer).toMatchObject({ ok: true, face: { source: 'reader' } });
    expect(await sources.ask(at(ANN, PLAIN))).toEqual({ ok: false, code });
  });

  it.each(['face.timeout', 'face.not_enrolled', 'face.attestation_invalid'] as const)('the terminal’s %s stands', async (code) => {
    const { at, desk, readers } = await rig();
    expect(await createFaceSources(terminal({ ok: false, code }), desk).ask(at())).toEqual({ ok: false, code });
    expect(readers.asked).toEqual([]);
  });

  it('asks no reader for a badge that another one has replaced', async () => {
    const { at, desk, readers, settle } = await rig();
    const { promise, resolve } = Promise.withResolvers<FaceAnswer>();
    const sources = createFaceSources({ ...terminal({ ok: false, code: 'face.unavailable' }), ask: () => promise }, desk);
    const answer = sources.ask(at());
    sources.abandon(FRONT);
    resolve({ ok: false, code: 'face.unavailable' });
    expect(await answer).toEqual({ ok: false, code: 'face.abandoned' });
    await settle();
    expect(readers.asked).toEqual([]);
  });
});

describe('an enrolment at a reader', () => {
  it('keeps what the reader scanned for two years, and nothing where it scanned nothing', async () => {
    const { clock, readers, sites, templates } = await rig();
    const enrol = createReaderEnrolment({ sites, readers, templates, clock });
    expect(await enrol({ readerId: FRONT, personId: BEN })).toEqual({ ok: false, code: 'timeout' });
    expect(await templates.ofPerson(BEN)).toEqual([]);
    const template = Uint8Array.of(7, 7);
    readers.scanned = { ok: true, quality: 90, template };
    expect(await enrol({ readerId: FRONT, personId: BEN })).toEqual({ ok: true });
    expect(await templates.find(BEN, biometrics, 1_000)).toEqual(Uint8Array.of(7, 7));
    expect(await templates.ofPerson(BEN)).toMatchObject([{ type: 15, format: 2, expiresAtMs: 1_000 + READER_TEMPLATE_LIFE_MS }]);
    expect(template).toEqual(new Uint8Array(2));
    expect(await enrol({ readerId: PLAIN, personId: BEN })).toEqual({ ok: false, code: 'unavailable' });
  });
});
