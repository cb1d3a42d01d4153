import { rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createSystemRandom } from '#adapters/crypto/system-random.ts';
import { createMemoryFaceDeviceStore } from '#adapters/memory/face-device-store.ts';
import { createSystemClock } from '#adapters/time/system-clock.ts';
import { IMAGE_BYTES_MAX } from '#face-model/image/decode-image.ts';
import { GatewayCallError } from '#face-model/terminal/signed-call.ts';
import { startInference } from '#face-model/terminal/inference.ts';
import { enrolTerminal, runTerminal } from '#face-model/terminal/run-terminal.ts';
import { startTerminalServer } from '#face-model/terminal/terminal-server.ts';
import type { TerminalView } from '#face-model/terminal/terminal-view.ts';
import { FaceDesk } from '#gateway/app/face/face-desk.ts';
import type { DoorId, ReaderId } from '#gateway/domain/site/ids.ts';
import { faceOfferSchema, faceOrderedSchema, faceTerminalsSchema } from '#gateway/http/contract/face.ts';
import { defaultPackFolder, samplePictures } from '#test/support/face/face-pack.ts';
import { startHttpGateway } from '#test/support/http-gateway.ts';
import { enrolPerson, signInToConsole } from '#test/support/oidc/sign-in.ts';
import { phoneScreen } from '#test/support/face/phone-screen.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const FETCH_TIMEOUT_MS = 300_000;
const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

describe('the page of a terminal', () => {
  async function page(view: TerminalView = { kind: 'idle', wantsFrames: false, last: null }) {
    const frames: number[] = [];
    const consents: string[] = [];
    const failures: string[] = [];
    const terminal = {
      view: () => view,
      frame: async (bytes: Uint8Array) => void frames.push(bytes.length),
      consent: (said: string) => void consents.push(said),
      cameraFailed: () => void failures.push('camera'),
    };
    const server = await startTerminalServer(terminal, { port: 0, token: 'the token of this run' });
    cleanUp.push(() => server.close());
    const { origin, hash } = new URL(server.url);
    const authorization = `Bearer ${decodeURIComponent(hash.slice(1))}`;
    const call = (path: string, init: RequestInit = {}) => fetch(`${origin}${path}`, { ...init, headers: { authorization } });
    return { origin, call, frames, consents, failures };
  }

  it('is for whoever has the token of this run, and under one name', async () => {
    const { call, origin } = await page();
    expect((await fetch(`${origin}/`)).status).toBe(200);
    expect((await fetch(`${origin}/kiosk.js`)).headers.get('content-type')).toContain('javascript');
    expect((await fetch(`${origin}/view`)).status).toBe(401);
    expect((await fetch(`${origin}/view`, { headers: { authorization: 'Bearer guess' } })).status).toBe(401);
    expect(await (await call('/view')).json()).toEqual({ kind: 'idle', wantsFrames: false, last: null });
    expect((await call('/../package.json')).status).toBe(404);
    // A page of another name that resolves to this machine (DNS rebinding).
    const status = await new Promise((resolve, reject) => {
      request(`${origin}/`, { headers: { host: 'evil.example' } }, (response) => resolve(response.resume().statusCode))
        .on('error', reject)
        .end();
    });
    expect(status).toBe(421);
  });

  it('takes frames up to a length, and only while they are wanted', async () => {
    const idle = await page();
    expect((await idle.call('/frame', { method: 'POST', body: new Uint8Array(10) })).status).toBe(200);
    expect(idle.frames).toEqual([]);
    const wanted = await page({ kind: 'verifies', wantsFrames: true, say: 'look' });
    expect((await wanted.call('/frame', { method: 'POST', body: new Uint8Array(IMAGE_BYTES_MAX) })).status).toBe(200);
    const tooLong = await wanted.call('/frame', { method: 'POST', body: new Uint8Array(IMAGE_BYTES_MAX + 1) }).catch(() => null);
    expect(tooLong?.status ?? 413).toBe(413);
    expect(wanted.frames).toEqual([IMAGE_BYTES_MAX]);
  });

  it('passes on that the browser has no camera', async () => {
    const { call, failures } = await page({ kind: 'verifies', wantsFrames: true, say: 'look' });
    expect((await call('/no-camera', { method: 'POST' })).status).toBe(200);
    expect(failures).toEqual(['camera']);
  });

  it('passes a clear answer on', async () => {
    const { call, consents } = await page({ kind: 'asks_consent', wantsFrames: false });
    for (const body of ['yes', 'no', 'maybe', 'card', 'phone']) await call('/consent', { method: 'POST', body });
    expect(consents).toEqual(['yes', 'no', 'card', 'phone']);
  });
});

