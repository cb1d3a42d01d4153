import type { Request, Router } from 'express';
import type { CarriedFaces } from '../../app/face/carried-faces.ts';
import type { FaceGate } from '../../app/face/face-gate.ts';
import { GatewayError } from '../../domain/errors.ts';
import { FACE_CODE_PATH } from '../../domain/face/face-code.ts';
import type { FaceDevice } from '../../domain/face/face-device.ts';
import type { FaceTask } from '../../ports/face-point.ts';
import { emptySchema } from '../contract/common.ts';
import {
  terminalAttestedSchema,
  terminalCarriedBeginBodySchema,
  terminalCarriedBegunSchema,
  terminalCarriedOpenBodySchema,
  terminalCarriedOpenedSchema,
  terminalEnrolBodySchema,
  terminalEnrolledSchema,
  terminalEntriesBodySchema,
  terminalEntriesSchema,
  terminalJwsBodySchema,
  terminalLeaseBodySchema,
  terminalLeaseSchema,
  terminalNextBodySchema,
  terminalTaskSchema,
} from '../contract/face.ts';
import type { TerminalTask } from '../contract/face.ts';
import { bearerOf } from '../middleware/bearer.ts';
import { parseBody } from '../middleware/parse.ts';
import { respond } from '../middleware/respond.ts';
import type { RouteDeps } from './deps.ts';

/** What a terminal signs: the address as it stands in the contract, whatever proxy stands in between. */
const pathOf = (name: string): string => `/api/face/terminal/${name}`;

async function toTask(task: FaceTask | null, carried: CarriedFaces | null): Promise<TerminalTask | null> {
  if (task === null) return null;
  if (task.kind !== 'verify') return { kind: task.kind, id: task.id, personId: task.personId, storage: task.storage ?? 'terminal' };
  const { nonce, personId, doorId, readerId, askedAtMs, withinMs } = task.question;
  const question = { nonce, personId, doorId, readerId, askedAtMs, withinMs };
  // Nobody is asked for a phone who carries nothing on one.
  return { kind: 'verify', question: (await carried?.isCarriedBy(personId)) === true ? { ...question, carried: true } : question };
}

/** For terminals alone: each call is signed by the terminal's key. No session and no cookie opens any of it. */
export function registerFaceTerminalRoutes(router: Router, deps: RouteDeps, gate: FaceGate): void {
  const requireDevice = async (request: Request, name: string): Promise<FaceDevice> => {
    await deps.rateLimits.count('terminal', request);
    const device = await gate.identify(bearerOf(request), pathOf(name));
    if (device === null) throw new GatewayError('request.unauthenticated', 'This terminal is not known, or is revoked.');
    return device;
  };

  router.post('/face/terminal/enrol', async (request, response) => {
    const { code, packHash, publicKey } = parseBody(terminalEnrolBodySchema, request);
    const device = await deps.rateLimits.countFailure('failedEnrolment', request, () =>
      gate.enrol({ code, packHash, publicKey, proof: bearerOf(request), path: pathOf('enrol') }),
    );
    const { id, label, readerId } = device;
    const doorId = deps.sites.reader(readerId)?.doorId ?? '';
    respond(response, terminalEnrolledSchema, { deviceId: id, readerId, doorId, label }, 201);
  });

  router.post('/face/terminal/next', async (request, response) => {
    const device = await requireDevice(request, 'next');
    const { camera = 'unknown', lease = null } = parseBody(terminalNextBodySchema, request);
    gate.leases?.lent.named(device.id, lease);
    const task = await gate.next(device, camera);
    respond(response, terminalTaskSchema, { task: await toTask(task, gate.carried), epoch: await deps.people.epoch() });
  });

  router.post('/face/terminal/attest', async (request, response) => {
    const device = await requireDevice(request, 'attest');
    respond(response, terminalAttestedSchema, { refusal: await gate.attest(device, parseBody(terminalJwsBodySchema, request).jws) });
  });

  router.post('/face/terminal/report', async (request, response) => {
    const device = await requireDevice(request, 'report');
    const isTaken = await gate.report(device, parseBody(terminalJwsBodySchema, request).jws);
    if (!isTaken) throw new GatewayError('request.conflict', 'This terminal has no such order.');
    respond(response, emptySchema, {});
  });

  if (gate.carried !== null)
    registerCarried(router, requireDevice, { carried: gate.carried, portalUrl: `${deps.publicUrl}${FACE_CODE_PATH}` });
  if (gate.leases === null) return;
  const { desk, journal, lent } = gate.leases;

  router.post('/face/terminal/lease', async (request, response) => {
    const device = await requireDevice(request, 'lease');
    lent.named(device.id, parseBody(terminalLeaseBodySchema, request).lease ?? null);
    const { jws, publicKey } = await desk.lend(device);
    respond(response, terminalLeaseSchema, { lease: jws, publicKey });
  });

  router.post('/face/terminal/entries', async (request, response) => {
    const device = await requireDevice(request, 'entries');
    respond(response, terminalEntriesSchema, { taken: await journal.take(device, parseBody(terminalEntriesBodySchema, request)) });
  });
}

type RequireDevice = (request: Request, name: string) => Promise<FaceDevice>;

/** Keys leave in base64url: the strings are gone with the answer, the bytes are zeroed. */
function registerCarried(
  router: Router,
  requireDevice: RequireDevice,
  { carried, portalUrl }: { readonly carried: CarriedFaces; readonly portalUrl: string },
): void {
  router.post('/face/terminal/carried/begin', async (request, response) => {
    const device = await requireDevice(request, 'carried/begin');
    const begun = await carried.begin(device, parseBody(terminalCarriedBeginBodySchema, request).order);
    if (begun === null) throw new GatewayError('request.conflict', 'This terminal has no such order.');
    const { expiresAtMs, key, template } = begun;
    respond(response, terminalCarriedBegunSchema, { template, key: Buffer.from(key).toString('base64url'), expiresAtMs, portalUrl });
    key.fill(0);
  });

  router.post('/face/terminal/carried/open', async (request, response) => {
    const device = await requireDevice(request, 'carried/open');
    const opened = await carried.open(device, parseBody(terminalCarriedOpenBodySchema, request));
    if (!opened.ok) return respond(response, terminalCarriedOpenedSchema, { key: null, refusal: opened.code });
    respond(response, terminalCarriedOpenedSchema, { key: Buffer.from(opened.key).toString('base64url'), refusal: null });
    opened.key.fill(0);
  });
}
