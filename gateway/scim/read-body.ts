import type { IncomingMessage } from 'node:http';
import { readBytes } from '../http/lean/read-bytes.ts';
import { ScimError } from './scim-error.ts';

/** Longest body of a request, bytes; `maxPayloadSize` of a bulk request too. */
export const SCIM_BODY_BYTES_MAX = 1_048_576;
/** Deepest nesting of a body. */
export const SCIM_DEPTH_MAX = 16;

const TOO_LARGE = `The body is longer than ${String(SCIM_BODY_BYTES_MAX)} bytes.`;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** A JSON object. What is too large is not read to its end. @throws ScimError */
export async function readBody(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  const { headers } = request;
  const [mediaType = ''] = (headers['content-type'] ?? '').split(';');
  if (!['application/scim+json', 'application/json'].includes(mediaType.trim().toLowerCase()))
    throw new ScimError(415, null, 'Bodies are application/scim+json or application/json.');
  if ((headers['content-encoding'] ?? 'identity') !== 'identity') throw new ScimError(415, null, 'Content-Encoding is not supported.');
  const bytes = await readBytes(request, SCIM_BODY_BYTES_MAX);
  if (bytes === null) throw new ScimError(413, null, TOO_LARGE);
  const value = parse(bytes);
  if (!isRecord(value)) throw new ScimError(400, 'invalidSyntax', 'The body is not a JSON object.');
  if (isDeeper(value, SCIM_DEPTH_MAX))
    throw new ScimError(400, 'invalidSyntax', `The body is nested deeper than ${String(SCIM_DEPTH_MAX)}.`);
  return value;
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(bytes), (key, value: unknown) => (key === '__proto__' ? undefined : value));
  } catch {
    throw new ScimError(400, 'invalidSyntax', 'The body is not JSON in UTF-8.');
  }
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1));
}