it(
  'sees faces in a thread of its own, one picture at a time, and survives what is no picture',
  async () => {
    const inference = await startInference({ folder: await defaultPackFolder() });
    cleanUp.push(() => inference.stop());
    const [picture] = await samplePictures();
    if (picture === undefined) throw new TypeError('the samples are there');
    const copy = (): Uint8Array<ArrayBuffer> => Uint8Array.from(picture);
    const [first, meanwhile] = await Promise.all([inference.analyse(copy()), inference.analyse(copy())]);
    expect(['face', 'several_faces']).toContain(first?.kind);
    expect(meanwhile).toBeNull();
    expect(await inference.analyse(copy().slice(0, 500))).toBeNull();
    expect(await inference.analyse(new Uint8Array(100))).toBeNull();
    expect((await inference.analyse(copy()))?.kind).toBe(first?.kind);
    // The same thread reads codes, and no code is no harm.
    expect(await inference.readCode(copy())).toBeNull();
    const code = Uint8Array.from({ length: 300 }, (_, i) => i & 255);
    expect(await inference.readCode(await phoneScreen(code))).toEqual(code);
  },
  FETCH_TIMEOUT_MS,
);

it('does not start with models that are not there', async () => {
  await expect(startInference({ folder: await temporaryFolder() })).rejects.toThrow();
});

async function enrolledTerminal() {
  const devices = createMemoryFaceDeviceStore();
  const desk = new FaceDesk({ devices, clock: createSystemClock(), random: createSystemRandom(), onRefused: () => undefined });
  const ticker = setInterval(() => desk.tick(), 50);
  const gateway = await startHttpGateway({ clients: [], faces: desk.point, faceDevices: devices });
  cleanUp.push(async () => {
    clearInterval(ticker);
    await gateway.close();
  });
  const admin = await enrolPerson(gateway, 'ada', { roles: ['security_admin'] });
  await signInToConsole(gateway, admin);
  const operate = (path: string, body?: unknown) => admin.browser.call(`${gateway.publicUrl}/api/face/terminals${path}`, body);
  const offered = await operate('/offers', { readerId: 'main-in', label: 'Main', reason: 'a terminal at the door' });
  const { code } = faceOfferSchema.parse(offered.body);
  const [folder, packFolder] = [await temporaryFolder(), await defaultPackFolder()];
  const { deviceId } = await enrolTerminal({ url: gateway.publicUrl, code, folder, packFolder });
  const ask = () => desk.ask({ personId: admin.personId, doorId: 'main' as DoorId, readerId: 'main-in' as ReaderId });
  const isListening = async () => faceTerminalsSchema.parse((await operate('')).body).terminals[0]?.isListening;
  /** Runs it until the returned function is called. */
  const run = (camera: readonly [string, ...string[]] | null) => {
    const stop = new AbortController();
    const events: string[] = [];
    const running = runTerminal({
      folder,
      packFolder,
      port: 0,
      needs: 'active',
      camera,
      alone: null,
      card: null,
      signal: stop.signal,
      onPage: () => undefined,
      onEvent: (event) => void events.push(event),
    });
    const end = async (): Promise<void> => {
      stop.abort();
      await running;
    };
    return { end, events };
  };
  return { gateway, admin, operate, code, packFolder, deviceId, ask, isListening, run };
}

it(
  'is enrolled at a gateway, answers what badges ask, obeys orders, and stops when it is told to',
  async () => {
    const { admin, ask, code, deviceId, gateway, isListening, operate, packFolder, run } = await enrolledTerminal();
    const again = enrolTerminal({ url: gateway.publicUrl, code, folder: await temporaryFolder(), packFolder });
    await expect(again).rejects.toThrow(GatewayCallError);
    const { end } = run(null);
    await expect.poll(isListening, { timeout: 60_000 }).toBe(true);
    expect(await ask()).toEqual({ ok: false, code: 'face.not_enrolled' });

    const ordered = await operate(`/${deviceId}/orders`, { kind: 'delete', personId: admin.personId, reason: 'a test of it' });
    expect(faceOrderedSchema.parse(ordered.body).orderId).toMatch(/^ord_/);
    const causes = async () => (await gateway.records()).flatMap((record) => (record.type === 'credential' ? [record.cause] : []));
    await expect.poll(causes, { timeout: 30_000 }).toContain('delete:nothing_there');
    await end();
  },
  FETCH_TIMEOUT_MS,
);

/** A camera of sorts: the same JPEG again and again, until somebody removes it. */
const FILM_PROGRAM =
  "const f=require('fs');setInterval(()=>{try{process.stdout.write(f.readFileSync(process.argv[1]))}catch{process.exit(1)}},50)";

it(
  'tells the gateway at once that its camera is lost, and that it is there again',
  async () => {
    const { ask, isListening, run } = await enrolledTerminal();
    const [picture] = await samplePictures();
    const file = join(await temporaryFolder(), 'picture.jpg');
    const { end, events } = run([process.execPath, '-e', FILM_PROGRAM, file]);
    await expect.poll(isListening, { timeout: 60_000 }).toBe(true);
    expect(await ask()).toEqual({ ok: false, code: 'face.camera_unavailable' });
    await writeFile(file, picture ?? '');
    await expect.poll(ask, { timeout: 60_000 }).toEqual({ ok: false, code: 'face.not_enrolled' });
    await rm(file);
    await expect.poll(ask, { timeout: 30_000 }).toEqual({ ok: false, code: 'face.camera_unavailable' });
    expect(await isListening()).toBe(true);
    expect(events.indexOf('terminal.camera_found')).toBeLessThan(events.indexOf('terminal.camera_lost'));
    await end();
  },
  FETCH_TIMEOUT_MS,
);
