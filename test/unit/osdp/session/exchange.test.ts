import { describe, expect, it } from 'vitest';
import { BUSY_MAX, COMMANDS_MAX, COMMAND_AGE_MAX_MS, RETRIES_MAX, URGENT_COMMANDS_MAX } from '#adapters/osdp/session/limits.ts';
import { nextTurnMs } from '#adapters/osdp/session/state.ts';
import type { Command } from '#adapters/osdp/messages/commands.ts';
import { OUTPUT_ACTION } from '#adapters/osdp/messages/output-codecs.ts';
import { SessionRig, frameOf } from './session-rig.ts';

const BUZ: Command = { name: 'BUZ', body: { reader: 0, tone: 2, on100Ms: 1, off100Ms: 1, count: 1 } };
const OUT: Command = { name: 'OUT', body: [{ output: 0, action: OUTPUT_ACTION.onForTime, timer100Ms: 1 }] };
const NO_BYTES = new Uint8Array(0);
const ACK = { name: 'ACK', body: {} } as const;

describe('retries', () => {
  it('repeats identical bytes under the same sequence, then goes off line', () => {
    const rig = new SessionRig().bringOnline();
    const first = rig.turn() ?? NO_BYTES;
    for (let retry = 1; retry <= RETRIES_MAX; retry += 1) {
      rig.overdue();
      expect(rig.turn()).toEqual(first);
    }
    rig.overdue();
    expect(rig.effects.slice(-1)).toEqual([{ kind: 'offline', cause: 'timeout' }]);
    expect(rig.state).toMatchObject({ phase: 'identify', sequence: 0 });
  });

  it('takes the reply that the PD repeats, and the chain goes on', () => {
    const rig = new SessionRig().bringOnline();
    const poll = rig.turn() ?? NO_BYTES;
    rig.replyTo(poll);
    rig.overdue();
    rig.hear(rig.replyTo(rig.turn() ?? NO_BYTES));
    for (let polls = 0; polls < 10; polls += 1) rig.exchange();
    expect(rig.kinds()).toEqual([]);
    expect(rig.state.phase).toBe('online');
  });

  it('sends again at once when the PD heard a bad check', () => {
    const rig = new SessionRig().bringOnline();
    const poll = rig.turn();
    rig.hear(rig.forged({ name: 'NAK', body: { code: 1, detail: NO_BYTES } }));
    expect(rig.turn()).toEqual(poll);
  });

  it('ignores a reply that arrives twice', () => {
    const rig = new SessionRig().bringOnline();
    const reply = rig.replyTo(rig.turn() ?? NO_BYTES);
    rig.hear(reply);
    rig.turn();
    rig.hear(reply);
    expect(rig.kinds()).toEqual(['discarded']);
    expect(rig.state.exchange.name).toBe('awaiting_reply');
  });
});

describe('BUSY', () => {
  it('keeps sequence, bytes and chain, and the command is carried out afterwards', () => {
    const rig = new SessionRig().bringOnline();
    rig.pd.beBusy(3);
    rig.command(OUT, 'urgent');
    const sent = rig.turn() ?? NO_BYTES;
    rig.hear(rig.replyTo(sent));
    expect(rig.turn()).toEqual(sent);
    rig.hear(rig.replyTo(sent));
    rig.exchange();
    rig.exchange();
    expect(rig.done(1)).toMatchObject({ result: 'ok', reply: { name: 'ACK' }, nak: null });
    expect(rig.pd.outputs[0]).toBe(true);
    rig.pd.dispose();
  });

  it('is endured this often and not once more', () => {
    const rig = new SessionRig().bringOnline();
    rig.pd.beBusy(BUSY_MAX + 1);
    for (let busy = 0; busy < BUSY_MAX; busy += 1) rig.exchange();
    expect(rig.kinds()).toEqual([]);
    rig.exchange();
    expect(rig.kinds()).toContain('offline');
  });
});

