import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FaceInFrame } from '#face-model/capture/analyse-frame.ts';
import type { Quality } from '#face-model/quality/measure-quality.ts';
import { toUnit } from '#face-model/stages/embed-face.ts';
import { openFileKey } from '#face-model/terminal/device-key.ts';
import { ENROL_FRAMES, ENROL_GAP_MS, ENROL_MS_MAX } from '#face-model/terminal/enrolment-run.ts';
import { checkGatewayUrl } from '#face-model/terminal/run-terminal.ts';
import { GatewayCallError } from '#face-model/terminal/signed-call.ts';
import { openTemplateFolder } from '#face-model/terminal/template-folder.ts';
import { Terminal } from '#face-model/terminal/terminal.ts';
import { LAST_TASK_MS, WARNING_MS } from '#face-model/terminal/terminal-view.ts';
import { ANSWER_MARGIN_MS } from '#face-model/terminal/verification-run.ts';
import { ATTESTATION_TYPE, faceAttestationSchema } from '#gateway/domain/face/attestation.ts';
import { FACE_TEMPLATE_LIFE_MS } from '#gateway/domain/face/enrolled-template.ts';
import { faceReportSchema } from '#gateway/domain/face/report.ts';
import { verifyDeviceSignature } from '#gateway/app/face/device-signature.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const PACK = 'a'.repeat(64);
const person = (seed: number): Float32Array =>
  toUnit(Float32Array.from({ length: 512 }, (_, i) => Math.sin(seed * 97 + i * (seed + 1.3)))) ?? new Float32Array();
const ANN = person(1);
const BEN = person(2);
const GOOD: Quality = {
  eyeDistancePx: 100,
  turn: 0,
  tilt: 0.6,
  rollDegrees: 0,
  eyeOpening: 0.3,
  mouthOpening: 0.05,
  luma: 120,
  backLight: 0,
  shown01: 1,
  sharpness: 100,
};
let counter = 0;
const frame = (face: Float32Array, live01 = 0.9): FaceInFrame => {
  counter += 1;
  const embedding = toUnit(face.map((value, i) => value + 0.01 * Math.sin(counter * 31 + i * 7))) ?? face;
  return { kind: 'face', score01: 0.9, quality: GOOD, embedding, live01: live01 + counter * 1e-9 };
};
const manifest = {
  thresholds: [
    { level: 'standard', enrolImages: 3, probeFrames: 3, cosineMin: 0.48, fmr: 1e-4, fnmr: 0.01, measuredOn: 'x' },
    { level: 'high', enrolImages: 3, probeFrames: 3, cosineMin: 0.53, fmr: 1e-5, fnmr: 0.01, measuredOn: 'x' },
  ],
  liveness: { size: 128, scale: 2.7, order: 'bgr', liveClass: 0, passiveMin01: 0.2, challengeMin01: 0.1 },
} as never;
const question = {
  nonce: 'c'.repeat(32),
  personId: 'usr_ann',
  doorId: 'main',
  readerId: 'main-in',
  askedAtMs: 5_000_000,
  withinMs: 10_000,
};

async function rig(folder?: string, link: { report(): Promise<void> } = { report: async () => undefined }) {
  const at = folder ?? (await temporaryFolder());
  const templates = await openTemplateFolder(at, PACK);
  let nowMs = 0;
  const said: { readonly typ: string; readonly payload: unknown }[] = [];
  const terminal = new Terminal({
    deviceId: 'fdv_main',
    packHash: PACK,
    manifest,
    needs: 'passive',
    templates,
    link: { attest: async () => null, ...link },
    sign: async (payload, typ) => {
      said.push({ payload, typ });
      return 'signed';
    },
    nowMs: () => 1_000,
    monotonicMs: () => nowMs,
  });
  const until = async (kind: string): Promise<void> => expect.poll(() => terminal.view().kind).toBe(kind);
  const film = (face: Float32Array, { frames = 8, gapMs = ENROL_GAP_MS, live01 = 0.9 } = {}): FaceInFrame[] =>
    Array.from({ length: frames }, () => {
      nowMs += gapMs;
      const one = frame(face, live01);
      terminal.onFrame(one);
      return one;
    });
  const enrol = async (face: Float32Array, personId = 'usr_ann', live01 = 0.9) => {
    const done = terminal.perform({ kind: 'enrol', id: 'ord_1', personId });
    await until('asks_consent');
    terminal.consent('yes');
    const frames = film(face, { frames: ENROL_FRAMES, live01 });
    await done;
    return { report: faceReportSchema.parse(said.at(-1)?.payload), frames };
  };
  const verify = async (face: Float32Array, options = {}) => {
    const done = terminal.perform({ kind: 'verify', question });
    await until('verifies');
    const frames = film(face, { gapMs: 150, ...options });
    nowMs += question.withinMs;
    terminal.tick();
    await done;
    return { attestation: faceAttestationSchema.parse(said.at(-1)?.payload), frames };
  };
  const pass = (ms: number): void => {
    nowMs += ms;
    terminal.tick();
  };
  return { folder: at, templates, terminal, said, until, film, enrol, verify, pass };
}

