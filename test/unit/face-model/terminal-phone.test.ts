import { expect, it } from 'vitest';
import type { FaceInFrame } from '#face-model/capture/analyse-frame.ts';
import { toUnit } from '#face-model/stages/embed-face.ts';
import { createCarriedFaces } from '#face-model/terminal/carried-face.ts';
import { ENROL_FRAMES, ENROL_GAP_MS } from '#face-model/terminal/enrolment-run.ts';
import { Phone, PHONE_READ_MS_MAX } from '#face-model/terminal/phone.ts';
import { openTemplateFolder } from '#face-model/terminal/template-folder.ts';
import { Terminal } from '#face-model/terminal/terminal.ts';
import { encodeFaceCode, type CarriedFace } from '#gateway/domain/face/face-code.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const PACK = 'a'.repeat(64);
const ANN = toUnit(Float32Array.from({ length: 512 }, (_, i) => Math.sin(97 + i * 2.3))) ?? new Float32Array();
const KEY = Buffer.alloc(32, 7).toString('base64url');
const quality = {
  ...{ eyeDistancePx: 100, turn: 0, tilt: 0.6, rollDegrees: 0, eyeOpening: 0.3 },
  ...{ mouthOpening: 0.05, luma: 120, backLight: 0, shown01: 1, sharpness: 100 },
};
const manifest = {
  thresholds: [{ level: 'standard', enrolImages: 3, probeFrames: 3, cosineMin: 0.48, fmr: 1e-4, fnmr: 0.01, measuredOn: 'x' }],
  liveness: { size: 128, scale: 2.7, order: 'bgr', liveClass: 0, passiveMin01: 0.2, challengeMin01: 0.1 },
} as never;
const question = {
  ...{ nonce: 'c'.repeat(32), personId: 'usr_ann', doorId: 'main', readerId: 'main-in' },
  ...{ askedAtMs: 5_000_000, withinMs: 10_000 },
  carried: true,
} as const;
const enrolment = { kind: 'enrol', id: 'ord_1', personId: 'usr_ann', storage: 'carried' } as const;

async function rig() {
  let nowMs = 0;
  let frames = 0;
  const said: unknown[] = [];
  const phone = new Phone(() => nowMs);
  /** What the phone was given. */
  let given: CarriedFace | null = null;
  const keep = phone.keep.bind(phone);
  phone.keep = (face, portalUrl) => ((given = face), keep(face, portalUrl));
  const link = {
    attest: async () => null,
    report: async () => undefined,
    beginCarried: async () => ({ template: 'tpl_1', key: KEY, expiresAtMs: 1, portalUrl: 'https://gatehouse.example/me/face' }),
    openCarried: async () => ({ key: KEY, refusal: null }),
  };
  const carried = createCarriedFaces({ packHash: PACK, carriers: new Map([['phone', phone]]), link, onEvent: () => undefined });
  const templates = await openTemplateFolder(await temporaryFolder(), PACK);
  const terminal = new Terminal({
    ...{ deviceId: 'fdv_main', packHash: PACK, manifest, needs: 'passive', templates, carried, phone, link },
    sign: async (payload) => (said.push(payload), 'signed'),
    nowMs: () => 1_000,
    monotonicMs: () => nowMs,
  });
  const until = async (kind: string): Promise<void> => expect.poll(() => terminal.view().kind).toBe(kind);
  const film = (count: number, gapMs: number): void => {
    for (let taken = 0; taken < count; taken += 1) {
      nowMs += gapMs;
      frames += 1;
      const embedding = toUnit(ANN.map((value, i) => value + 0.01 * Math.sin(frames * 31 + i * 7))) ?? ANN;
      terminal.onFrame({ kind: 'face', score01: 0.9, quality, embedding, live01: 0.9 + frames * 1e-9 } satisfies FaceInFrame);
    }
  };
  const pass = (ms: number): void => {
    nowMs += ms;
    terminal.tick();
  };
  const showPhone = (): void => phone.onCode(encodeFaceCode(given ?? { template: 'tpl_0', sealed: Uint8Array.of(1) }));
  /** Up to the code on the terminal's screen. */
  const fill = async (): Promise<{ readonly done: Promise<void> }> => {
    const done = terminal.perform(enrolment);
    await until('asks_consent');
    expect(terminal.view()).toEqual({ kind: 'asks_consent', wantsFrames: false, carriers: ['phone'] });
    terminal.consent('phone');
    film(ENROL_FRAMES, ENROL_GAP_MS);
    await until('fills_phone');
    return { done };
  };
  const enrol = async (): Promise<void> => {
    const { done } = await fill();
    showPhone();
    await done;
  };
  return { enrol, fill, film, pass, said, showPhone, templates, terminal, until };
}

it('puts a face on a phone, keeps nothing of it, and knows it by the phone and the face together', async () => {
  const { enrol, film, pass, said, showPhone, templates, terminal, until } = await rig();
  await enrol();
  expect(said.at(-1)).toMatchObject({ result: 'done', template: 'tpl_1' });
  expect(said.at(-1)).toHaveProperty('blob_sha256');
  expect(terminal.view()).toMatchObject({ last: 'enrolled_phone' });
  expect(await templates.count()).toBe(0);
  const done = terminal.perform({ kind: 'verify', question });
  await until('reads_phone');
  expect(terminal.isBusy()).toBe(true);
  // The face alone is looked at by nobody.
  film(3, 150);
  showPhone();
  await until('verifies');
  film(8, 150);
  pass(question.withinMs);
  await done;
  expect(said.at(-1)).toMatchObject({ result: 'verified', band: 'standard', liveness: 'passive' });
});

it('opens by no phone alone: where no face follows, nobody was seen', async () => {
  const { enrol, pass, said, showPhone, terminal, until } = await rig();
  await enrol();
  const done = terminal.perform({ kind: 'verify', question });
  await until('reads_phone');
  showPhone();
  await until('verifies');
  pass(question.withinMs);
  await done;
  expect(said.at(-1)).toMatchObject({ result: 'no_face' });
});

it('says so to the person who shows no phone, and to the gateway that it knows nobody', async () => {
  const { enrol, pass, said, terminal, until } = await rig();
  await enrol();
  const done = terminal.perform({ kind: 'verify', question });
  await until('reads_phone');
  pass(PHONE_READ_MS_MAX);
  await done;
  expect(said.at(-1)).toMatchObject({ result: 'not_enrolled', band: 'below', liveness: 'none' });
  expect(terminal.view()).toMatchObject({ kind: 'idle', last: 'no_code' });
});

it('reads no phone without a camera, and says why', async () => {
  const { enrol, said, terminal, until } = await rig();
  await enrol();
  const done = terminal.perform({ kind: 'verify', question });
  await until('reads_phone');
  terminal.cameraFailed();
  terminal.cameraFailed();
  await done;
  expect(said.at(-1)).toMatchObject({ result: 'camera_unavailable' });
  terminal.cameraChanged(false);
  await terminal.perform({ kind: 'verify', question });
  expect(said.at(-1)).toMatchObject({ result: 'camera_unavailable' });
});

it('enrols nobody whose phone was never seen to have it', async () => {
  const { fill, said, terminal } = await rig();
  const { done } = await fill();
  terminal.consent('no');
  await done;
  expect(said.at(-1)).toMatchObject({ result: 'failed', template: null });
  expect(terminal.view()).toMatchObject({ kind: 'idle', last: 'not_enrolled' });
});
