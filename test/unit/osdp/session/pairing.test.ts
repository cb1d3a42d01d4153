import { describe, expect, it } from 'vitest';
import { PAIRING_MESSAGE_LENGTH_MAX } from '#adapters/osdp/pairing/limits.ts';
import { INSTALL_WINDOW_MAX_MS, PAIRING_MESSAGE_MAX_MS, RECEIVE_BUFFER_MIN } from '#adapters/osdp/session/limits.ts';
import { nextTurnMs } from '#adapters/osdp/session/state.ts';
import { AUTHORITY, identityOf } from '#test/support/readers/pairing-identities.ts';
import { SessionRig, frameOf } from './session-rig.ts';

const WINDOW = 7;
const MESSAGE = 8;
const PAIR = 0xb0;
const pairing = { identity: identityOf('reader'), trust: AUTHORITY };

function windowed(options: ConstructorParameters<typeof SessionRig>[0] = {}, durationMs = 60_000): SessionRig {
  const rig = new SessionRig({ secureChannel: 2, pairing, ...options });
  rig.event({ kind: 'pairing_window', nowMs: rig.nowMs, id: WINDOW, untilMs: rig.nowMs + durationMs });
  return rig;
}

/** The reader has answered and nothing is under way. */
function ready(options: ConstructorParameters<typeof SessionRig>[0] = {}): SessionRig {
  const rig = windowed(options);
  expect(rig.untilDone(WINDOW).result).toBe('ok');
  return rig;
}

function say(rig: SessionRig, message: Uint8Array, id = MESSAGE): void {
  rig.event({ kind: 'pairing_message', nowMs: rig.nowMs, id, message });
}

const message = (length: number): Uint8Array => new Uint8Array(length).fill(9);

