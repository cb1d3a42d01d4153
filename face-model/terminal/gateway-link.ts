import { z } from 'zod';
import type { FacePublicKey } from '#gateway/domain/face/face-device.ts';
import type { CameraState } from './camera-watch.ts';
import type { DeviceKey } from './device-key.ts';
import { callGateway, type Called } from './signed-call.ts';

const pathOf = (name: string): string => `/api/face/terminal/${name}`;

/** Longest address of the portal that a code holds beside a face, characters. */
const PORTAL_URL_MAX = 200;

const questionSchema = z.strictObject({
  nonce: z.string().regex(/^[0-9a-f]{32}$/),
  personId: z.string().min(1).max(128),
  doorId: z.string().min(1).max(128),
  readerId: z.string().min(1).max(128),
  askedAtMs: z.int().min(0),
  withinMs: z.int().min(1_000).max(60_000),
  /** The person carries their face: they are asked for it where it is not kept here. */
  carried: z.literal(true).optional(),
});
export type Question = z.infer<typeof questionSchema>;

const taskSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('verify'), question: questionSchema }),
  z.strictObject({
    kind: z.enum(['enrol', 'delete']),
    id: z.string().min(1).max(128),
    personId: z.string().min(1).max(128),
    storage: z.enum(['terminal', 'carried']).optional(),
  }),
]);
export type Task = z.infer<typeof taskSchema>;

const nextSchema = z.strictObject({ task: taskSchema.nullable(), epoch: z.int().min(0) });
const leaseSchema = z.strictObject({ lease: z.string().nullable(), publicKey: z.string().max(64) });
const carriedKey = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
const begunSchema = z.strictObject({
  template: z.string().min(1).max(128),
  key: carriedKey,
  expiresAtMs: z.number(),
  portalUrl: z.url().max(PORTAL_URL_MAX),
});
const openedSchema = z.strictObject({ key: carriedKey.nullable(), refusal: z.string().nullable() });
const takenSchema = z.strictObject({ taken: z.int().min(0) });
const attestedSchema = z.strictObject({ refusal: z.string().nullable() });
export const identitySchema = z.strictObject({
  deviceId: z.string().min(1),
  readerId: z.string(),
  doorId: z.string(),
  label: z.string(),
});
export type Identity = z.infer<typeof identitySchema>;

/** Gives the gateway the terminal's key against a one-time code. @throws GatewayCallError 410 = the code is not (or no longer) good */
export async function enrolAtGateway(
  at: { readonly url: string; readonly key: DeviceKey; readonly nowMs: () => number },
  body: { readonly code: string; readonly packHash: string; readonly publicKey: FacePublicKey },
): Promise<Identity> {
  return callGateway({ ...at, deviceId: '' }, { path: pathOf('enrol'), body, schema: identitySchema });
}

/** The gateway as a terminal sees it. Every call @throws GatewayCallError */
export interface GatewayLink {
  /**
   * `task` null = nothing to do for now. Waits for about 20 s. `epoch`: raised by every revocation. `held`: the lease on this terminal's disk;
   * the gateway takes everybody in an older one for let in until it is named a newer one.
   */
  next(signal: AbortSignal, camera?: CameraState, held?: string | null): Promise<z.output<typeof nextSchema>>;
  /** What may be gone by while the gateway is away; null = nothing. `held` as above. */
  lease(held: string | null): Promise<z.output<typeof leaseSchema>>;
  /** The key of a face that a person is about to carry: 32 bytes, base64url. */
  beginCarried(order: string): Promise<z.output<typeof begunSchema>>;
  /** The same key, for the question in hand. Null with the reason why there is none. */
  openCarried(asked: {
    readonly nonce: string;
    readonly template: string;
    readonly sha256: string;
  }): Promise<z.output<typeof openedSchema>>;
  /** What was done meanwhile. Returns the number up to which all is taken. */
  tell(batch: { readonly lease: string | null; readonly entries: readonly string[] }): Promise<number>;
  /** Null = it was taken. */
  attest(jws: string): Promise<string | null>;
  report(jws: string): Promise<void>;
}

export function createGatewayLink(at: Called): GatewayLink {
  return {
    next: (signal, camera = 'unknown', held = null) => {
      const body = { ...(camera === 'unknown' ? {} : { camera }), ...(held === null ? {} : { lease: held }) };
      return callGateway(at, { path: pathOf('next'), body, schema: nextSchema, signal });
    },
    lease: (held) => callGateway(at, { path: pathOf('lease'), body: held === null ? {} : { lease: held }, schema: leaseSchema }),
    beginCarried: (order) => callGateway(at, { path: pathOf('carried/begin'), body: { order }, schema: begunSchema }),
    openCarried: (asked) => callGateway(at, { path: pathOf('carried/open'), body: asked, schema: openedSchema }),
    tell: async (batch) => (await callGateway(at, { path: pathOf('entries'), body: batch, schema: takenSchema })).taken,
    attest: async (jws) => (await callGateway(at, { path: pathOf('attest'), body: { jws }, schema: attestedSchema })).refusal,
    report: async (jws) => void (await callGateway(at, { path: pathOf('report'), body: { jws }, schema: z.strictObject({}) })),
  };
}
