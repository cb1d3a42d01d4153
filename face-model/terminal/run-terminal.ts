import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { readManifest } from '../pack/load-pack.ts';
import type { AloneEvent } from './alone/alone.ts';
import { openAlone, type AloneCommands, type RunningAlone } from './alone/open-alone.ts';
import { Camera } from './camera.ts';
import { createCardProgram } from './card-program.ts';
import { createCardCarrier } from './card-carrier.ts';
import { createCarriedFaces, type CarriedEvent } from './carried-face.ts';
import type { Carrier, CarrierName } from './carrier.ts';
import { CameraWatch } from './camera-watch.ts';
import { openFileKey } from './device-key.ts';
import { createGatewayLink, enrolAtGateway, identitySchema, type GatewayLink, type Identity } from './gateway-link.ts';
import { startInference, type Inference } from './inference.ts';
import { Phone } from './phone.ts';
import { GatewayCallError } from './signed-call.ts';
import { openTemplateFolder } from './template-folder.ts';
import { startTerminalServer } from './terminal-server.ts';
import type { Consent } from './terminal-view.ts';
import { Terminal } from './terminal.ts';

/** Pause after a call that failed, ms: the gateway may be starting. */
const RETRY_MS = 2_000;
const TICK_MS = 100;
const TOKEN_BYTES = 24;
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

const terminalFileSchema = identitySchema.extend({ url: z.string() });
const fileOf = (folder: string): string => join(folder, 'terminal.json');
const monotonicMs = (): number => performance.now();

/** @throws RangeError an address over which anybody could listen */
export function checkGatewayUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !(url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.has(url.hostname))))
    throw new RangeError(`${text}: the gateway's address begins with https://`);
  return url.origin;
}

/** Gives the gateway this terminal's key against an operator's one-time code. @throws GatewayCallError, PackError, RangeError */
export async function enrolTerminal(at: {
  readonly url: string;
  readonly code: string;
  readonly folder: string;
  readonly packFolder: string;
}): Promise<Identity> {
  const url = checkGatewayUrl(at.url);
  const key = await openFileKey(at.folder);
  const { hash: packHash } = await readManifest(at.packFolder);
  const body = { code: at.code, packHash, publicKey: key.publicKey };
  const identity = await enrolAtGateway({ url, key, nowMs: Date.now }, body);
  await writeFile(fileOf(at.folder), JSON.stringify({ ...identity, url }), { mode: 0o600, flush: true });
  return identity;
}

export type TerminalEvent =
  | AloneEvent
  | CarriedEvent
  | 'terminal.refused'
  | 'terminal.gateway_unreachable'
  | 'terminal.task_done'
  | 'terminal.camera_found'
  | 'terminal.camera_lost';

export interface TerminalOptions {
  readonly folder: string;
  readonly packFolder: string;
  readonly acknowledgesLicence?: boolean;
  /** On 127.0.0.1; 0 = any free one. */
  readonly port: number;
  readonly needs: 'passive' | 'active';
  /** Writes JPEGs to its standard output; null = the page opens the browser's camera. */
  readonly camera: readonly [string, ...string[]] | null;
  /** What it may open the door with while the gateway is away; null = then nobody comes in by it. */
  readonly alone: AloneCommands | null;
  /** Reads and writes what a person holds to the terminal; null = nobody can. */
  readonly card: { readonly read: readonly [string, ...string[]]; readonly write: readonly [string, ...string[]] } | null;
  readonly signal: AbortSignal;
  /** Where the page is. It carries the token of this run: for the browser of this machine alone. */
  readonly onPage: (url: string) => void;
  /** Names of what happened, never of whom. */
  readonly onEvent: (event: TerminalEvent) => void;
}

