import type { z } from 'zod';
import type { DeviceKey } from './device-key.ts';

/** `typ` of what a device signs to say who calls; the gateway checks the same. */
export const CALL_TYPE = 'gatehouse-device-call+jwt';
/** The gateway answers a call for the next task within 20 s. */
const CALL_TIMEOUT_MS = 30_000;
const ANSWER_BYTES_MAX = 65_536;

/** The gateway did not answer, or not as agreed. `status` 0: nothing came. */
export class GatewayCallError extends Error {
  readonly status: number;

  constructor(status: number, options?: ErrorOptions) {
    super(`the gateway answered ${String(status)}`, options);
    this.name = 'GatewayCallError';
    this.status = status;
  }
}

export interface Called {
  readonly url: string;
  readonly key: DeviceKey;
  readonly deviceId: string;
  readonly nowMs: () => number;
}

/** Calls an address of the gateway with the device's signature over it. @throws GatewayCallError */
export async function callGateway<Schema extends z.ZodType>(
  { deviceId, key, nowMs, url }: Called,
  { body, path, schema, signal }: { readonly path: string; readonly body: unknown; readonly schema: Schema; readonly signal?: AbortSignal },
): Promise<z.output<Schema>> {
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