describe('a terminal', () => {
  it('knows a person whom it enrolled, and nobody else', async () => {
    const { enrol, verify, said } = await rig();
    expect((await enrol(ANN)).report).toMatchObject({ device: 'fdv_main', order: 'ord_1', result: 'done' });
    const { attestation } = await verify(ANN);
    expect(attestation).toMatchObject({
      subject: 'usr_ann',
      door: 'main',
      reader: 'main-in',
      nonce: question.nonce,
      result: 'verified',
      band: 'high',
    });
    expect(attestation).toMatchObject({ liveness: 'passive', pack: PACK, expires_at_ms: 5_010_000 });
    expect(attestation.issued_at_ms).toBeGreaterThanOrEqual(question.askedAtMs);
    expect(said.at(-1)?.typ).toBe(ATTESTATION_TYPE);
    expect((await verify(BEN)).attestation).toMatchObject({ result: 'no_match', liveness: 'passive' });
  });

  it('says at once that it does not know somebody, without a look', async () => {
    const { terminal, said } = await rig();
    await terminal.perform({ kind: 'verify', question });
    expect(said.at(-1)?.payload).toMatchObject({ result: 'not_enrolled', band: 'below', liveness: 'none' });
  });

  it('answers before the gateway’s time is over, whatever the camera shows', async () => {
    const { enrol, terminal, until, pass, said } = await rig();
    await enrol(ANN);
    const done = terminal.perform({ kind: 'verify', question });
    await until('verifies');
    pass(question.withinMs - ANSWER_MARGIN_MS - 1);
    expect(terminal.view()).toEqual({ kind: 'verifies', wantsFrames: true, say: 'look' });
    pass(1);
    await done;
    expect(said.at(-1)?.payload).toMatchObject({ result: 'no_face', issued_at_ms: question.askedAtMs + 9_300 });
  });

  it('zeroes every embedding, kept or not', async () => {
    const { enrol, verify, terminal } = await rig();
    const enrolled = await enrol(ANN);
    const verified = await verify(ANN);
    const idle = frame(ANN);
    terminal.onFrame(idle);
    for (const { embedding } of [...enrolled.frames, ...verified.frames, idle]) expect(embedding.every((value) => value === 0)).toBe(true);
  });

  it('looks at nobody before they agree, and enrols nobody who does not', async () => {
    const { terminal, until, film, said, templates } = await rig();
    const done = terminal.perform({ kind: 'enrol', id: 'ord_1', personId: 'usr_ann' });
    await until('asks_consent');
    film(ANN);
    expect(terminal.view()).toEqual({ kind: 'asks_consent', wantsFrames: false });
    terminal.consent('no');
    terminal.consent('yes');
    await done;
    expect(said.at(-1)?.payload).toMatchObject({ result: 'refused', template: null });
    expect(await templates.count()).toBe(0);
  });

  it('takes silence for no consent', async () => {
    const { terminal, until, pass, said } = await rig();
    const done = terminal.perform({ kind: 'enrol', id: 'ord_1', personId: 'usr_ann' });
    await until('asks_consent');
    pass(ENROL_MS_MAX);
    await done;
    expect(said.at(-1)?.payload).toMatchObject({ result: 'refused' });
  });

  it('enrols no picture, and no two people as one', async () => {
    const { enrol, terminal, until, film, said, templates } = await rig();
    expect((await enrol(ANN, 'usr_ann', 0.05)).report).toMatchObject({ result: 'failed', template: null });
    const done = terminal.perform({ kind: 'enrol', id: 'ord_2', personId: 'usr_ann' });
    await until('asks_consent');
    terminal.consent('yes');
    film(ANN, { frames: 2 });
    film(BEN, { frames: 1 });
    await done;
    expect(said.at(-1)?.payload).toMatchObject({ result: 'failed' });
    expect(await templates.count()).toBe(0);
  });

  it('warns on its page alone when a face looks like one that it knows under another name', async () => {
    const { enrol, pass, said, terminal } = await rig();
    await enrol(ANN);
    expect(terminal.view()).toMatchObject({ kind: 'idle', last: 'enrolled' });
    await enrol(BEN, 'usr_ben');
    expect(terminal.view()).toMatchObject({ last: 'enrolled' });
    await enrol(ANN);
    expect(terminal.view()).toMatchObject({ last: 'enrolled' });
    await enrol(ANN, 'usr_twin');
    expect(terminal.view()).toMatchObject({ last: 'enrolled_alike' });
    expect(JSON.stringify(said.at(-1)?.payload)).not.toMatch(/alike|usr_ann/);
    pass(LAST_TASK_MS);
    expect(terminal.view()).toMatchObject({ last: 'enrolled_alike' });
    pass(WARNING_MS - LAST_TASK_MS);
    expect(terminal.view()).toMatchObject({ last: null });
  });

  it('forgets a person by order, and says so', async () => {
    const { enrol, terminal, said, templates, folder } = await rig();
    const { report } = await enrol(ANN);
    await terminal.perform({ kind: 'delete', id: 'ord_2', personId: 'usr_ann' });
    expect(said.at(-1)?.payload).toEqual({ device: 'fdv_main', order: 'ord_2', result: 'done', template: report.template });
    expect(await templates.count()).toBe(0);
    expect(await readdir(join(folder, 'templates'))).toEqual([]);
    await terminal.perform({ kind: 'delete', id: 'ord_3', personId: 'usr_ann' });
    expect(said.at(-1)?.payload).toMatchObject({ result: 'nothing_there', template: null });
    await terminal.perform({ kind: 'verify', question });
    expect(said.at(-1)?.payload).toMatchObject({ result: 'not_enrolled' });
  });
});

