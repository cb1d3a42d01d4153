import { afterEach, describe, expect, it } from 'vitest';
import { LineMonitor } from '#adapters/osdp/monitor/line-monitor.ts';
import { SCBK_D } from '#adapters/osdp/secure-channel/session-keys.ts';
import { SCS } from '#adapters/osdp/wire/security-block.ts';
import { AttackRig, type ChannelVersion } from './attack-rig.ts';
import { resealed } from './man-in-the-middle.ts';
import { CARD, pause, readerId, scbk2Of, scbkOf } from './osdp-site.ts';

const ID = readerId(1);
const KEYSET_CODE = 0x75;
const COUNTING = Uint8Array.from({ length: 16 }, (_, index) => index);
let rig: AttackRig | null = null;

async function build(channel: ChannelVersion, options: Parameters<typeof AttackRig.build>[1] = {}): Promise<AttackRig> {
  rig = await AttackRig.build(channel, options);
  return rig;
}

/** Commands that carry a key. */
const keySets = ({ wire }: AttackRig): number => wire.commands.filter(({ code }) => code === KEYSET_CODE).length;

afterEach(async () => {
  await rig?.close();
  rig = null;
});

describe('a passive listener', () => {
  it.each<ChannelVersion>([1, 2])('has neither a card nor a key of secure channel %i in the end', async (channel) => {
    const built = await (await build(channel)).online();
    for (let shown = 0; shown < 7; shown += 1) {
      await built.showCard();
      await pause(210);
    }
    built.reader.pressKeys('2580#');
    await built.site.until('keypad');
    const overheard = built.wire.overheard();
    expect(overheard.length).toBeGreaterThan(1_000);
    for (const secret of [CARD, built.key, Uint8Array.of(0x32, 0x35, 0x38, 0x30, 0x0d)])
      expect(overheard.includes(Buffer.from(secret))).toBe(false);
    // Nor does the key of the standard open anything.
    const monitor = new LineMonitor({ keys: [{ address: null, scbk: SCBK_D }], reveal: true });
    const views = JSON.stringify(monitor.push(overheard, 1));
    monitor.dispose();
    expect(views).not.toContain('12345640');
    expect(built.site.alarms()).toEqual([]);
  });

  it.each<[ChannelVersion, Uint8Array]>([
    [1, scbkOf(77)],
    [2, scbk2Of(77)],
  ])('does not see the new key when it is changed in secure channel %i', async (channel, newKey) => {
    const built = await (await build(channel)).online();
    expect(await built.site.readers.maintenance.setKey(ID, newKey)).toEqual({ ok: true });
    await built.showCard();
    built.assertNothingGained([newKey]);
  });
});

