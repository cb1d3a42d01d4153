import { describe, expect, it } from 'vitest';
import {
  ALARM_ONCE_MS,
  CLEAR_NAKS_MAX,
  CLEAR_NAK_WINDOW_MS,
  CONFLICT_WINDOW_MS,
  LATE_REPLY_PAUSE_MS,
  MAC_BACKOFF_MS,
  MAC_FAILURES_MAX,
  MAC_FAILURE_WINDOW_MS,
  OWED_REPLIES_MAX_MS,
  REKEY_AFTER_EXCHANGES,
  REKEY_AFTER_MS,
} from '#adapters/osdp/session/limits.ts';
import { nextTurnMs } from '#adapters/osdp/session/state.ts';
import { DEFAULT_IDENTITY } from '#adapters/osdp/simulator/pd-description.ts';
import { SessionRig, frameOf } from './session-rig.ts';

const NO_BYTES = new Uint8Array(0);
const other = (name: 'firmware' | 'serial') =>
  name === 'firmware' ? { ...DEFAULT_IDENTITY, firmware: [9, 9, 9] as const } : { ...DEFAULT_IDENTITY, serial: Uint8Array.of(9, 8, 7, 6) };

function breakMac(rig: SessionRig): void {
  const frame = frameOf(rig.replyTo(rig.turn() ?? NO_BYTES));
  rig.event({ kind: 'frame', nowMs: rig.nowMs, frame: { ...frame, mac: Uint8Array.from(frame.mac ?? [], (byte) => byte ^ 1) } });
}

describe('two devices at one address', () => {
  it.each([
    [0, ['osdp.address_conflict']],
    [CONFLICT_WINDOW_MS, ['osdp.address_conflict']],
    [CONFLICT_WINDOW_MS + 1, []],
  ])('are an alarm when the second reply comes %i ms after the first', (afterMs, alarms) => {
    const rig = new SessionRig().bringOnline();
    const poll = rig.turn() ?? NO_BYTES;
    rig.hear(rig.replyTo(poll));
    const second = rig.forged({ name: 'ACK', body: {} }, frameOf(poll).sequence);
    rig.nowMs += afterMs;
    rig.hear(second);
    rig.hear(second);
    expect(rig.alarms()).toEqual(alarms);
    expect(rig.state.phase).toBe('online');
  });

  it('are an alarm again when they show after a while, though the reader never left the line', () => {
    const rig = new SessionRig().bringOnline();
    const collide = (): void => {
      const poll = rig.turn() ?? NO_BYTES;
      rig.hear(rig.replyTo(poll));
      rig.hear(rig.forged({ name: 'NAK', body: { code: 3, detail: NO_BYTES } }, frameOf(poll).sequence));
    };
    collide();
    rig.nowMs += ALARM_ONCE_MS / 2;
    collide();
    expect(rig.alarms()).toHaveLength(1);
    rig.nowMs += ALARM_ONCE_MS;
    collide();
    expect(rig.alarms()).toEqual(['osdp.address_conflict', 'osdp.address_conflict']);
  });

  it('are none when the line delivers a reply twice', () => {
    const rig = new SessionRig().bringOnline();
    const reply = rig.replyTo(rig.turn() ?? NO_BYTES);
    rig.hear(reply);
    rig.hear(reply);
    expect(rig.alarms()).toEqual([]);
  });

  it('are an alarm when the identity changes to and fro', () => {
    const rig = new SessionRig().bringOnline();
    for (const identity of [other('serial'), DEFAULT_IDENTITY]) {
      rig.pd.setIdentity(identity);
      rig.pd.reboot();
      rig.exchange();
      rig.bringOnlineKeepingEffects();
    }
    expect(rig.alarms()).toEqual(['osdp.identity_changed', 'osdp.identity_changed', 'osdp.address_conflict']);
  });
});

