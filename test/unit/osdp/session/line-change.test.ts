import { describe, expect, it } from 'vitest';
import { LINE_TRIAL_MS } from '#adapters/osdp/session/limits.ts';
import { SessionRig } from './session-rig.ts';

function setLine(rig: SessionRig, address: number, baud = 38_400): void {
  rig.event({ kind: 'set_line', nowMs: rig.nowMs, id: 1, wanted: { address, baud } });
}

/** Waits in vain for that long. */
function search(rig: SessionRig, durationMs: number): void {
  const untilMs = rig.nowMs + durationMs;
  while (rig.nowMs < untilMs) rig.exchange();
}

describe('another address and speed', () => {
  it('are kept when the reader opens a channel there', () => {
    const rig = new SessionRig().bringOnline();
    setLine(rig, 9);
    expect(rig.untilDone(1).result).toBe('ok');
    rig.bringOnlineKeepingEffects();
    expect(rig.state.config.address).toBe(9);
    const told = rig.effects.filter(({ kind }) => kind === 'line_settings' || kind === 'line_changed');
    expect(told).toEqual([
      { kind: 'line_settings', address: 9, baud: 38_400 },
      { kind: 'line_changed', address: 9, baud: 38_400 },
    ]);
    expect(rig.alarms()).toEqual([]);
  });

  it('are tried when only the answer was lost', () => {
    const rig = new SessionRig().bringOnline();
    setLine(rig, 9);
    rig.replyTo(rig.turn() ?? new Uint8Array(0));
    rig.overdue();
    rig.until(() => rig.done(1) !== undefined);
    expect(rig.done(1)?.result).toBe('ok');
    expect(rig.state.config.address).toBe(9);
  });

  it('fall back to the old ones when the reader never took them', () => {
    const rig = new SessionRig().bringOnline();
    setLine(rig, 9);
    rig.turn();
    rig.event({ kind: 'link_down', nowMs: rig.nowMs });
    expect(rig.state.config.address).toBe(9);
    search(rig, LINE_TRIAL_MS);
    rig.until(() => rig.done(1) !== undefined);
    expect(rig.done(1)?.result).toBe('refused');
    rig.bringOnlineKeepingEffects();
    expect(rig.state.config.address).toBe(1);
    expect(rig.kinds()).toContain('line_unchanged');
    expect(rig.effects).toContainEqual({ kind: 'line_settings', address: 1, baud: null });
  });

  it('end in the old place when the reader is nowhere', () => {
    const rig = new SessionRig().bringOnline();
    setLine(rig, 9);
    rig.turn();
    rig.pd.goSilent(true);
    rig.event({ kind: 'link_down', nowMs: rig.nowMs });
    search(rig, 2 * LINE_TRIAL_MS + 2_000);
    expect(rig.done(1)?.result).toBe('timeout');
    expect(rig.state).toMatchObject({ lineChange: null, config: { address: 1 } });
  });

  it.each([
    [-1, 38_400],
    [127, 38_400],
    [1.5, 38_400],
    [9, 0],
    [9, 12_345],
    [9, -1],
  ])('are not asked for with address %d and speed %d', (address, baud) => {
    const rig = new SessionRig().bringOnline();
    setLine(rig, address, baud);
    expect(rig.done(1)?.result).toBe('unsupported');
  });

  it('are not asked of a reader that is off line, nor twice at once', () => {
    const rig = new SessionRig();
    setLine(rig, 9);
    expect(rig.done(1)?.result).toBe('offline');
    rig.bringOnline();
    setLine(rig, 9);
    rig.event({ kind: 'set_line', nowMs: rig.nowMs, id: 2, wanted: { address: 8, baud: 9_600 } });
    expect(rig.done(2)?.result).toBe('queue_full');
  });
});
