import type { z } from 'zod';
import { tryParse } from '#gateway/domain/try-parse.ts';
import type { DeviceKey } from './device-key.ts';

/** `typ` of what a device signs to say who calls; the gateway checks the same. */
export const CALL_TYPE = 'gatehouse-device-call+jwt';
/** The gateway answers a call for the next task within 20 s. */
const CALL_TIMEOUT_MS = 30_000;
const ANSWER_BYTES_MAX = 65_536;
/** Not this device's signature; for the code of an enrolment, gone. */
const REFUSED = new Set([401, 410]);
/** Half of what the gateway allows, ms: it says its own time in whole seconds. */
const CLOCK_OFF_MS = 30_000;

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

interface Call {
  readonly path: string;
  readonly body: unknown;
  readonly signal?: AbortSignal;
}

/**
 * Calls an address of the gateway with the device's signature over it, and once more with the gateway's own time where the call was refused and
 * the clocks differ by too much: a small machine that lost power has no clock until it has a network. @throws GatewayCallError
 */
export async function callGateway<Schema extends z.ZodType>(
  at: Called,
  { schema, ...call }: Call & { readonly schema: Schema },
): Promise<z.output<Schema>> {
  let response = await post(at, call, at.nowMs());
  const theirMs = Date.parse(response.headers.get('date') ?? '');
  if (REFUSED.has(response.status) && Math.abs(theirMs - at.nowMs()) > CLOCK_OFF_MS) {
    await response.body?.cancel().catch(() => undefined); // Nobody reads it.
    response = await post(at, call, theirMs);
  }
  const text = await response.text().catch(noAnswer);
  if (!response.ok || text.length > ANSWER_BYTES_MAX) throw new GatewayCallError(response.status);
  const parsed = tryParse(schema, toJson(text));
  if (!parsed.success) throw new GatewayCallError(response.status, { cause: parsed.error });
  return parsed.data;
}

async function post({ deviceId, key, url }: Called, { body, path, signal }: Call, atMs: number): Promise<Response> {
  const token = await key.sign({ path, at_ms: atMs }, { typ: CALL_TYPE, kid: deviceId });
  const timeout = AbortSignal.timeout(CALL_TIMEOUT_MS);
  return fetch(new URL(path, url), {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    redirect: 'error',
    signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
  }).catch(noAnswer);
}

function noAnswer(cause: unknown): never {
  throw new GatewayCallError(0, { cause });
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null; // No answer of ours is null: the schema says so.
  }
}
