/** Longest unfinished event that is kept; one entry is about 3 KB. */
export const EVENT_CHARS_MAX = 262_144;

export interface ServerEvent {
  readonly name: string;
  readonly id: string;
  readonly data: string;
}

interface EventParser {
  /** Takes the next piece of the stream, cut anywhere, and returns the events that it completes. @throws RangeError over EVENT_CHARS_MAX. */
  readonly push: (text: string) => readonly ServerEvent[];
}

/**
 * `text/event-stream` as in the HTML standard, section 9.2.6, without `retry`. The browser's EventSource is not used since it can
 * neither say where to resume after a reload nor tell a 401 from a broken line.
 */
export function createEventParser(): EventParser {
  let rest = '';
  return {
    push: (text) => {
      rest += text;
      const events: ServerEvent[] = [];
      for (;;) {
        const end = /\r?\n\r?\n/.exec(rest);
        if (end === null) break;
        const event = parseBlock(rest.slice(0, end.index));
        if (event !== null) events.push(event);
        rest = rest.slice(end.index + end[0].length);
      }
      if (rest.length > EVENT_CHARS_MAX) throw new RangeError('event longer than EVENT_CHARS_MAX');
      return events;
    },
  };
}

function parseBlock(block: string): ServerEvent | null {
  let name = 'message';
  let id = '';
  const data: string[] = [];
  for (const line of block.split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon === 0) continue;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') name = value;
    else if (field === 'id') id = value;
    else if (field === 'data') data.push(value);
  }
  return data.length === 0 && name === 'message' ? null : { name, id, data: data.join('\n') };
}