describe('coming back', () => {
  it('looks for a lost reader at once, then after 250, 500, 800 and 800 ms', () => {
    const rig = new SessionRig().bringOnline();
    rig.nowMs += 60_000;
    rig.event({ kind: 'link_down', nowMs: rig.nowMs });
    const pauses: number[] = [];
    for (let probes = 0; probes < 6; probes += 1) {
      pauses.push(nextTurnMs(rig.state) - rig.nowMs);
      rig.turn();
      rig.overdue();
    }
    expect(pauses).toEqual([0, 250, 500, 800, 800, 800]);
  });

  it('says never_seen of a reader that has not answered once, and says it once', () => {
    const rig = new SessionRig();
    for (let probes = 0; probes < 5; probes += 1) {
      rig.turn();
      rig.overdue();
    }
    expect(rig.effects.filter(({ kind }) => kind === 'offline')).toEqual([{ kind: 'offline', cause: 'never_seen' }]);
  });

  it('says once that a reader is silent, although its line is opened again in vain', () => {
    const rig = new SessionRig().bringOnline();
    for (let round = 0; round < 5; round += 1) {
      for (let probes = 0; probes < 8; probes += 1) {
        rig.turn();
        rig.overdue();
      }
      rig.event({ kind: 'link_down', nowMs: rig.nowMs });
      rig.event({ kind: 'link_up', nowMs: rig.nowMs });
    }
    expect(rig.effects.filter(({ kind }) => kind === 'offline')).toEqual([{ kind: 'offline', cause: 'timeout' }]);
  });

  it('greets a reader that restarted at once and without alarm', () => {
    const rig = new SessionRig().bringOnline();
    rig.pd.reboot();
    rig.exchange();
    const startMs = rig.nowMs;
    rig.bringOnlineKeepingEffects();
    expect(rig.alarms()).toEqual([]);
    expect(rig.nowMs - startMs).toBeLessThan(100);
    expect(rig.kinds().filter((kind) => kind === 'offline' || kind === 'online')).toEqual(['offline', 'online']);
  });

  it('gives a reader that answered its probe late the full time at once', () => {
    const rig = new SessionRig();
    rig.turn();
    rig.overdue();
    const probe = rig.turn() ?? NO_BYTES;
    rig.overdue();
    rig.nowMs += 30;
    rig.hear(rig.replyTo(probe));
    expect(nextTurnMs(rig.state)).toBe(rig.nowMs);
    expect(rig.state.isPatient).toBe(true);
  });
});

describe('command queue', () => {
  it('takes as many commands as it holds and refuses the next', () => {
    const rig = new SessionRig().bringOnline();
    for (let count = 0; count < COMMANDS_MAX; count += 1) expect(rig.command(BUZ)).toEqual([]);
    expect(rig.command(BUZ)).toMatchObject([{ kind: 'command_done', id: COMMANDS_MAX + 1, result: 'queue_full' }]);
    expect(rig.command(OUT, 'urgent')).toEqual([]);
  });

  it('has places of its own for unlocks, and refuses one more than those', () => {
    const rig = new SessionRig().bringOnline();
    for (let count = 0; count < URGENT_COMMANDS_MAX; count += 1) expect(rig.command(OUT, 'urgent')).toEqual([]);
    expect(rig.command(OUT, 'urgent')).toMatchObject([{ result: 'queue_full' }]);
    expect(rig.command(BUZ)).toEqual([]);
  });

  it('sends an unlock in the next slot, before commands that came earlier and before the next poll is due', () => {
    const rig = new SessionRig().bringOnline();
    rig.command(BUZ);
    rig.command(OUT, 'urgent');
    const atMs = rig.nowMs;
    const sent = rig.turn() ?? NO_BYTES;
    expect(frameOf(sent).code).toBe(0x68);
    expect(rig.nowMs).toBe(atMs);
    rig.hear(rig.replyTo(sent));
    expect(frameOf(rig.turn() ?? NO_BYTES).code).toBe(0x6a);
    rig.pd.dispose();
  });

  it('refuses commands while the reader is off line, and fails waiting ones when it goes', () => {
    const rig = new SessionRig();
    expect(rig.command(OUT, 'urgent')).toMatchObject([{ result: 'offline' }]);
    rig.bringOnline();
    rig.command(OUT, 'urgent');
    rig.turn();
    rig.command(BUZ);
    const effects = rig.event({ kind: 'link_down', nowMs: rig.nowMs });
    expect(effects.filter(({ kind }) => kind === 'command_done')).toMatchObject([{ result: 'offline' }, { result: 'offline' }]);
    expect(rig.state.queue).toEqual([]);
  });

  it('drops a command that waited too long, and not one that waited just long enough', () => {
    for (const [waitMs, sentCode] of [
      [COMMAND_AGE_MAX_MS, 0x68],
      [COMMAND_AGE_MAX_MS + 1, 0x60],
    ] as const) {
      const rig = new SessionRig().bringOnline();
      rig.command(OUT, 'urgent');
      rig.nowMs += waitMs;
      expect(frameOf(rig.turn() ?? NO_BYTES).code).toBe(sentCode);
    }
  });

  it('says refused when the reader says no, and stays on line', () => {
    const rig = new SessionRig().bringOnline();
    rig.command({ name: 'RMODE', body: {} });
    rig.exchange();
    expect(rig.done(1)).toMatchObject({ result: 'refused', nak: 3 });
    expect(rig.state.phase).toBe('online');
  });
});

