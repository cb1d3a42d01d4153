import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Frame } from '#adapters/osdp/wire/frame.ts';
import { replyTable, type Reply } from '#adapters/osdp/messages/replies.ts';
import { CARD_READS_PER_SECOND_MAX } from '#adapters/osdp/reader-limits.ts';
import { doorsSchema, statusSchema } from '#gateway/http/contract/admin.ts';
import { keyOf, layOutSite, SITE_CARDS, type ConfiguredSite, type SiteReaderId } from '#test/support/configured-site.ts';
import { readLog, untilLogged, untilReadersAnswer } from '#test/support/gateway-log.ts';
import { startGateway, until, type RunningGateway } from '#test/support/running-gateway.ts';
import { createManInTheMiddle, inClear, resealed, type ManInTheMiddle } from '../osdp/man-in-the-middle.ts';

const SECOND_MS = 1_000;
const HAND_PAUSE_MS = SECOND_MS / CARD_READS_PER_SECOND_MAX + 20;

/** The line of the front door has somebody in it; the line of the vault is left alone, and must not feel it. */
let site: ConfiguredSite;
let middle: ManInTheMiddle;
let gateway: RunningGateway;

beforeAll(async () => {
  site = await layOutSite({
    between: async (busId, line) => {
      if (busId === 'vault') return line;
      middle = await createManInTheMiddle(line);
      return middle;
    },
  });
  gateway = await startGateway(site.process);
  await untilReadersAnswer(gateway);
});
afterEach(async () => {
  // Whatever was on the line: the process lives, the log is whole, and both doors serve their people.
  await untilReadersAnswer(gateway);
  expect(await decisionFor('front-in', 'ann')).toMatchObject({ effect: 'permit', personId: 'usr_ann' });
  expect(await decisionFor('vault-in', 'ann')).toMatchObject({ effect: 'permit', personId: 'usr_ann' });
});
afterAll(async () => {
  const verified = await gateway?.cli('audit', 'verify');
  await gateway?.stop();
  await middle?.close();
  await site?.remove();
  expect(verified).toMatchObject({ code: 0 });
});

const pause = (durationMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, durationMs));
const headSeq = async () => (await gateway.api.get('/api/status', statusSchema)).headSeq;
const present = (readerId: SiteReaderId, card: keyof typeof SITE_CARDS): void =>
  site.readers[readerId].presentCard(SITE_CARDS[card].bits, SITE_CARDS[card].bitCount);

const lastShownMs = new Map<SiteReaderId, number>();

/** Presents a card, as slowly as a hand, and gives the decision that the log then has about that reader's door. */
async function decisionFor(readerId: SiteReaderId, card: keyof typeof SITE_CARDS) {
  await pause(Math.max(0, (lastShownMs.get(readerId) ?? 0) + HAND_PAUSE_MS - Date.now()));
  lastShownMs.set(readerId, Date.now());
  const before = await headSeq();
  present(readerId, card);
  const doorId = readerId.split('-')[0];
  const { record } = await untilLogged(
    gateway,
    'decision',
    (entry, seq) => seq > before && entry.type === 'decision' && entry.resourceId === doorId,
  );
  return record;
}

/** Resolves when `act` has caused the alarm. */
async function alarmAfter(act: () => Promise<void>, wanted: string): Promise<void> {
  const before = await headSeq();
  await act();
  await untilLogged(gateway, 'alarm', (entry, seq) => seq > before && entry.type === 'alarm' && entry.code === wanted);
}

const isSecured = (frame: Frame): boolean => frame.mac !== null;
const cardInClear: Reply = {
  name: 'RAW',
  body: { reader: 0, format: 1, bitCount: SITE_CARDS.ann.bitCount, bits: SITE_CARDS.ann.bits },
};

