import { z } from 'zod';
import type { FacePublicKey } from '#gateway/domain/face/face-device.ts';
import type { DeviceKey } from './device-key.ts';

/** `typ` of what a terminal signs to say who calls; the gateway checks the same. */
export const CALL_TYPE = 'gatehouse-device-call+jwt';
/** The gateway answers a call for the next task within 20 s. */
const CALL_TIMEOUT_MS = 30_000;
const ANSWER_BYTES_MAX = 65_536;

const questionSchema = z.strictObject({
  nonce: z.string().regex(/^[0-9a-f]{32}$/),
  personId: z.string().min(1).max(128),
  doorId: z.string().min(1).max(128),
  readerId: z.string().min(1).max(128),
  askedAtMs: z.int().min(0),
  withinMs: z.int().min(1_000).max(60_000),
});
export type Question = z.infer<typeof questionSchema>;

const taskSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('verify'), question: questionSchema }),
  z.strictObject({ kind: z.enum(['enrol', 'delete']), id: z.string().min(1).max(128), personId: z.string().min(1).max(128) }),
]);
export type Task = z.infer<typeof taskSchema>;

const nextSchema = z.strictObject({ task: taskSchema.nullable() });
const attestedSchema = z.strictObject({ refusal: z.string().nullable() });
export const identitySchema = z.strictObject({
  deviceId: z.string().min(1),
  readerId: z.string(),
  doorId: z.string(),
  label: z.string(),
});
export type Identity = z.infer<typeof identitySchema>;

/** The gateway did not answer, or not as agreed. `status` 0: nothing came. */
export class GatewayCallError extends Error {
  readonly status: number;

  constructor(status: number, options?: ErrorOptions) {
    super(`the gateway answered ${String(status)}`, options);
    this.name = 'GatewayCallError';
    this.status = status;
  }
}

interface Called {
  readonly url: string;
  readonly key: DeviceKey;
  readonly deviceId: string;
  readonly nowMs: () => number;
}

async function call<Schema extends z.ZodType>(
  { deviceId, key, nowMs, url }: Called,
  { body, name, schema, signal }: { readonly name: string; readonly body: unknown; readonly schema: Schema; readonly signal?: AbortSignal },
): Promise<z.output<Schema>> {
  const path = `/api/face/terminal/${name}`;
  const token = await key.sign({ path, at_ms: nowMs() }, { typ: CALL_TYPE, kid: deviceId });
  const timeout = AbortSignal.timeout(CALL_TIMEOUT_MS);
  const response = await fetch(new URL(path, url), {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    redirect: 'error',
    signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
  }).catch((cause: unknown) => {
    throw new GatewayCallError(0, { cause });
  });
  const text = await response.text();
  if (!response.ok || text.length > ANSWER_BYTES_MAX) throw new GatewayCallError(response.status);
  const parsed = schema.safeParse(toJson(text));
  if (!parsed.success) throw new GatewayCallError(response.status, { cause: parsed.error });
  return parsed.data;
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null; // No answer of ours is null: the schema says so.
  }
}

/** Gives the gateway the terminal's key against a one-time code. @throws GatewayCallError 410 = the code is not (or no longer) good */
export async function enrolAtGateway(
  at: { readonly url: string; readonly key: DeviceKey; readonly nowMs: () => number },
  body: { readonly code: string; readonly packHash: string; readonly publicKey: FacePublicKey },
): Promise<Identity> {
  return call({ ...at, deviceId: '' }, { name: 'enrol', body, schema: identitySchema });
}

/** The gateway as a terminal sees it. Every call @throws GatewayCallError */
export interface GatewayLink {
  /** Null = nothing to do for now. Waits for about 20 s. */
  next(signal: AbortSignal): Promise<Task | null>;
  /** Null = it was taken. */
  attest(jws: string): Promise<string | null>;
  report(jws: string): Promise<void>;
}

export function createGatewayLink(at: Called): GatewayLink {
  return {
    next: async (signal) => (await call(at, { name: 'next', body: {}, schema: nextSchema, signal })).task,
    attest: async (jws) => (await call(at, { name: 'attest', body: { jws }, schema: attestedSchema })).refusal,
    report: async (jws) => void (await call(at, { name: 'report', body: { jws }, schema: z.strictObject({}) })),
  };
}