/** Runs until the signal ends it. @throws Error the models or their thread cannot go on: whoever supervises it starts it anew */
export async function runTerminal(options: TerminalOptions): Promise<void> {
  const { folder, packFolder, acknowledgesLicence = false, card } = options;
  const { deviceId, doorId, readerId, url } = terminalFileSchema.parse(JSON.parse(await readFile(fileOf(folder), 'utf8')));
  const key = await openFileKey(folder);
  const inference = await startInference({ folder: packFolder, acknowledgesLicence });
  try {
    const { manifest, packHash } = inference;
    const link = createGatewayLink({ url, key, deviceId, nowMs: Date.now });
    const templates = await openTemplateFolder(folder, packHash);
    const sign = (payload: unknown, typ: string): Promise<string> => key.sign(payload, { typ, kid: deviceId });
    const phone = new Phone(monotonicMs);
    const terminal = new Terminal({
      deviceId,
      packHash,
      manifest,
      needs: options.needs,
      templates,
      phone,
      carried: createCarriedFaces({ packHash, carriers: carriersOf(card, phone), link, onEvent: options.onEvent }),
      link,
      sign,
      nowMs: Date.now,
      monotonicMs,
    });
    const look = createLook(inference, { phone, terminal });
    const watch = new CameraWatch(options.camera === null ? 'unknown' : 'lost');
    const camera = options.camera === null ? null : openOwnCamera(options.camera, { terminal, look, watch, onEvent: options.onEvent });
    const page = {
      // With a camera of its own the terminal takes no pictures of a page.
      view: () => (camera === null ? terminal.view() : { ...terminal.view(), wantsFrames: false }),
      consent: (said: Consent) => terminal.consent(said),
      cameraFailed: () => terminal.cameraFailed(),
      frame: look,
    };
    const server = await startTerminalServer(page, { port: options.port, token: randomBytes(TOKEN_BYTES).toString('base64url') });
    const holder = { deviceId, readerId, doorId, packHash };
    const { alone: commands, onEvent } = options;
    const alone = commands === null ? null : await openAlone(commands, { folder, holder, terminal, link, sign, onEvent });
    const ticker = setInterval(() => {
      camera?.tick();
      terminal.tick();
      alone?.tick();
    }, TICK_MS);
    try {
      options.onPage(server.url);
      await Promise.race([serve({ terminal, link, watch, alone }, options), inference.ended]);
    } finally {
      clearInterval(ticker);
      alone?.stop();
      await camera?.stop();
      await server.close();
    }
  } finally {
    await inference.stop();
  }
}

/** A picture is looked at for one thing: the code on a phone that was asked for, or a face. */
function createLook(
  inference: Inference,
  { phone, terminal }: { readonly phone: Phone; readonly terminal: Terminal },
): (bytes: Uint8Array<ArrayBuffer>) => Promise<void> {
  return async (bytes) => {
    if (phone.view() !== null) {
      const code = await inference.readCode(bytes);
      if (code !== null) phone.onCode(code);
      return;
    }
    const result = await inference.analyse(bytes);
    if (result !== null) terminal.onFrame(result);
  };
}

/** A phone needs nothing but the camera; a card is asked for first where there is something to read it. */
function carriersOf(card: TerminalOptions['card'], phone: Phone): ReadonlyMap<CarrierName, Carrier> {
  const carriers = new Map<CarrierName, Carrier>();
  if (card !== null) carriers.set('card', createCardCarrier(createCardProgram(card)));
  return carriers.set('phone', phone);
}

/** Its pictures go nowhere while nobody is to be looked at. */
function openOwnCamera(
  command: readonly [string, ...string[]],
  {
    look,
    onEvent,
    terminal,
    watch,
  }: {
    terminal: Terminal;
    watch: CameraWatch;
    look: (bytes: Uint8Array<ArrayBuffer>) => Promise<void>;
    onEvent: TerminalOptions['onEvent'];
  },
): Camera {
  terminal.cameraChanged(false);
  const onPicture = (picture: Uint8Array<ArrayBuffer>): void => {
    if (terminal.view().wantsFrames) void look(picture);
    else picture.fill(0);
  };
  const onChange = (event: 'terminal.camera_found' | 'terminal.camera_lost'): void => {
    const isThere = event === 'terminal.camera_found';
    terminal.cameraChanged(isThere);
    watch.changed(isThere ? 'there' : 'lost');
    onEvent(event);
  };
  return new Camera({ command, onPicture, onEvent: onChange, monotonicMs });
}

interface Serving {
  readonly terminal: Terminal;
  readonly link: GatewayLink;
  readonly watch: CameraWatch;
  readonly alone: RunningAlone | null;
}

/** One task after the other. What fails is the gateway's time-out, and so a deny. */
async function serve({ alone, link, terminal, watch }: Serving, { onEvent, signal }: TerminalOptions): Promise<void> {
  while (!signal.aborted) {
    const change = watch.signal();
    try {
      await alone?.beforeCall();
      const { epoch, task } = await link.next(AbortSignal.any([signal, change]), watch.state(), alone?.heldLease());
      // A badge first: somebody stands there.
      if (task !== null) {
        await terminal.perform(task);
        alone?.onTask(task.kind);
        onEvent('terminal.task_done');
      }
      await alone?.onAnswer(epoch);
    } catch (failure) {
      if (signal.aborted) return;
      if (!(failure instanceof GatewayCallError)) throw failure;
      // The camera came or went: said at once, so that the gateway asks for no look, or for one again.
      if (change.aborted && failure.status === 0) continue;
      await alone?.onFailure(failure);
      onEvent(failure.status === 401 ? 'terminal.refused' : 'terminal.gateway_unreachable');
      await pause(RETRY_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}