describe('a reply that comes while its reader is looked for', () => {
  function lookedFor(): SessionRig {
    const rig = new SessionRig().bringOnline();
    rig.event({ kind: 'link_down', nowMs: rig.nowMs });
    rig.pd.goSilent(true);
    // Until it is only looked for now and then.
    for (let probes = 0; probes < 6; probes += 1) rig.exchange();
    return rig;
  }
  const speak = (rig: SessionRig): void => void rig.hear(rig.forged({ name: 'ACK', body: {} }));

  it('has it asked at once and waited for; one that is always spoken for costs the line no more than that', () => {
    const rig = lookedFor();
    speak(rig);
    expect(nextTurnMs(rig.state)).toBe(rig.nowMs);
    expect(rig.state.isPatient).toBe(true);
    rig.exchange();
    const spokenMs = rig.nowMs;
    speak(rig);
    expect(nextTurnMs(rig.state)).toBeGreaterThan(rig.nowMs);
    expect(rig.state.isPatient).toBe(false);
    rig.nowMs = spokenMs + LATE_REPLY_PAUSE_MS;
    rig.event({ kind: 'link_down', nowMs: rig.nowMs });
    speak(rig);
    expect(nextTurnMs(rig.state)).toBe(rig.nowMs);
    expect(rig.state.isPatient).toBe(true);
  });
});

describe('a reply to a repetition', () => {
  /** The first reply was late: the command went out twice, and both were answered. */
  function repeated(): { readonly rig: SessionRig; readonly second: Uint8Array } {
    const rig = new SessionRig().bringOnline();
    const sent = rig.turn() ?? NO_BYTES;
    rig.overdue();
    rig.turn();
    rig.hear(rig.replyTo(sent));
    const sequence = frameOf(sent).sequence;
    return { rig, second: rig.forged({ name: 'NAK', body: { code: 6, detail: NO_BYTES } }, sequence) };
  }

  it('is expected once, whatever it says, and no alarm', () => {
    const { rig, second } = repeated();
    rig.turn();
    rig.hear(second);
    expect(rig.effects.at(-1)).toEqual({ kind: 'discarded', what: 'second_reply' });
    expect(rig.state).toMatchObject({ phase: 'online', exchange: { name: 'awaiting_reply' } });
    expect(rig.alarms()).toEqual([]);
    rig.hear(second);
    expect(rig.alarms()).toEqual(['osdp.sequence_anomaly']);
  });

  it('is expected for its time and no longer', () => {
    const { rig, second } = repeated();
    rig.nowMs += OWED_REPLIES_MAX_MS + 1;
    rig.turn();
    rig.hear(second);
    expect(rig.alarms()).toEqual(['osdp.sequence_anomaly']);
  });

  it('is never a card in clear', () => {
    const { rig } = repeated();
    const card = rig.forged(
      { name: 'RAW', body: { reader: 0, format: 1, bitCount: 8, bits: Uint8Array.of(1) } },
      rig.state.sequence === 1 ? 3 : 1,
    );
    rig.hear(card);
    expect(rig.alarms()).toEqual(['osdp.cleartext_refused']);
    expect(rig.kinds()).not.toContain('card_read');
  });
});

describe('channels that a NAK in clear ends', () => {
  it('are restarts of the reader up to the limit, and then an alarm', () => {
    const rig = new SessionRig().bringOnline();
    for (let naks = 1; naks <= CLEAR_NAKS_MAX; naks += 1) {
      rig.turn();
      rig.hear(rig.forged({ name: 'NAK', body: { code: 6, detail: NO_BYTES } }));
      expect(rig.alarms()).toEqual(naks < CLEAR_NAKS_MAX ? [] : ['osdp.cleartext_refused']);
      rig.bringOnlineKeepingEffects();
    }
  });

  it('are forgotten after the window', () => {
    const rig = new SessionRig().bringOnline();
    for (let naks = 0; naks < CLEAR_NAKS_MAX * 2; naks += 1) {
      rig.turn();
      rig.hear(rig.forged({ name: 'NAK', body: { code: 6, detail: NO_BYTES } }));
      rig.nowMs += CLEAR_NAK_WINDOW_MS + 1;
      rig.bringOnlineKeepingEffects();
    }
    expect(rig.alarms()).toEqual([]);
  });
});

