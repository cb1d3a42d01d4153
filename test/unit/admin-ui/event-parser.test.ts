import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEventParser, EVENT_CHARS_MAX } from '#admin-ui/src/shared/live/event-parser.ts';

const stream = ': listening\n\nevent: entry\nid: 7\ndata: {"a":1}\n\n: still here\n\nevent: reset\ndata: {}\n\n';
const events = [
  { name: 'entry', id: '7', data: '{"a":1}' },
  { name: 'reset', id: '', data: '{}' },
];

describe('createEventParser', () => {
  it('reads the same events wherever the stream is cut', () => {
    for (let cut = 0; cut <= stream.length; cut += 1) {
      const parser = createEventParser();
      expect([...parser.push(stream.slice(0, cut)), ...parser.push(stream.slice(cut))]).toEqual(events);
    }
  });

  it('reads CRLF line ends and data of several lines', () => {
    expect(createEventParser().push('event: entry\r\ndata: one\r\ndata: two\r\n\r\n')).toEqual([
      { name: 'entry', id: '', data: 'one\ntwo' },
    ]);
  });

  it('gives no event for comments', () => {
    expect(createEventParser().push(': still here\n\n')).toEqual([]);
  });

  it('keeps an unfinished event of EVENT_CHARS_MAX and refuses one that is longer', () => {
    expect(createEventParser().push('x'.repeat(EVENT_CHARS_MAX))).toEqual([]);
    expect(() => createEventParser().push('x'.repeat(EVENT_CHARS_MAX + 1))).toThrow(RangeError);
  });

  it('never throws on short arbitrary text', () => {
    fc.assert(fc.property(fc.array(fc.string()), (pieces) => void pieces.flatMap(createEventParser().push)));
  });
});