describe('cards', () => {
  it('of nobody are a recorded deny: credential.unknown', async () => {
    expect(await decisionFor('front-in', 'stranger')).toMatchObject({
      effect: 'deny',
      personId: null,
      reasons: expect.arrayContaining(['credential.unknown']) as string[],
    });
  });

  it('of no known format are a recorded deny: card.format_unknown', async () => {
    expect(await decisionFor('front-in', 'unreadable')).toMatchObject({ effect: 'deny', personId: null, reasons: ['card.format_unknown'] });
  });

  it('of a person without a grant for the door are a recorded deny: grant.missing', async () => {
    expect(await decisionFor('vault-in', 'ben')).toMatchObject({
      effect: 'deny',
      personId: 'usr_ben',
      reasons: expect.arrayContaining(['grant.missing']) as string[],
    });
  });

  it('in a flood are decided up to the rate that hands can have, and the rest is an alarm with their number', async () => {
    // The cards of the tests before have counted too.
    await pause(SECOND_MS);
    const before = await headSeq();
    await alarmAfter(async () => {
      for (let card = 0; card < CARD_READS_PER_SECOND_MAX * 4; card += 1) present('front-in', 'stranger');
    }, 'osdp.card_rate_exceeded');
    await until('the flood is over', 5_000, () => (site.readers['front-in'].pendingEvents === 0 ? true : null));
    await pause(2 * SECOND_MS);
    const after = (await readLog(gateway, 'decision,alarm', 100)).filter(({ seq }) => seq > before).map(({ record }) => record);
    const decided = after.filter((record) => record.type === 'decision' && record.resourceId === 'front');
    expect(decided.length).toBeGreaterThan(0);
    expect(decided.length).toBeLessThanOrEqual(CARD_READS_PER_SECOND_MAX * 2);
    const alarms = after.flatMap((record) => (record.type === 'alarm' && record.code === 'osdp.card_rate_exceeded' ? [record] : []));
    expect(alarms.map(({ active }) => active)).toEqual([true, false]);
    const dropped = alarms.reduce((sum, alarm) => sum + (alarm.dropped ?? 0), 0);
    expect(decided.length + dropped).toBe(CARD_READS_PER_SECOND_MAX * 4);
  });
});

describe('the line', () => {
  it('with raw garbage, half frames and frames of other readers costs neither reader nor card', async () => {
    const before = await headSeq();
    for (let round = 0; round < 40; round += 1) {
      middle.inject(Uint8Array.from({ length: 1 + ((round * 97) % 300) }, (_, index) => (index * round * 31 + 0x53) & 0xff));
      await pause(5);
    }
    const after = (await readLog(gateway, 'decision,alarm', 100)).filter(({ seq }) => seq > before);
    expect(after.filter(({ record }) => record.type === 'decision')).toEqual([]);
  });

  it.each([
    ['a wrong MAC', 'osdp.mac_mismatch', (reply: Frame) => resealed(reply, { mac: Uint8Array.of(1, 2, 3, 4) })],
    ['a card in clear', 'osdp.cleartext_refused', (reply: Frame) => inClear(reply, replyTable.encode(cardInClear))],
  ])('with %s is an alarm, opens nothing, and recovers', async (_what, alarm, forge) => {
    const before = await headSeq();
    await alarmAfter(() => middle.tamperOnce((reply) => (isSecured(reply) ? forge(reply) : null)), alarm);
    await untilReadersAnswer(gateway);
    const decisions = (await readLog(gateway, 'decision', 100)).filter(({ seq }) => seq > before);
    expect(decisions).toEqual([]);
  });

  it('that is cut makes the door unknown, never locked, until it is back', async () => {
    // Every new connection ends at once: the readers stay unreachable.
    const line = site.lines.front;
    const cutting = setInterval(() => line.cut(), 5);
    const door = await until('the door is unknown', 10_000, async () => {
      const { doors } = await gateway.api.get('/api/doors', doorsSchema);
      return doors.find(({ id, status }) => id === 'front' && status.fault !== 'none') ?? null;
    }).finally(() => clearInterval(cutting));
    expect(door.status).toMatchObject({ contact: 'unknown', lock: 'unknown', fault: 'reader_offline' });
  });

  it('with a key that was changed at the reader is an alarm and no service in clear', async () => {
    const wrong = new Uint8Array(16).fill(9);
    await alarmAfter(async () => {
      site.readers['front-in'].setKey(wrong);
      site.readers['front-in'].reboot();
    }, 'osdp.key_mismatch');
    site.readers['front-in'].setKey(keyOf('front-in'));
  });
});
