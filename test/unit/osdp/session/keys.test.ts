import { describe, expect, it } from 'vitest';
import { SCBK_D } from '#adapters/osdp/secure-channel/session-keys.ts';
import { takeKeySetAnswer } from '#adapters/osdp/session/key-change.ts';
import { INSTALL_WINDOW_MAX_MS, KEY_SETTLE_MAX_MS } from '#adapters/osdp/session/limits.ts';
import { SCBK, SessionRig, frameOf } from './session-rig.ts';

const NEW_KEY = Uint8Array.from({ length: 16 }, (_, index) => (index * 91 + 3) & 0xff);
const FIRST_KEY = Uint8Array.from({ length: 16 }, (_, index) => (index * 57 + 8) & 0xff);
const copy = (key: Uint8Array): Uint8Array => new Uint8Array(key);

function setKey(rig: SessionRig, newKey = copy(NEW_KEY)): Uint8Array {
  rig.event({ kind: 'set_key', nowMs: rig.nowMs, id: 1, newKey });
  return newKey;
}

describe('a new key for a reader', () => {
  it('goes out inside the channel, opens the next one at once, and the reader never leaves the line', () => {
    const rig = new SessionRig().bringOnline();
    const key = setKey(rig);
    rig.pd.presentCard(Uint8Array.of(1, 2, 3, 64), 26);
    expect(rig.untilDone(1).result).toBe('ok');
    rig.until(() => rig.kinds().includes('card_read'));
    expect(rig.effects).toContainEqual({ kind: 'key_confirmed', which: 'next' });
    expect(rig.kinds()).not.toContain('offline');
    expect(rig.alarms()).toEqual([]);
    expect(key.every((byte) => byte === 0)).toBe(true);
    const sent = rig.effects.flatMap((effect) => (effect.kind === 'send' ? [effect.bytes] : []));
    expect(sent.filter((bytes) => frameOf(bytes).code === 0x75)).toHaveLength(1);
    expect(sent.some((bytes) => Buffer.from(bytes).includes(Buffer.from(NEW_KEY)))).toBe(false);
  });

  it.each([true, false])('is settled by the next handshakes when the acknowledgement was lost; arrived: %s', (hasArrived) => {
    const rig = new SessionRig().bringOnline();
    setKey(rig);
    const sent = rig.turn() ?? new Uint8Array(0);
    expect(frameOf(sent).code).toBe(0x75);
    if (hasArrived) rig.replyTo(sent);
    rig.event({ kind: 'link_down', nowMs: rig.nowMs });
    rig.next = NEW_KEY;
    rig.pd.reboot();
    expect(rig.untilDone(1).result).toBe(hasArrived ? 'ok' : 'refused');
    expect(rig.effects).toContainEqual({ kind: 'key_confirmed', which: hasArrived ? 'next' : 'current' });
    rig.bringOnlineKeepingEffects();
    expect(rig.alarms()).toEqual([]);
  });

  it('is proven by nothing but the next handshake when the reader acknowledges it in clear', () => {
    const rig = new SessionRig({ quirks: { acknowledgesKeysetInClear: true } }).bringOnline();
    setKey(rig);
    expect(rig.untilDone(1).result).toBe('ok');
    expect(rig.alarms()).toEqual([]);
    rig.bringOnlineKeepingEffects();
    expect(rig.kinds()).not.toContain('offline');
  });

  it('is refused when a forged acknowledgement in clear hid that it never arrived', () => {
    const rig = new SessionRig().bringOnline();
    setKey(rig);
    rig.turn();
    rig.hear(rig.forged({ name: 'ACK', body: {} }));
    expect(rig.untilDone(1).result).toBe('refused');
    expect(rig.effects).toContainEqual({ kind: 'key_confirmed', which: 'current' });
    rig.bringOnlineKeepingEffects();
    expect(rig.alarms()).toEqual([]);
  });

  it.each([
    ['the key of the standard', SCBK_D],
    ['a pattern', new Uint8Array(16).fill(9)],
    ['half a key', NEW_KEY.slice(8)],
  ])('is not sent when it is %s', (_, key) => {
    const rig = new SessionRig().bringOnline();
    setKey(rig, copy(key));
    expect(rig.done(1)?.result).toBe('refused');
  });

  it('is refused with the code of the NAK, and the old one stays', () => {
    const rig = new SessionRig().bringOnline();
    setKey(rig);
    rig.turn();
    const reply = { name: 'NAK', body: { code: 3, detail: new Uint8Array(0) } } as const;
    const { state, effects } = takeKeySetAnswer(
      rig.state,
      { reply, raw: { code: 0x41, data: Uint8Array.of(3) }, isMalformed: false },
      rig.nowMs,
    );
    expect(effects).toContainEqual(expect.objectContaining({ kind: 'command_done', result: 'refused', nak: 3 }));
    expect(state).toMatchObject({ keyChange: null, keyChoice: 'current', security: { name: 'open' } });
  });

  it('is not sent to a reader that is off line', () => {
    const rig = new SessionRig();
    setKey(rig);
    expect(rig.done(1)?.result).toBe('offline');
  });

  it('is an alarm when neither key opens the reader, and stops waiting at the limit', () => {
    const rig = new SessionRig().bringOnline();
    setKey(rig);
    rig.turn();
    rig.pd.setKey(FIRST_KEY);
    rig.pd.reboot();
    rig.event({ kind: 'link_down', nowMs: rig.nowMs });
    for (let exchanges = 0; exchanges < 20; exchanges += 1) rig.exchange();
    expect(rig.alarms()).toEqual(['osdp.key_mismatch']);
    rig.nowMs += KEY_SETTLE_MAX_MS + 1;
    rig.exchange();
    expect(rig.done(1)?.result).toBe('timeout');
  });

  it('is tried without an alarm when the key store has two', () => {
    const rig = new SessionRig();
    rig.pd.setKey(NEW_KEY);
    rig.next = NEW_KEY;
    rig.bringOnlineKeepingEffects();
    expect(rig.alarms()).toEqual([]);
    expect(rig.effects).toContainEqual({ kind: 'key_confirmed', which: 'next' });
  });
});

