import { describe, expect, it } from 'vitest';
import { CAPABILITY } from '#adapters/osdp/messages/identity-codecs.ts';
import { LONG_OPERATION_MAX_MS } from '#adapters/osdp/session/limits.ts';
import { PIV_ALGORITHM_P256, PIV_KEY_CARD_AUTHENTICATION, createPivCard } from '#adapters/osdp/simulator/piv-card.ts';
import { type Command } from '#adapters/osdp/messages/commands.ts';
import { SessionRig } from './session-rig.ts';

const OBJECT = Uint8Array.of(0x5f, 0xc1, 0x02);
const CHUID = Uint8Array.from({ length: 3_000 }, (_, index) => index & 0xff);
const PIVDATA: Command = { name: 'PIVDATA', body: { object: OBJECT, element: 0, offset: 0, offsetLength: 2 } };

function genauth(length: number): Command {
  const data = new Uint8Array(length).fill(7);
  const reference = { algorithm: PIV_ALGORITHM_P256, key: Uint8Array.of(PIV_KEY_CARD_AUTHENTICATION) };
  return { name: 'CRAUTH', body: { total: length, offset: 0, data, reference } };
}

function rigWithCard(options: ConstructorParameters<typeof SessionRig>[0] = {}): SessionRig {
  const rig = new SessionRig(options).bringOnline();
  rig.pd.device.piv.present(createPivCard({ serial: Uint8Array.of(1, 2, 3, 4), objects: { '5fc102': CHUID } }));
  return rig;
}

describe('commands that are answered with data', () => {
  it('050-10-01, 060-23-01, 070-20-01: give the reply back, whole, also when it came in parts that polls pulled', () => {
    for (const answers of ['at_once', 'at_poll'] as const) {
      const rig = rigWithCard();
      rig.pd.device.piv.answers = answers;
      rig.command(PIVDATA);
      const done = rig.untilDone(1);
      expect(done).toMatchObject({ result: 'ok', reply: { name: 'PIVDATAR' } });
      expect(done.raw?.data).toEqual(CHUID);
    }
  });

  it('060-25-01, 070-22-01: go out in parts that fit the receive buffer of the reader', () => {
    const rig = rigWithCard({ receiveMax: 128 });
    rig.command(genauth(1_000));
    expect(rig.untilDone(1)).toMatchObject({ result: 'ok', reply: { name: 'CRAUTHR' } });
    const lengths = rig.effects.flatMap((effect) => (effect.kind === 'send' ? [effect.bytes.length] : []));
    expect(Math.max(...lengths)).toBeLessThanOrEqual(128);
    expect(rig.sentCodes().filter((code) => code === 0xa5).length).toBeGreaterThan(10);
  });

  it('are refused when they are longer than the reader says it can put together', () => {
    const rig = rigWithCard({ combinedMax: 500 });
    rig.command(genauth(501));
    expect(rig.done(1)).toMatchObject({ result: 'unsupported' });
    rig.command(genauth(500));
    expect(rig.untilDone(2).result).toBe('ok');
  });

  it('let cards and unlocks pass in between', () => {
    const rig = rigWithCard({ receiveMax: 128 });
    rig.command(genauth(1_000));
    rig.exchange();
    rig.command({ name: 'OUT', body: [{ output: 0, action: 2, timer100Ms: 0 }] }, 'urgent');
    rig.exchange();
    expect(rig.done(2)?.result).toBe('ok');
    expect(rig.done(1)).toBeUndefined();
    expect(rig.untilDone(1).result).toBe('ok');
    rig.pd.dispose();
  });

  it('report the code of a NAK', () => {
    const rig = new SessionRig().bringOnline();
    rig.command(PIVDATA);
    expect(rig.untilDone(1)).toMatchObject({ result: 'refused', nak: 9 });
    expect(rig.state.phase).toBe('online');
  });

  it('wait for the answer as long as the limit and no longer, and tell the reader to give up', () => {
    const rig = rigWithCard();
    rig.pd.device.piv.answers = 'at_poll';
    rig.command(PIVDATA);
    rig.exchange();
    const untilMs = rig.state.operation?.untilMs ?? 0;
    expect(untilMs - rig.nowMs).toBeLessThanOrEqual(LONG_OPERATION_MAX_MS);
    rig.pd.device.events.clear();
    rig.nowMs = untilMs + 1;
    rig.turn();
    expect(rig.done(1)?.result).toBe('timeout');
    expect(rig.sentCodes()).toContain(0xa2);
  });

  it('run one at a time', () => {
    const rig = rigWithCard();
    rig.pd.device.piv.answers = 'at_poll';
    rig.command(PIVDATA);
    rig.command(PIVDATA);
    expect(rig.untilDone(1).result).toBe('ok');
    expect(rig.done(2)).toBeUndefined();
    expect(rig.untilDone(2).result).toBe('ok');
  });

  it('end when the session does', () => {
    const rig = rigWithCard();
    rig.pd.device.piv.answers = 'at_poll';
    rig.command(PIVDATA);
    rig.exchange();
    rig.event({ kind: 'link_down', nowMs: rig.nowMs });
    expect(rig.done(1)?.result).toBe('offline');
    expect(rig.state).toMatchObject({ operation: null, incoming: null });
  });

  it('060-22-01: end with ABORT, and the reader hears of it', () => {
    const rig = rigWithCard({ receiveMax: 128 });
    rig.command(genauth(1_000));
    rig.exchange();
    rig.event({ kind: 'abort', nowMs: rig.nowMs });
    expect(rig.done(1)?.result).toBe('aborted');
    rig.exchange();
    expect(rig.sentCodes().at(-1)).toBe(0xa2);
    expect(rig.state.phase).toBe('online');
  });
});