describe('a session in a pairing window', () => {
  it('carries a message in frames that every reader takes, and brings the reader\u2019s', () => {
    const rig = ready();
    say(rig, message(5_000));
    const done = rig.untilDone(MESSAGE);
    expect(done).toMatchObject({ result: 'ok', reply: { name: 'PAIRR' } });
    const frames = rig.effects.flatMap((effect) => (effect.kind === 'send' ? [frameOf(effect.bytes)] : []));
    const parts = frames.filter(({ code }) => code === PAIR);
    expect(parts.length).toBeGreaterThan(40);
    expect(Math.max(...parts.map(({ bytes }) => bytes.length))).toBeLessThanOrEqual(RECEIVE_BUFFER_MIN);
    expect(rig.state.phase).toBe('pair');
  });

  it('asks for nothing while there is no message, and challenges the reader when it is closed', () => {
    const rig = ready();
    expect(nextTurnMs(rig.state)).toBeGreaterThanOrEqual(rig.nowMs + 59_000);
    rig.event({ kind: 'close_pairing_window', nowMs: rig.nowMs });
    rig.bringOnlineKeepingEffects();
    expect(rig.state.security).toMatchObject({ name: 'open', channel: { version: 2 } });
  });

  it('takes one message at a time, and none that is longer than a pairing has', () => {
    const rig = ready();
    say(rig, message(100));
    say(rig, message(100), 9);
    expect(rig.done(9)?.result).toBe('offline');
    rig.untilDone(MESSAGE);
    say(rig, message(PAIRING_MESSAGE_LENGTH_MAX), 10);
    expect(rig.untilDone(10).result).toBe('ok');
    say(rig, message(PAIRING_MESSAGE_LENGTH_MAX + 1), 11);
    expect(rig.done(11)?.result).toBe('offline');
  });

  it('is over with its time, also in the middle of a message, and no turn is wasted', () => {
    const rig = ready();
    say(rig, message(5_000));
    for (let exchanges = 0; exchanges < 5; exchanges += 1) rig.exchange();
    rig.nowMs += 60_000;
    rig.turn();
    expect(rig.done(MESSAGE)?.result).toBe('aborted');
    expect(rig.state).toMatchObject({ pairing: null, operation: null });
  });

  it('gives a message up that is not answered', () => {
    const rig = windowed({}, INSTALL_WINDOW_MAX_MS);
    rig.untilDone(WINDOW);
    say(rig, message(200));
    rig.exchange();
    rig.nowMs += PAIRING_MESSAGE_MAX_MS + 1;
    rig.turn();
    expect(rig.done(MESSAGE)?.result).toBe('timeout');
    expect(nextTurnMs(rig.state)).toBeGreaterThan(rig.nowMs);
  });

  it('tells whoever waits that the reader has not answered in time', () => {
    const rig = windowed({}, 1_000);
    rig.pd.goSilent(true);
    rig.until(() => rig.done(WINDOW) !== undefined);
    expect(rig.done(WINDOW)?.result).toBe('timeout');
  });

  it('believes no card, and says so once', () => {
    const rig = ready();
    say(rig, message(2_000));
    for (let count = 0; count < 2; count += 1) {
      const sent = rig.turn();
      if (sent === null) throw new TypeError('nothing was sent');
      rig.hear(rig.forged({ name: 'RAW', body: { reader: 0, format: 1, bitCount: 26, bits: Uint8Array.of(1, 2, 3, 0) } }));
    }
    expect(rig.kinds()).not.toContain('card_read');
    expect(rig.alarms()).toEqual(['osdp.cleartext_refused']);
  });

  it('ends a message that announces more than a pairing has', () => {
    const rig = ready();
    say(rig, message(50));
    rig.turn();
    rig.hear(rig.forged({ name: 'PAIRR', body: { total: PAIRING_MESSAGE_LENGTH_MAX + 1, offset: 0, data: message(10) } }));
    expect(rig.done(MESSAGE)?.result).toBe('refused');
    expect(rig.state.incoming).toBeNull();
  });

  it('hears the no of a reader without pairing', () => {
    const rig = new SessionRig({ secureChannel: 2 });
    rig.event({ kind: 'pairing_window', nowMs: rig.nowMs, id: WINDOW, untilMs: rig.nowMs + 60_000 });
    rig.untilDone(WINDOW);
    say(rig, message(50));
    expect(rig.untilDone(MESSAGE)).toMatchObject({ result: 'refused', nak: 6 });
  });
});

describe('a pairing window', () => {
  const open = (rig: SessionRig, durationMs = 60_000): string | undefined => {
    rig.event({ kind: 'pairing_window', nowMs: rig.nowMs, id: WINDOW, untilMs: rig.nowMs + durationMs });
    return rig.done(WINDOW)?.result;
  };

  it.each([
    ['a reader that is on line', () => new SessionRig({ secureChannel: 2, pairing }).bringOnline(), 60_000],
    ['a reader of secure channel 1', () => new SessionRig(), 60_000],
    ['a time that is over', () => new SessionRig({ secureChannel: 2, pairing }), 0],
    ['a reader that has one', () => windowed(), 60_000],
  ])('is not opened for %s', (_what, make, durationMs) => {
    expect(open(make(), durationMs)).toBe('refused');
  });

  it('lasts no longer than an install window', () => {
    const rig = windowed({}, 10 * INSTALL_WINDOW_MAX_MS);
    expect(rig.state.pairing?.untilMs).toBe(rig.nowMs + INSTALL_WINDOW_MAX_MS);
  });

  it('ends with the line, and the one who waits hears it', () => {
    const rig = windowed();
    rig.event({ kind: 'stop', nowMs: rig.nowMs });
    expect(rig.done(WINDOW)?.result).toBe('offline');
    expect(rig.state.pairing).toBeNull();
  });

  it('sends no message without it', () => {
    const rig = new SessionRig({ secureChannel: 2, pairing });
    say(rig, message(50));
    expect(rig.done(MESSAGE)?.result).toBe('offline');
    rig.bringOnlineKeepingEffects();
    expect(rig.sentCodes()).not.toContain(PAIR);
  });
});
