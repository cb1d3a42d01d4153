import type { IncomingMessage } from 'node:http';
import { readBytes } from '../lean/read-bytes.ts';

/** Longest request body, bytes: EVALUATIONS_MAX questions of about 1 KB. */
export const AUTHZEN_BODY_BYTES_MAX = 131_072;
/** Deepest nesting of a body: what is deeper is nobody's question and only costs stack. */
export const JSON_DEPTH_MAX = 32;

export type JsonBody =
  { readonly kind: 'json'; readonly value: unknown } | { readonly kind: 'refused'; readonly status: 400 | 413; readonly message: string };

const refuse = (message: string, status: 400 | 413 = 400): JsonBody => ({ kind: 'refused', status, message });
const TOO_LARGE = `body: is longer than ${String(AUTHZEN_BODY_BYTES_MAX)} bytes`;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Reads a JSON body. What is too large is not read to its end. */
export async function readJson(request: IncomingMessage): Promise<JsonBody> {
  const { headers } = request;
  const [mediaType = ''] = (headers['content-type'] ?? '').split(';');
  if (mediaType.trim().toLowerCase() !== 'application/json') return refuse('content-type: must be application/json');
  if ((headers['content-encoding'] ?? 'identity') !== 'identity') return refuse('content-encoding: is not supported');
  const bytes = await readBytes(request, AUTHZEN_BODY_BYTES_MAX);
  if (bytes === null) return refuse(TOO_LARGE, 413);
  try {
    const text = utf8.decode(bytes);
    if (nestingOf(text) > JSON_DEPTH_MAX) return refuse(`body: is nested deeper than ${String(JSON_DEPTH_MAX)}`);
    return { kind: 'json', value: JSON.parse(text) };
  } catch {
    return refuse('body: is not JSON in UTF-8');
  }
}

/** Depth of the brackets outside of strings; right for JSON, and good enough for what will be refused as none. */
function nestingOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charCodeAt(index);
    if (inString) {
      if (character === BACKSLASH) index += 1;
      else if (character === QUOTE) inString = false;
      continue;
    }
    if (character === QUOTE) inString = true;
    else if (character === OPEN_BRACE || character === OPEN_BRACKET) deepest = Math.max(deepest, (depth += 1));
    else if (character === CLOSE_BRACE || character === CLOSE_BRACKET) depth -= 1;
  }
  return deepest;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