describe('what does not fit the secure channel', () => {
  it.each([
    ['an ACK in clear', (rig: SessionRig) => rig.forged(ACK), 'osdp.cleartext_refused'],
    [
      'a card in clear',
      (rig: SessionRig) => rig.forged({ name: 'RAW', body: { reader: 0, format: 1, bitCount: 8, bits: Uint8Array.of(1) } }),
      'osdp.cleartext_refused',
    ],
    [
      'a PIN in clear',
      (rig: SessionRig) => rig.forged({ name: 'KEYPAD', body: { reader: 0, keys: Uint8Array.of(0x31) } }),
      'osdp.cleartext_refused',
    ],
  ] as const)('drops it for %s with one alarm, and opens another within a second', (_, forge, alarm) => {
    const rig = new SessionRig().bringOnline();
    rig.turn();
    rig.hear(forge(rig));
    const startMs = rig.nowMs;
    rig.bringOnlineKeepingEffects();
    expect(rig.alarms()).toEqual([alarm]);
    expect(rig.kinds()).not.toContain('card_read');
    expect(rig.nowMs - startMs).toBeLessThan(1_000);
  });

  it('drops it for a wrong MAC', () => {
    const rig = new SessionRig().bringOnline();
    const frame = frameOf(rig.replyTo(rig.turn() ?? NO_BYTES));
    const mac = Uint8Array.from(frame.mac ?? [], (byte) => byte ^ 1);
    rig.event({ kind: 'frame', nowMs: rig.nowMs, frame: { ...frame, mac } });
    expect(rig.alarms()).toEqual(['osdp.mac_mismatch']);
    expect(rig.kinds()).toContain('forget_keys');
    rig.bringOnline();
  });

  it('ignores a frame with another sequence, with one alarm, and still takes the true reply', () => {
    const rig = new SessionRig().bringOnline();
    const old = rig.replyTo(rig.turn() ?? NO_BYTES);
    rig.hear(old);
    rig.exchange();
    const poll = rig.turn() ?? NO_BYTES;
    rig.hear(old);
    expect(rig.alarms()).toEqual(['osdp.sequence_anomaly']);
    rig.hear(rig.replyTo(poll));
    expect(rig.state).toMatchObject({ phase: 'online', exchange: { name: 'idle' } });
  });

  it('raises an alarm for a card in clear that nobody asked for', () => {
    const rig = new SessionRig().bringOnline();
    rig.hear(rig.forged({ name: 'RAW', body: { reader: 0, format: 1, bitCount: 8, bits: Uint8Array.of(1) } }));
    expect(rig.kinds()).toEqual(['alarm', 'discarded']);
  });
});