describe('the folder of templates', () => {
  it('names nobody, and holds nothing that looks like the face', async () => {
    const { enrol, folder } = await rig();
    await enrol(ANN);
    await enrol(ANN, 'usr_eve');
    const names = await readdir(join(folder, 'templates'));
    const texts = await Promise.all(names.map((name) => readFile(join(folder, 'templates', name), 'utf8')));
    expect(names).toHaveLength(2);
    expect([...names, ...texts].join(' ')).not.toMatch(/usr_ann|usr_eve/);
    expect(texts[0]).not.toBe(texts[1]);
  });

  it('opens for the person, the pack and the key that it was made with, and for two years', async () => {
    const { enrol, folder, templates } = await rig();
    await enrol(ANN);
    await enrol(BEN, 'usr_ben');
    expect(await templates.find('usr_ann', 1_000 + FACE_TEMPLATE_LIFE_MS)).not.toBeNull();
    expect(await (await openTemplateFolder(folder, 'b'.repeat(64))).find('usr_ann', 1_000)).toBeNull();
    const [first = '', second = ''] = await readdir(join(folder, 'templates'));
    const path = (name: string): string => join(folder, 'templates', name);
    const [a, b] = [await readFile(path(first), 'utf8'), await readFile(path(second), 'utf8')];
    await writeFile(path(first), b);
    await writeFile(path(second), a);
    expect([await templates.find('usr_ann', 1_000), await templates.find('usr_ben', 1_000)]).toEqual([null, null]);
    await writeFile(path(first), a.slice(0, 50));
    await writeFile(path(second), b);
    const found = [await templates.find('usr_ann', 1_000), await templates.find('usr_ben', 1_000)];
    expect(found.filter((one) => one === null)).toHaveLength(1);
    expect(await templates.find('usr_ann', 1_001 + FACE_TEMPLATE_LIFE_MS)).toBeNull();
    expect(await templates.find('usr_ben', 1_001 + FACE_TEMPLATE_LIFE_MS)).toBeNull();
  });

  it('is not kept where the gateway could not be told of it: no book would have it', async () => {
    const report = (): Promise<void> => Promise.reject(new GatewayCallError(0));
    const { enrol, terminal, templates } = await rig(undefined, { report });
    await expect(enrol(ANN)).rejects.toThrow(GatewayCallError);
    expect(await templates.count()).toBe(0);
    expect(terminal.view()).toMatchObject({ kind: 'idle', last: 'not_enrolled' });
  });

  it('is deleted, although half of its file cannot be read', async () => {
    const { enrol, folder, templates } = await rig();
    await enrol(ANN);
    const [name = ''] = await readdir(join(folder, 'templates'));
    const path = join(folder, 'templates', name);
    await writeFile(path, (await readFile(path, 'utf8')).replace('"sealed"', '"sealee"'));
    expect(await templates.delete('usr_ann')).toBeNull();
    expect(await readdir(join(folder, 'templates'))).toEqual([]);
  });

  it('is gone after a start, if the power ended its enrolment', async () => {
    const { enrol, folder } = await rig();
    await enrol(ANN);
    const [name = ''] = await readdir(join(folder, 'templates'));
    await rename(join(folder, 'templates', name), join(folder, 'templates', `${name}.new`));
    await openTemplateFolder(folder, PACK);
    expect(await readdir(join(folder, 'templates'))).toEqual([]);
  });

  it('compares with everybody but the one, and with no file that was moved, expired, or is of another pack', async () => {
    const { enrol, folder, templates } = await rig();
    await enrol(ANN);
    await enrol(BEN, 'usr_ben');
    const others = async (who: string, nowMs = 1_000, from = templates): Promise<number> => {
      let count = 0;
      for await (const face of from.others(who, nowMs)) {
        face.close();
        count += 1;
      }
      return count;
    };
    expect(await others('usr_ann')).toBe(1);
    expect(await others('usr_new')).toBe(2);
    expect(await others('usr_new', 1_000, await openTemplateFolder(folder, 'b'.repeat(64)))).toBe(0);
    const [first = '', second = ''] = await readdir(join(folder, 'templates'));
    const path = (name: string): string => join(folder, 'templates', name);
    await writeFile(path(second), await readFile(path(first), 'utf8'));
    expect(await others('usr_new')).toBe(1);
    expect(await others('usr_new', 1_001 + FACE_TEMPLATE_LIFE_MS)).toBe(0);
  });

  it('keeps the one enrolment that came last', async () => {
    const { enrol, templates } = await rig();
    const { report } = await enrol(ANN);
    const again = await enrol(BEN);
    expect(again.report.template).not.toBe(report.template);
    expect(await templates.count()).toBe(1);
    expect((await templates.find('usr_ann', 1_000))?.similarityTo(BEN)).toBeGreaterThan(0.95);
  });
});

