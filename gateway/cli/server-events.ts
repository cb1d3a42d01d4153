import type { IncomingMessage } from 'node:http';
import { StringDecoder } from 'node:string_decoder';
import { CliError, EXIT } from './cli-error.ts';

export interface ServerEvent {
  readonly name: string;
  readonly data: string;
}

/** Longest unfinished event, characters. */
export const EVENT_LENGTH_MAX = 1_048_576;

export interface EventParser {
  /** @throws CliError an event exceeds EVENT_LENGTH_MAX. */
  push(text: string): readonly ServerEvent[];
}

/** The WHATWG event-stream format, as far as this API uses it: `event`, `data` and comment lines. */
export function createEventParser(): EventParser {
  let rest = '';
  return {
    push: (text) => {
      const blocks = `${rest}${text}`.replaceAll('\r\n', '\n').split('\n\n');
      rest = blocks.pop() ?? '';
      if (rest.length > EVENT_LENGTH_MAX) throw new CliError(EXIT.unreachable, 'the gateway sent an event without an end');
      return blocks.map(parseBlock).filter((event) => event.data !== '');
    },
  };
}

function parseBlock(block: string): ServerEvent {
  let name = 'message';
  const data: string[] = [];
  for (const line of block.split('\n')) {
    const [, field, value = ''] = /^(event|data): ?(.*)$/.exec(line) ?? [];
    if (field === 'event') name = value;
    if (field === 'data') data.push(value);
  }
  return { name, data: data.join('\n') };
}

/** Resolves when the caller aborts; a stream that ends by itself is a gateway that went away. */
export async function readServerEvents(
  response: IncomingMessage,
  onEvent: (event: ServerEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  const decoder = new StringDecoder('utf8');
  const parser = createEventParser();
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) for (const event of parser.push(decoder.write(chunk))) onEvent(event);
  } catch (cause) {
    if (signal.aborted) return;
    if (cause instanceof CliError) throw cause;
    throw new CliError(EXIT.unreachable, 'the gateway broke off the stream', { cause });
  }
  if (!signal.aborted) throw new CliError(EXIT.unreachable, 'the gateway ended the stream');
}
