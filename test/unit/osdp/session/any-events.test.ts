import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COMMANDS_MAX, URGENT_COMMANDS_MAX } from '#adapters/osdp/session/limits.ts';
import type { SessionEvent } from '#adapters/osdp/session/transition.ts';
import { bytesOf, frameFields } from '../wire/frame-samples.ts';
import { SessionRig, frameOf } from './session-rig.ts';

const key = fc.uint8Array({ minLength: 15, maxLength: 16 });
const small = fc.uint8Array({ maxLength: 400 });

/** Everything that a driver can tell a session, at any moment. */
const event = (rig: SessionRig) => {
  const at = { nowMs: rig.nowMs, id: 1_000 };
  return fc.oneof(
    fc.constant({ kind: 'link_up', ...at } as const),
    fc.constant({ kind: 'link_down', ...at } as const),
    fc.constant({ kind: 'key_missing', ...at } as const),
    fc.constant({ kind: 'reply_overdue', ...at } as const),
    fc.constant({ kind: 'abort', ...at } as const),
    fc.constant({ kind: 'close_install_window', ...at } as const),
    key.map((newKey) => ({ kind: 'set_key', ...at, newKey: Uint8Array.from(newKey) }) as const),
    fc
      .record({ address: fc.integer({ min: -1, max: 130 }), baud: fc.nat() })
      .map((wanted) => ({ kind: 'set_line', ...at, wanted }) as const),
    small.map((bytes) => ({ kind: 'transfer', ...at, file: { type: 1, bytes: Uint8Array.from(bytes) } }) as const),
    fc
      .tuple(key, key)
      .map(([first, final]) => ({
        id: 1_000,
        firstKey: Uint8Array.from(first),
        finalKey: Uint8Array.from(final),
        untilMs: rig.nowMs + 5_000,
      }))
      .map((window) => ({ kind: 'install_window', ...at, window }) as const),
    small
      .map((data) => ({ code: 0xa4, data: Uint8Array.from(data) }))
      .map(
        (body) =>
          ({
            kind: 'command',
            ...at,
            command: { id: 1_000, command: { name: 'RAW_COMMAND', body }, priority: 'normal', queuedMs: rig.nowMs },
          }) as const,
      ),
    frameFields.map(
      (fields) => ({ kind: 'frame', ...at, frame: frameOf(bytesOf({ ...fields, address: 1, direction: 'reply' })) }) as const,
    ),
  ) satisfies fc.Arbitrary<SessionEvent>;
};

describe('a session, whatever happens to it', () => {
  it('never throws, stays bounded, and takes cards and goes on line only inside a channel', () => {
    fc.assert(
      fc.property(fc.gen(), fc.array(fc.boolean(), { maxLength: 80 }), (gen, isExchange) => {
        const rig = new SessionRig();
        for (const exchanges of isExchange) {
          const seen = rig.effects.length;
          const before = rig.state.security.name;
          if (exchanges) rig.exchange();
          else rig.event(gen(event, rig));
          const said = rig.effects.slice(seen).map(({ kind }) => kind);
          if (said.includes('card_read') || said.includes('online') || said.includes('keypad')) expect(before).toBe('open');
          if (said.includes('online')) expect(rig.state.installation).toBeNull();
          if (rig.state.phase === 'online') expect(rig.state.security.name).toBe('open');
          expect(rig.state.queue.length).toBeLessThanOrEqual(COMMANDS_MAX + URGENT_COMMANDS_MAX);
        }
        rig.event({ kind: 'stop', nowMs: rig.nowMs });
        expect(rig.state).toMatchObject({
          operation: null,
          transfer: null,
          keyChange: null,
          lineChange: null,
          installation: null,
          queue: [],
        });
        rig.pd.dispose();
      }),
      { numRuns: 300 },
    );
  });
});