describe('codes that nobody here knows', () => {
  it('go out and come back as they are', () => {
    const rig = new SessionRig().bringOnline();
    rig.command({ name: 'RAW_COMMAND', body: { code: 0xee, data: Uint8Array.of(1, 2) } });
    expect(rig.untilDone(1)).toMatchObject({ result: 'refused', nak: 3 });
  });

  it('are refused when they do not fit the reader', () => {
    const rig = new SessionRig({ receiveMax: 128 }).bringOnline();
    rig.command({ name: 'RAW_COMMAND', body: { code: 0xee, data: new Uint8Array(112) } });
    expect(rig.done(1)?.result).toBe('unsupported');
    rig.command({ name: 'RAW_COMMAND', body: { code: 0xee, data: new Uint8Array(111) } });
    expect(rig.untilDone(2).result).toBe('refused');
  });
});

describe('what the reader does not have', () => {
  const security = { function: CAPABILITY.security, compliance: 1, count: 0 };
  const without = (): SessionRig => new SessionRig({ capabilities: [security] }).bringOnline();

  it.each<Command>([
    { name: 'OUT', body: [{ output: 0, action: 2, timer100Ms: 0 }] },
    { name: 'BUZ', body: { reader: 0, tone: 2, on100Ms: 1, off100Ms: 1, count: 1 } },
    { name: 'TEXT', body: { reader: 0, command: 1, durationS: 0, row: 1, column: 1, text: Uint8Array.of(65) } },
    { name: 'LED', body: [] },
    { name: 'BIOREAD', body: { reader: 0, type: 1, format: 1, quality: 1 } },
  ])('is not asked of it: $name', (command) => {
    const rig = without();
    rig.command(command);
    expect(rig.done(1)).toMatchObject({ result: 'unsupported', reply: null });
  });

  it('is told with on line: capabilities from inside the channel', () => {
    const rig = new SessionRig({ receiveMax: 512 });
    rig.bringOnlineKeepingEffects();
    const online = rig.effects.find(({ kind }) => kind === 'online');
    expect(online).toMatchObject({ capabilities: { outputs: 2, hasLed: true, hasBuzzer: true, receiveBufferMax: 512, hasAes128: true } });
  });

  it('060-20-01: says that it takes long frames only to a reader that does', () => {
    for (const [receiveMax, isTold] of [
      [128, false],
      [129, true],
    ] as const) {
      const rig = new SessionRig({ receiveMax });
      rig.bringOnlineKeepingEffects();
      expect(rig.sentCodes().includes(0x7b)).toBe(isTold);
    }
  });
});

describe('a session with a card', () => {
  it('060-21-01: holds the card until it ends', () => {
    const rig = new SessionRig().bringOnline();
    rig.command({ name: 'XWR', body: { kind: 'set_mode', mode: 1, configuration: 0 } });
    rig.untilDone(1);
    expect(rig.done(1)?.result).toBe('ok');
    for (let polls = 0; polls < 100; polls += 1) rig.exchange();
    const held = rig.sentCodes().filter((code) => code === 0xa7).length;
    expect(held).toBeGreaterThan(0);
    rig.command({ name: 'XWR', body: { kind: 'set_mode', mode: 0, configuration: 0 } });
    rig.untilDone(2);
    for (let polls = 0; polls < 100; polls += 1) rig.exchange();
    expect(rig.sentCodes().filter((code) => code === 0xa7)).toHaveLength(held);
  });
});
