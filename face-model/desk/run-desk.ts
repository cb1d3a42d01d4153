import { setTimeout as pause } from 'node:timers/promises';
import { POSTURE_TYPE, type PostureStatement } from '#gateway/domain/desk/posture.ts';
import { createThisMachine } from '../posture/machine.ts';
import { probePosture } from '../posture/probe-posture.ts';
import { startInference, type Inference } from '../terminal/inference.ts';
import { openTemplateFolder } from '../terminal/template-folder.ts';
import { Desk, type DeskEvent, type DeskEye } from './desk.ts';
import { openDesk, type EnrolledDesk } from './desk-folder.ts';
import { startDeskServer } from './desk-server.ts';
import { createVerifyChallenge, gatewayKeys } from './verify-challenge.ts';

/** The gateway forgets what was told after 15 minutes: it is told three times in that, ms. */
const POSTURE_EVERY_MS = 300_000;
const monotonicMs = (): number => performance.now();

export type DeskRunEvent = DeskEvent | 'desk.posture_told' | 'desk.posture_refused' | 'desk.posture_untold';

export interface DeskOptions {
  readonly folder: string;
  /** Null: only which computer this is, and how it is kept. */
  readonly eye: {
    readonly packFolder: string;
    readonly acknowledgesLicence: boolean;
    readonly command: readonly [string, ...string[]];
    readonly needs: 'passive' | 'active';
  } | null;
  /** On 127.0.0.1: the one that the gateway's configuration names. */
  readonly port: number;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly onListening: (url: string) => void;
  /** Names of what happened, never of whom. */
  readonly onEvent: (event: DeskRunEvent) => void;
}

/** Runs until the signal ends it. @throws Error the folder, the models or the port cannot be used: whoever supervises it starts it anew */
export async function runDesk(options: DeskOptions): Promise<void> {
  const desk = await openDesk(options.folder);
  const inference = options.eye === null ? null : await startInference({ ...options.eye, folder: options.eye.packFolder });
  try {
    await serve(options, desk, inference);
  } finally {
    await inference?.stop();
  }
}

async function serve(options: DeskOptions, { identity, link, sign }: EnrolledDesk, inference: Inference | null): Promise<void> {
  const { deviceId, issuer, personId } = identity;
  const tellPosture = createTellPosture(options, { deviceId, link, sign });
  const eye: DeskEye | null =
    options.eye === null || inference === null
      ? null
      : { ...options.eye, inference, templates: await openTemplateFolder(options.folder, inference.packHash) };
  const desk = new Desk({
    deviceId,
    verify: createVerifyChallenge({ issuer, deviceId, personId, keys: gatewayKeys(issuer), nowMs: Date.now }),
    eye,
    sign,
    link,
    tellPosture,
    nowMs: Date.now,
    monotonicMs,
    onEvent: options.onEvent,
  });
  const server = await startDeskServer(desk, { origin: new URL(issuer).origin, port: options.port });
  try {
    options.onListening(server.url);
    const ended = inference?.ended ?? new Promise<never>(() => undefined);
    await Promise.race([tellAgainAndAgain(tellPosture, options.signal), ended]);
  } finally {
    await server.close();
  }
}

/** One statement after the other, each later than the one before: the gateway takes none twice. */
function createTellPosture(
  { environment, onEvent }: DeskOptions,
  { deviceId, link, sign }: Pick<EnrolledDesk, 'link' | 'sign'> & { readonly deviceId: string },
): () => Promise<void> {
  const machine = createThisMachine(environment);
  let telling: Promise<void> | null = null;
  const tell = async (): Promise<void> => {
    try {
      const posture = await probePosture(machine, process.platform);
      const statement: PostureStatement = { device: deviceId, posture, observed_at_ms: Date.now() };
      const fault = await link.tellPosture(await sign(statement, POSTURE_TYPE));
      onEvent(fault === null ? 'desk.posture_told' : 'desk.posture_refused');
    } catch {
      onEvent('desk.posture_untold'); // The gateway is not there, or the key is not: it is told again, and is unknown meanwhile.
    }
  };
  return () => {
    telling ??= tell().finally(() => (telling = null));
    return telling;
  };
}

async function tellAgainAndAgain(tellPosture: () => Promise<void>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await tellPosture();
    await pause(POSTURE_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}