describe('changes of the device', () => {
  it.each([
    ['firmware', 'osdp.firmware_changed'],
    ['serial', 'osdp.identity_changed'],
  ] as const)('are an alarm: %s', (name, alarm) => {
    const rig = new SessionRig().bringOnline();
    rig.pd.setIdentity(other(name));
    rig.pd.reboot();
    rig.exchange();
    rig.bringOnlineKeepingEffects();
    expect(rig.alarms()).toEqual([alarm]);
  });
});

describe('wrong MACs', () => {
  it('are endured up to the limit; then the reader rests, with one alarm', () => {
    const rig = new SessionRig().bringOnline();
    for (let failures = 1; failures < MAC_FAILURES_MAX; failures += 1) {
      breakMac(rig);
      expect(rig.state.heldUntilMs).toBe(0);
      rig.bringOnlineKeepingEffects();
    }
    breakMac(rig);
    expect(rig.alarms().filter((code) => code === 'osdp.mac_failures')).toHaveLength(1);
    expect(nextTurnMs(rig.state)).toBe(rig.nowMs + MAC_BACKOFF_MS);
    rig.bringOnlineKeepingEffects();
  });

  it('are forgotten after the window', () => {
    const rig = new SessionRig().bringOnline();
    for (let failures = 0; failures < MAC_FAILURES_MAX * 2; failures += 1) {
      breakMac(rig);
      rig.nowMs += MAC_FAILURE_WINDOW_MS + 1;
      rig.bringOnlineKeepingEffects();
    }
    expect(rig.alarms()).not.toContain('osdp.mac_failures');
  });
});

describe('the handshake', () => {
  it('is not moved by an RMAC_I that nobody asked for', () => {
    const rig = new SessionRig();
    rig.exchange();
    rig.exchange();
    const challenge = rig.turn() ?? NO_BYTES;
    const forged = frameOf(rig.forged({ name: 'RMAC_I', body: { rMac: new Uint8Array(16) } }));
    const frame = { ...forged, block: { type: 0x14, data: Uint8Array.of(1) } };
    rig.event({ kind: 'frame', nowMs: rig.nowMs, frame });
    rig.event({ kind: 'frame', nowMs: rig.nowMs, frame });
    expect(rig.alarms()).toEqual(['osdp.sequence_anomaly']);
    rig.hear(rig.replyTo(challenge));
    rig.bringOnlineKeepingEffects();
    expect(rig.kinds()).toContain('online');
  });
});

describe('an old channel', () => {
  it.each([
    ['its age', { sinceMs: -REKEY_AFTER_MS, exchanges: 0 }],
    ['what it carried', { sinceMs: 0, exchanges: REKEY_AFTER_EXCHANGES }],
  ])('is replaced for %s without losing a card or the line', (_, { sinceMs, exchanges }) => {
    const rig = new SessionRig().bringOnline();
    if (rig.state.security.name !== 'open') throw new TypeError('it is open');
    rig.state = { ...rig.state, security: { ...rig.state.security, sinceMs: rig.nowMs + sinceMs, exchanges } };
    rig.pd.presentCard(Uint8Array.of(1, 2, 3, 64), 26);
    rig.until(() => rig.kinds().includes('card_read'));
    expect(rig.sentCodes()).toContain(0x76);
    expect(rig.kinds()).not.toContain('offline');
    expect(rig.alarms()).toEqual([]);
    expect(rig.state.security).toMatchObject({ name: 'open', exchanges: 2 });
  });

  it('is kept one exchange before its limit', () => {
    const rig = new SessionRig().bringOnline();
    if (rig.state.security.name !== 'open') throw new TypeError('it is open');
    rig.state = { ...rig.state, security: { ...rig.state.security, exchanges: REKEY_AFTER_EXCHANGES - 1 } };
    rig.exchange();
    expect(rig.sentCodes()).toEqual([0x60]);
  });
});