describe('a reader that waits for the key of the standard', () => {
  it('gets no key without an open window, in whatever way it asks', async () => {
    const built = await build(1, { reader: { security: 'install', scbk: scbkOf(99) } });
    const asDefault = (bytes: Uint8Array | null) => bytes;
    built.wire.tamperAlways((reply) =>
      asDefault(reply.code === 0x76 ? resealed({ ...reply, block: { type: SCS.clientCryptogram, data: Uint8Array.of(0) } }, {}) : null),
    );
    await built.site.readers.start();
    await built.site.until('alarm');
    await pause(1_000);
    expect(built.site.alarms()).toEqual(['osdp.default_key_refused']);
    expect(keySets(built)).toBe(0);
    const kinds = built.wire.commands.filter(({ code }) => code === 0x76).map(({ block }) => block?.data[0]);
    expect(kinds.length).toBeGreaterThan(1);
    expect(new Set(kinds)).toEqual(new Set([1]));
    expect(built.site.of('online')).toEqual([]);
  });

  it('gets two fresh keys in an open window and never the key that is in use; a second one gets none', async () => {
    const keys = { current: scbkOf(2), next: scbkOf(3) };
    const built = await build(1, { reader: { security: 'install', scbk: scbkOf(99) }, keyOf: () => keys });
    await built.site.readers.start();
    await built.site.until('alarm');
    const window = { firstKey: keys.current, finalKey: keys.next, durationMs: 5_000 };
    expect(await built.site.readers.maintenance.openInstallWindow(ID, window)).toEqual({ ok: true });
    expect(keySets(built)).toBe(2);
    await built.site.until('online');
    // Whoever resets it afterwards is given nothing.
    built.reader.setKey(scbkOf(98));
    built.reader.enterInstallMode();
    built.reader.reboot();
    await built.site.until('offline', 2);
    await pause(700);
    expect(keySets(built)).toBe(2);
    const overheard = built.wire.overheard();
    for (const secret of [keys.current, keys.next]) expect(overheard.includes(Buffer.from(secret))).toBe(false);
  });

  it('is followed by who hears the whole installation, and by nobody who comes later: a limit of secure channel 1', async () => {
    const keys = { current: scbkOf(2), next: scbkOf(3) };
    const built = await build(1, { reader: { security: 'install', scbk: scbkOf(99) }, keyOf: () => keys });
    await built.site.readers.start();
    await built.site.until('alarm');
    const window = { firstKey: keys.current, finalKey: keys.next, durationMs: 5_000 };
    expect(await built.site.readers.maintenance.openInstallWindow(ID, window)).toEqual({ ok: true });
    await built.site.until('online');
    await built.showCard();
    const follow = (bytes: Uint8Array): string => {
      const monitor = new LineMonitor({ learnsKeys: true, reveal: true });
      const views = JSON.stringify([...monitor.push(bytes, 1), ...monitor.flush(2)]);
      monitor.dispose();
      return views;
    };
    const overheard = built.wire.overheard();
    const hex = Buffer.from(CARD).toString('hex');
    expect(follow(overheard)).toContain(hex);
    // The handshake with the first key, and all after it.
    const second = built.wire.commands.filter(({ code, block }) => code === 0x76 && block?.data[0] === 1).at(-2);
    const from = overheard.indexOf(Buffer.from(second?.bytes ?? []));
    expect(from).toBeGreaterThan(0);
    expect(follow(overheard.subarray(from))).not.toContain(hex);
  });

  it('gets none when the window of another reader is open, or when it is closed again', async () => {
    const built = await build(1, { reader: { security: 'install', scbk: scbkOf(99) } });
    const { maintenance } = built.site.readers;
    await built.site.readers.start();
    await built.site.until('alarm');
    const window = { firstKey: scbkOf(2), finalKey: scbkOf(3), durationMs: 5_000 };
    expect(await maintenance.openInstallWindow(readerId(2), window)).toEqual({ ok: false, code: 'reader.unknown' });
    built.reader.goSilent(true);
    const opened = maintenance.openInstallWindow(ID, window);
    await pause(50);
    maintenance.closeInstallWindow(ID);
    expect(await opened).toMatchObject({ ok: false });
    built.reader.goSilent(false);
    await pause(900);
    expect(keySets(built)).toBe(0);
  });
});

describe('a key that everybody knows', () => {
  it.each<[string, ChannelVersion, Uint8Array]>([
    ['of the standard', 1, SCBK_D],
    ['that counts', 1, COUNTING],
    ['of one byte', 1, new Uint8Array(16).fill(0xa5)],
    ['of two known halves', 2, Uint8Array.of(...COUNTING, ...COUNTING)],
  ])('%s is not used, though both ends have it (secure channel %i)', async (_what, channel, key) => {
    const built = await build(channel, { reader: { scbk: key }, keyOf: () => key });
    await built.site.readers.start();
    await built.site.until('alarm');
    await pause(300);
    expect(built.site.alarms()).toEqual(['osdp.default_key_refused']);
    expect(built.wire.commands.filter(({ code }) => code === 0x76)).toEqual([]);
    expect(built.site.of('online')).toEqual([]);
  });

  it('is given to no reader', async () => {
    const built = await (await build(1)).online();
    for (const key of [SCBK_D, COUNTING]) expect(await built.site.readers.maintenance.setKey(ID, key)).toMatchObject({ ok: false });
    expect(keySets(built)).toBe(0);
  });
});
