import type { z } from 'zod';
import { errorBodySchema } from '#gateway/http/contract/common.ts';
import { ApiError } from './api-error.ts';

const TIMEOUT_MS = 15_000;

interface Call<T> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly schema: z.ZodType<T>;
  readonly body?: unknown;
  /** Instead of `body`. */
  readonly bytes?: Blob;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
}

export function getJson<T>(path: string, schema: z.ZodType<T>, signal?: AbortSignal): Promise<T> {
  return call({ method: 'GET', path, schema, signal });
}

export function postJson<T>(path: string, body: unknown, schema: z.ZodType<T>, timeoutMs = TIMEOUT_MS): Promise<T> {
  return call({ method: 'POST', path, body, schema, timeoutMs });
}

export function putJson<T>(path: string, body: unknown, schema: z.ZodType<T>): Promise<T> {
  return call({ method: 'PUT', path, body, schema });
}

export function patchJson<T>(path: string, body: unknown, schema: z.ZodType<T>): Promise<T> {
  return call({ method: 'PATCH', path, body, schema });
}

/** A file, as it is. */
export function postBytes<T>(path: string, bytes: Blob, schema: z.ZodType<T>): Promise<T> {
  return call({ method: 'POST', path, bytes, schema });
}

export function deleteJson<T>(path: string, schema: z.ZodType<T>): Promise<T> {
  return call({ method: 'DELETE', path, schema });
}

/** The one way to the gateway: every answer, good or bad, is parsed by its contract schema or becomes an ApiError. */
async function call<T>({ method, path, schema, body, bytes, signal, timeoutMs = TIMEOUT_MS }: Call<T>): Promise<T> {
  const response = await send(path, {
    method,
    credentials: 'same-origin',
    cache: 'no-store',
    redirect: 'error',
    headers: { accept: 'application/json', ...typeOf(body, bytes) },
    ...(bytes !== undefined ? { body: bytes } : body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: signal === undefined ? AbortSignal.timeout(timeoutMs) : AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
  });
  const json: unknown = response.status === 204 ? {} : await response.json().catch(() => undefined);
  if (!response.ok) throw toHttpError(response.status, json);
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    throw new ApiError({ status: 0, code: 'client.answer_invalid', message: 'The gateway’s answer was not understood. Reload the page.' });
  }
  return parsed.data;
}

function typeOf(body: unknown, bytes: Blob | undefined): Record<string, string> {
  if (bytes !== undefined) return { 'content-type': 'application/octet-stream' };
  return body === undefined ? {} : { 'content-type': 'application/json' };
}

async function send(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    const late = error instanceof DOMException && error.name === 'TimeoutError';
    throw new ApiError({
      status: 0,
      code: late ? 'client.late' : 'client.unreachable',
      message: late ? 'The gateway did not answer in time.' : 'The gateway cannot be reached.',
    });
  }
}

function toHttpError(status: number, json: unknown): ApiError {
  const parsed = errorBodySchema.safeParse(json);
  if (parsed.success) return new ApiError({ status, ...parsed.data.error });
  return new ApiError({ status, code: `http.${String(status)}`, message: `The gateway answered with an error (${String(status)}).` });
}
