import { request as requestHttp, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { z } from 'zod';
import { tryParse } from '../domain/try-parse.ts';
import { errorBodySchema } from '../http/contract/common.ts';
import { CliError, EXIT } from './cli-error.ts';
import { readServerEvents, type ServerEvent } from './server-events.ts';

/** Where the gateway is: its control socket on this machine, or its address with a bearer token. */
export type ApiTarget =
  { readonly kind: 'socket'; readonly path: string } | { readonly kind: 'url'; readonly url: string; readonly token: string };

/** Longest answer that is read, bytes: the directory of a large site. */
export const ANSWER_BYTES_MAX = 33_554_432;
/** A suspension waits up to 2 s for relying parties; anything much longer is a gateway that hangs. */
export const ANSWER_TIMEOUT_MS = 15_000;

export interface ApiClient {
  get<S extends z.ZodType>(path: string, schema: S, options?: { readonly timeoutMs: number }): Promise<z.output<S>>;
  post<S extends z.ZodType>(path: string, body: unknown, schema: S, options?: { readonly timeoutMs: number }): Promise<z.output<S>>;
  /** One file as it is. */
  postBytes<S extends z.ZodType>(path: string, bytes: Uint8Array, schema: S): Promise<z.output<S>>;
  /** Server-sent events until `signal` aborts or the gateway ends the stream. */
  events(path: string, onEvent: (event: ServerEvent) => void, signal: AbortSignal): Promise<void>;
}

interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly accept: string;
  readonly body?: unknown;
  readonly bytes?: Uint8Array;
  readonly signal?: AbortSignal;
}

export function createApiClient(target: ApiTarget): ApiClient {
  const ask = async <S extends z.ZodType>(call: Call, schema: S, timeoutMs = ANSWER_TIMEOUT_MS): Promise<z.output<S>> => {
    const signal = AbortSignal.timeout(timeoutMs);
    const { response, text } = await exchange(target, { ...call, signal }).catch((cause: unknown) => {
      if (!signal.aborted) throw cause;
      const late = `the gateway has not answered within ${timeoutMs / 1_000} s; what it was asked for may still go on there`;
      throw new CliError(EXIT.unreachable, late, { cause });
    });
    const answer = parseJson(text);
    assertSuccess(response, answer);
    const parsed = tryParse(schema, answer);
    if (!parsed.success) throw new CliError(EXIT.unreachable, `the gateway answered ${call.path} in a form this program does not know`);
    return parsed.data;
  };
  return {
    get: (path, schema, options) => ask({ method: 'GET', path, accept: 'application/json' }, schema, options?.timeoutMs),
    post: (path, body, schema, options) => ask({ method: 'POST', path, accept: 'application/json', body }, schema, options?.timeoutMs),
    postBytes: (path, bytes, schema) => ask({ method: 'POST', path, accept: 'application/json', bytes }, schema),
    events: async (path, onEvent, signal) => {
      const response = await send(target, { method: 'GET', path, accept: 'text/event-stream', signal });
      if (response.statusCode !== 200) assertSuccess(response, parseJson(await readBody(response)));
      await readServerEvents(response, onEvent, signal);
    },
  };
}

async function exchange(target: ApiTarget, call: Call): Promise<{ readonly response: IncomingMessage; readonly text: string }> {
  const response = await send(target, call);
  return { response, text: await readBody(response) };
}

function send(target: ApiTarget, call: Call): Promise<IncomingMessage> {
  const body = call.bytes ?? (call.body === undefined ? null : Buffer.from(JSON.stringify(call.body), 'utf8'));
  const type = call.bytes === undefined ? 'application/json' : 'application/octet-stream';
  const headers = {
    accept: call.accept,
    ...(target.kind === 'url' ? { authorization: `Bearer ${target.token}` } : {}),
    ...(body === null ? {} : { 'content-type': type, 'content-length': body.length }),
  };
  const options: RequestOptions = { method: call.method, headers, ...(call.signal === undefined ? {} : { signal: call.signal }) };
  return new Promise((resolve, reject) => {
    const request = openRequest(target, call.path, options);
    request.on('response', resolve);
    request.on('error', (cause) => reject(unreachable(target, cause)));
    request.end(body ?? undefined);
  });
}

function openRequest(target: ApiTarget, path: string, options: RequestOptions) {
  if (target.kind === 'socket') return requestHttp({ ...options, socketPath: target.path, path });
  const url = new URL(path, target.url);
  return url.protocol === 'https:' ? requestHttps(url, options) : requestHttp(url, options);
}

function unreachable(target: ApiTarget, cause: Error): CliError {
  const where = target.kind === 'socket' ? `at ${target.path}` : `at ${target.url}`;
  const hint = target.kind === 'socket' ? ' Is it running, and is this its data folder (--data-dir)?' : '';
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.name;
  if (code === 'EACCES') return new CliError(EXIT.unreachable, `the control socket ${where} belongs to another user (EACCES)`, { cause });
  return new CliError(EXIT.unreachable, `no gateway answers ${where} (${code}).${hint}`, { cause });
}

async function readBody(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let lengthBytes = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      lengthBytes += chunk.length;
      if (lengthBytes > ANSWER_BYTES_MAX) throw new CliError(EXIT.unreachable, `the gateway answered more than ${ANSWER_BYTES_MAX} bytes`);
      chunks.push(chunk);
    }
  } catch (cause) {
    if (cause instanceof CliError) throw cause;
    throw new CliError(EXIT.unreachable, 'the gateway broke off its answer', { cause });
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Undefined fits no schema: what follows says what is wrong.
    return undefined;
  }
}

/** 4xx: the gateway understood and refused. 5xx: it could not. */
function assertSuccess(response: IncomingMessage, answer: unknown): void {
  const status = response.statusCode ?? 0;
  if (status >= 200 && status < 300) return;
  const parsed = tryParse(errorBodySchema, answer);
  if (!parsed.success) throw new CliError(EXIT.unreachable, `the gateway answered with status ${status} and no reason`);
  const { code, message, field, decisionId } = parsed.data.error;
  const details = [code, field === undefined ? '' : `field ${field}`, decisionId === undefined ? '' : `decision ${decisionId}`];
  const text = `${message} (${details.filter((detail) => detail !== '').join(', ')})`;
  throw new CliError(toExitCode(status), text, { answer });
}

function toExitCode(status: number): CliError['exitCode'] {
  if (status >= 500) return EXIT.unreachable;
  return status === 400 || status === 413 || status === 415 ? EXIT.usage : EXIT.refused;
}