describe('an install window', () => {
  const rigOf = (security: 'install' | 'keyed'): SessionRig => {
    const rig = new SessionRig({ security });
    rig.scbk = null;
    return rig;
  };
  const open = (rig: SessionRig, untilMs = rig.nowMs + 60_000, finalKey = NEW_KEY): void => {
    const window = { id: 1, firstKey: copy(FIRST_KEY), finalKey: copy(finalKey), untilMs };
    rig.event({ kind: 'install_window', nowMs: rig.nowMs, window });
  };

  it('gives the reader a first key under SCBK-D, the final one under the first, and is over', () => {
    const rig = rigOf('install');
    open(rig);
    expect(rig.untilDone(1).result).toBe('ok');
    expect(rig.kinds()).not.toContain('online');
    rig.scbk = copy(NEW_KEY);
    rig.bringOnlineKeepingEffects();
    expect(rig.state.installation).toBeNull();
    expect(rig.alarms()).toEqual([]);
    expect(rig.sentCodes().filter((code) => code === 0x75)).toHaveLength(2);
    const sent = rig.effects.flatMap((effect) => (effect.kind === 'send' ? [effect.bytes] : []));
    const kinds = sent.map(frameOf).filter(({ code }) => code === 0x76);
    expect(kinds.map(({ block }) => block?.data[0])).toEqual([0, 1, 1]);
  });

  it('takes no cards before it is over', () => {
    const rig = rigOf('install');
    open(rig);
    rig.pd.presentCard(Uint8Array.of(1, 2, 3, 64), 26);
    rig.untilDone(1);
    expect(rig.kinds()).not.toContain('card_read');
  });

  it('sends no second first key when the answer to the first was lost', () => {
    const rig = rigOf('install');
    open(rig);
    rig.until(() => rig.state.phase === 'install');
    rig.turn();
    rig.event({ kind: 'link_down', nowMs: rig.nowMs });
    rig.pd.reboot();
    expect(rig.untilDone(1).result).toBe('refused');
    expect(rig.sentCodes().filter((code) => code === 0x75)).toHaveLength(1);
    expect(rig.state.installation).toBeNull();
  });

  it('brings the final key over when only its answer was lost', () => {
    const rig = rigOf('install');
    open(rig);
    rig.until(() => rig.state.phase === 'install' && rig.state.installation?.key === 'first');
    rig.turn();
    rig.event({ kind: 'link_down', nowMs: rig.nowMs });
    rig.pd.reboot();
    expect(rig.untilDone(1).result).toBe('ok');
  });

  it('closes at its time, at the greatest time, and when told', () => {
    for (const askedMs of [60_000, INSTALL_WINDOW_MAX_MS * 2]) {
      const rig = rigOf('install');
      rig.pd.goSilent(true);
      open(rig, rig.nowMs + askedMs);
      rig.nowMs += Math.min(askedMs, INSTALL_WINDOW_MAX_MS);
      rig.exchange();
      expect(rig.done(1)).toBeUndefined();
      rig.nowMs += 1_000;
      rig.exchange();
      expect(rig.done(1)?.result).toBe('timeout');
    }
    const rig = rigOf('install');
    open(rig);
    rig.until(() => rig.state.phase === 'install');
    rig.event({ kind: 'close_install_window', nowMs: rig.nowMs });
    expect(rig.done(1)?.result).toBe('aborted');
    expect(rig.state).toMatchObject({ phase: 'identify', installation: null });
  });

  it('is refused by a reader that has a key, without an alarm', () => {
    const rig = rigOf('keyed');
    open(rig);
    expect(rig.untilDone(1).result).toBe('refused');
    expect(rig.alarms()).toEqual([]);
  });

  it('does not open on a line that was stopped, and keeps no key of it', () => {
    const rig = rigOf('install');
    rig.event({ kind: 'stop', nowMs: rig.nowMs });
    open(rig);
    expect(rig.done(1)?.result).toBe('refused');
    expect(rig.state.installation).toBeNull();
    expect(rig.kinds().filter((kind) => kind === 'forget_secret')).toHaveLength(2);
  });

  it('does not open for a reader that is on line, with one key twice, or in the past', () => {
    const online = new SessionRig().bringOnline();
    open(online);
    expect(online.done(1)?.result).toBe('refused');
    const same = rigOf('install');
    open(same, same.nowMs + 1_000, FIRST_KEY);
    expect(same.done(1)?.result).toBe('refused');
    const late = rigOf('install');
    open(late, late.nowMs);
    expect(late.done(1)?.result).toBe('refused');
  });

  it('is the only way: a reader that forgot its key is an alarm and never given one', () => {
    const rig = new SessionRig({ security: 'install', scbk: FIRST_KEY });
    for (let exchanges = 0; exchanges < 40; exchanges += 1) rig.exchange();
    expect(rig.alarms()).toEqual(['osdp.key_mismatch']);
    expect(rig.kinds()).not.toContain('online');
    expect(rig.sentCodes()).not.toContain(0x75);
    expect(rig.scbk).toBe(SCBK);
  });
});