describe('the key of a terminal', () => {
  it('is made once, and signs what the gateway verifies', async () => {
    const folder = await temporaryFolder();
    const key = await openFileKey(folder);
    const again = await openFileKey(folder);
    expect(again.publicKey).toEqual(key.publicKey);
    const jws = await again.sign({ some: 'thing' }, { typ: ATTESTATION_TYPE, kid: 'fdv_1' });
    expect(await verifyDeviceSignature(jws, { publicKey: key.publicKey, typ: ATTESTATION_TYPE })).toEqual({ payload: { some: 'thing' } });
    expect(await verifyDeviceSignature(jws, { publicKey: key.publicKey, typ: 'other' })).toBeNull();
  });

  it('is given to no gateway over a line that others can hear', () => {
    expect(checkGatewayUrl('https://gate.example.com/x')).toBe('https://gate.example.com');
    expect(checkGatewayUrl('http://localhost:8080')).toBe('http://localhost:8080');
    for (const url of ['http://gate.example.com', 'http://localhost.example.com', 'gate', 'ftp://localhost'])
      expect(() => checkGatewayUrl(url)).toThrow(RangeError);
  });
});

describe('a terminal whose camera is lost', () => {
  const blind = { result: 'camera_unavailable', band: 'below', liveness: 'none', nonce: question.nonce };

  it('says so at once when it is asked, and looks again when the camera is there', async () => {
    const { enrol, said, terminal, verify } = await rig();
    await enrol(ANN);
    terminal.cameraChanged(false);
    await terminal.perform({ kind: 'verify', question });
    expect(said.at(-1)?.payload).toMatchObject(blind);
    terminal.cameraChanged(true);
    expect((await verify(ANN)).attestation.result).toBe('verified');
  });

  it.each(['lost', 'not opened'] as const)('ends a look that has begun, and keeps nothing of it: %s', async (how) => {
    const { enrol, film, said, terminal, until } = await rig();
    await enrol(ANN);
    const done = terminal.perform({ kind: 'verify', question });
    await until('verifies');
    const frames = film(ANN, { frames: 3, gapMs: 50 });
    if (how === 'lost') terminal.cameraChanged(false);
    else terminal.cameraFailed();
    await done;
    expect(said.at(-1)?.payload).toMatchObject(blind);
    for (const { embedding } of frames) expect(embedding.every((value) => value === 0)).toBe(true);
  });
});
