import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COMMANDS_MAX, URGENT_COMMANDS_MAX } from '#adapters/osdp/session/limits.ts';
import type { SessionState } from '#adapters/osdp/session/state.ts';
import { step } from '#adapters/osdp/session/step.ts';
import { encodeFrame, parseFrame } from '#adapters/osdp/wire/frame.ts';
import { bitFlips, bytesOf, frameFields } from '../wire/frame-samples.ts';
import { SessionRig, frameOf } from './session-rig.ts';

const action = fc.oneof(
  { weight: 8, arbitrary: fc.constant({ kind: 'exchange' } as const) },
  { weight: 2, arbitrary: fc.constant({ kind: 'lost' } as const) },
  { weight: 2, arbitrary: fc.constant({ kind: 'card' } as const) },
  { weight: 1, arbitrary: fc.constant({ kind: 'reboot' } as const) },
  { weight: 1, arbitrary: fc.constant({ kind: 'link' } as const) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 5 }).map((times) => ({ kind: 'busy', times }) as const) },
  {
    weight: 2,
    arbitrary: fc.constantFrom('urgent' as const, 'normal' as const).map((priority) => ({ kind: 'command', priority }) as const),
  },
  { weight: 3, arbitrary: frameFields.map((fields) => ({ kind: 'noise', fields }) as const) },
);

describe('a session among faults', () => {
  it('never throws, stays bounded, accepts only cards that were shown, and is on line again when the faults end', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
        const rig = new SessionRig();
        let shown = 0;
        for (const next of actions) {
          if (next.kind === 'exchange') rig.exchange();
          else if (next.kind === 'lost') loseReply(rig);
          else if (next.kind === 'reboot') rig.pd.reboot();
          else if (next.kind === 'link') rig.event({ kind: 'link_down', nowMs: rig.nowMs });
          else if (next.kind === 'busy') rig.pd.beBusy(next.times);
          else if (next.kind === 'command')
            rig.command({ name: 'BUZ', body: { reader: 0, tone: 2, on100Ms: 1, off100Ms: 1, count: 1 } }, next.priority);
          else if (next.kind === 'noise') rig.hear(bytesOf({ ...next.fields, address: 1, direction: 'reply' }));
          else {
            shown += 1;
            rig.pd.presentCard(Uint8Array.of(shown), 8);
          }
          expect(rig.state.queue.length).toBeLessThanOrEqual(COMMANDS_MAX + URGENT_COMMANDS_MAX);
        }
        rig.bringOnlineKeepingEffects();
        const read = rig.effects.flatMap((effect) => (effect.kind === 'card_read' ? [effect.bits[0] ?? 0] : []));
        expect(read).toEqual([...new Set(read)].sort((left, right) => left - right));
        expect(read.every((card) => card >= 1 && card <= shown)).toBe(true);
        rig.pd.dispose();
      }),
      { numRuns: 300 },
    );
  });

  it('takes no forged card, whatever envelope and sequence it comes in', () => {
    fc.assert(
      fc.property(frameFields, (fields) => {
        const rig = new SessionRig().bringOnline();
        rig.turn();
        rig.hear(bytesOf({ ...fields, code: 0x50, address: 1, direction: 'reply' }));
        expect(rig.kinds()).not.toContain('card_read');
      }),
      { numRuns: 200 },
    );
  });

  it('takes no card from a frame with any single bit changed', () => {
    const rig = new SessionRig().bringOnline();
    rig.pd.presentCard(Uint8Array.of(1, 2, 3, 64), 26);
    const reply = rig.replyTo(rig.turn() ?? new Uint8Array(0));
    const before: SessionState = rig.state;
    for (const flipped of bitFlips(reply.subarray(0, reply.length - 2))) {
      const frame = parseFrame(Uint8Array.of(...flipped, ...reply.subarray(reply.length - 2)));
      if (frame === null) continue;
      // The true ciphers stay usable for the next variant: the effects are looked at, not performed.
      const { effects } = step(before, { kind: 'frame', nowMs: rig.nowMs, frame });
      expect(effects.filter(({ kind }) => kind === 'card_read')).toEqual([]);
    }
  });

  it('answers nothing to frames that claim to be commands or carry no reply code', () => {
    const rig = new SessionRig().bringOnline();
    rig.turn();
    const strange = encodeFrame({
      address: 1,
      direction: 'reply',
      sequence: rig.state.sequence,
      check: 'crc',
      block: { type: 0x99, data: new Uint8Array(0) },
      code: 0x00,
      data: new Uint8Array(0),
    });
    rig.event({ kind: 'frame', nowMs: rig.nowMs, frame: frameOf(strange) });
    expect(rig.alarms()).toEqual(['osdp.sequence_anomaly']);
    rig.bringOnline();
  });
});

function loseReply(rig: SessionRig): void {
  const sent = rig.turn();
  if (sent === null) return;
  rig.replyTo(sent);
  rig.overdue();
}
