import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEventParser, EVENT_LENGTH_MAX } from '#gateway/cli/server-events.ts';

const STREAM = ': keep\n\nevent: entry\nid: 7\ndata: {"a":1}\n\ndata: plain\r\n\r\nevent: reset\ndata: {}\n\n';
const EVENTS = [
  { name: 'entry', data: '{"a":1}' },
  { name: 'message', data: 'plain' },
  { name: 'reset', data: '{}' },
];

describe('a stream of server events', () => {
  it('is the same however it is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(STREAM.length), { maxLength: 8 }), (cuts) => {
        const edges = [0, ...cuts.sort((left, right) => left - right), STREAM.length];
        const parser = createEventParser();
        const events = edges.slice(1).flatMap((edge, index) => parser.push(STREAM.slice(edges[index], edge)));
        expect(events).toEqual(EVENTS);
      }),
    );
  });

  it('refuses an event without an end', () => {
    expect(createEventParser().push('x'.repeat(EVENT_LENGTH_MAX))).toEqual([]);
    expect(() => createEventParser().push('x'.repeat(EVENT_LENGTH_MAX + 1))).toThrow(/without an end/);
  });
});
