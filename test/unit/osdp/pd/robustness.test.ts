import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandTable } from '#adapters/osdp/messages/commands.ts';
import { ASSEMBLY_MAX } from '#adapters/osdp/messages/multi-part.ts';
import { createLineResponder } from '#adapters/osdp/simulator/simulated-line.ts';
import { PD_EVENTS_MAX } from '#adapters/osdp/simulator/pd-events.ts';
import { type Sequence } from '#adapters/osdp/wire/control-byte.ts';
import { encodeFrame } from '#adapters/osdp/wire/frame.ts';
import { ADDRESS, PdRig, frameOf } from './pd-rig.ts';

const POLL = { name: 'POLL', body: {} } as const;
const body = fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ maxLength: 300 }));
const block = fc.oneof(
  fc.constant(null),
  fc.record({ type: fc.oneof(fc.integer({ min: 0x11, max: 0x18 }), fc.nat(255)), data: fc.uint8Array({ maxLength: 3 }) }),
);
const frame = fc.record({ sequence: fc.nat(3), code: fc.oneof(fc.integer({ min: 0x60, max: 0xa7 }), fc.nat(255)), data: body, block });

function bytesOf(fields: {
  readonly sequence: number;
  readonly code: number;
  readonly data: Uint8Array;
  readonly block: { type: number; data: Uint8Array } | null;
}) {
  const envelope = { address: ADDRESS, direction: 'command', check: 'crc' } as const;
  return encodeFrame({ ...envelope, ...fields, sequence: fields.sequence as Sequence }, () => new Uint8Array(4));
}

describe('a PD on a hostile line', () => {
  it('never throws, answers each frame at most once, and is itself again at sequence 0', () => {
    fc.assert(
      fc.property(
        fc.array(frame, { maxLength: 12 }),
        fc.constantFrom('keyed' as const, 'install' as const, 'none' as const),
        (frames, security) => {
          const rig = new PdRig({ security });
          for (const fields of frames) rig.pd.handle(frameOf(bytesOf(fields)));
          // A COMSET among them may have moved it.
          if (rig.pd.address !== ADDRESS) return;
          rig.sequence = 0;
          expect(rig.clear({ name: 'ID', body: { form: 0 } })?.reply?.name).toMatch(/PDID|BUSY/);
          if (security === 'none') return;
          rig.opened();
          expect(rig.secured(POLL).reply).not.toBeNull();
          rig.pd.dispose();
        },
      ),
      { numRuns: 300 },
    );
  });

  it('answers every command inside its channel with a reply of the channel, whatever the body', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ code: fc.integer({ min: 0x60, max: 0xb0 }), data: body }), { maxLength: 12 }), (messages) => {
        const rig = new PdRig().opened();
        for (const { code, data } of messages) {
          const parsed = commandTable.parse(code, data);
          if (!parsed.ok || parsed.message.name === 'COMSET') continue;
          if (parsed.message.name === 'CHLNG' || parsed.message.name === 'SCRYPT') continue;
          expect(rig.secured(parsed.message).frame.mac).not.toBeNull();
        }
        expect(rig.secured(POLL).reply).not.toBeNull();
        rig.pd.dispose();
      }),
      { numRuns: 200 },
    );
  });

  it('answers a frame cut anywhere with silence, and one with a flipped bit with a NAK or silence, and carries neither out', () => {
    const outOn = { name: 'OUT', body: [{ output: 0, action: 2, timer100Ms: 0 }] } as const;
    const probe = new PdRig().opened();
    const length = probe.securedBytes(outOn).length;
    for (let at = 0; at < length * 8; at += 1) {
      const rig = new PdRig().opened();
      const answers: Uint8Array[] = [];
      const hear = createLineResponder([rig.pd], (reply) => answers.push(reply));
      const whole = rig.securedBytes(outOn);
      const changed = Uint8Array.from(whole, (byte, index) => (index === at >> 3 ? byte ^ (1 << (at & 7)) : byte));
      hear(changed);
      expect(answers.every((answer) => frameOf(answer).code === 0x41)).toBe(true);
      expect(answers.length).toBeLessThanOrEqual(1);
      expect(rig.pd.outputs[0]).toBe(false);
      expect(rig.pd.isSecure).toBe(true);
      if (at % 8 === 0) {
        const silent: Uint8Array[] = [];
        createLineResponder([rig.pd], (reply) => silent.push(reply))(whole.subarray(0, at >> 3));
        expect(silent).toEqual([]);
      }
    }
  });

  it('holds no more than its limits: events, parts, and what is claimed costs nothing', () => {
    const rig = new PdRig().opened();
    for (let cards = 0; cards <= PD_EVENTS_MAX; cards += 1) rig.pd.presentCard(Uint8Array.of(cards), 8);
    expect(rig.pd.pendingEvents).toBe(PD_EVENTS_MAX);
    expect(rig.pd.device.events.lost).toBe(1);
    const claim = { total: ASSEMBLY_MAX, offset: 0, data: Uint8Array.of(1), reference: null };
    rig.secured({ name: 'CRAUTH', body: claim });
    expect(rig.pd.protocol.incoming?.assembly.received).toBe(1);
  });

  it('answers noise with nothing but NAKs', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 10 }), (chunks) => {
        const rig = new PdRig();
        const answers: Uint8Array[] = [];
        const hear = createLineResponder([rig.pd], (reply) => answers.push(reply));
        for (const chunk of chunks) hear(Uint8Array.from([0x53, ADDRESS, ...chunk]));
        expect(answers.every((answer) => frameOf(answer).code === 0x41)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});
