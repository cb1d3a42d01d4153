import { describe, expect, it } from 'vitest';
import { NAK_CODE } from '#adapters/osdp/messages/line-codecs.ts';
import type { Reply } from '#adapters/osdp/messages/replies.ts';
import {
  BUSY_FLOOD,
  BUSY_MAX,
  CARD_AGE_MAX_MS,
  PARTS_HELD_MAX_MS,
  POLL_NAKS_MAX,
  POLL_NAKS_ONLINE_MAX,
} from '#adapters/osdp/session/limits.ts';
import { SessionRig } from './session-rig.ts';

const NO_BYTES = new Uint8Array(0);
const NAK: Reply = { name: 'NAK', body: { code: NAK_CODE.unknownCommand, detail: NO_BYTES } };
const BUSY: Reply = { name: 'BUSY', body: {} };

/** One exchange in which the reader answers a poll with this. */
function answerPoll(rig: SessionRig, reply: Reply): void {
  rig.pd.device.events.tell(reply);
  rig.exchange();
}

function excesses(rig: SessionRig): readonly string[] {
  return rig.effects.flatMap((effect) => (effect.kind === 'excess' ? [effect.code] : []));
}

describe('osdp_BUSY', () => {
  it('is what a reader says that is busy, up to the limit, and a flood from there on', () => {
    const rig = new SessionRig().bringOnline();
    for (let count = 1; count <= BUSY_FLOOD.max; count += 1) rig.hear(rig.forged(BUSY, 0));
    expect(excesses(rig)).toEqual([]);
    rig.hear(rig.forged(BUSY, 0));
    rig.hear(rig.forged(BUSY, 0));
    expect(excesses(rig)).toEqual(['osdp.busy_flood', 'osdp.busy_flood']);
    expect(rig.state.phase).toBe('online');
  });

  it('is none when the reader gives up being busy in the time that it has', () => {
    const rig = new SessionRig().bringOnline();
    for (let count = 0; count < BUSY_MAX; count += 1) {
      rig.turn();
      rig.hear(rig.forged(BUSY, 0));
    }
    expect(rig.state.reported).toBe('online');
    expect(excesses(rig)).toEqual([]);
  });

  it('for ever takes the reader off line and is a flood that does not end by that', () => {
    const rig = new SessionRig().bringOnline();
    for (let count = 0; count < 10 * BUSY_MAX; count += 1) {
      rig.turn();
      rig.hear(rig.forged(BUSY, 0));
    }
    expect(rig.effects.filter(({ kind }) => kind === 'offline')).toEqual([{ kind: 'offline', cause: 'timeout' }]);
    expect(excesses(rig).length).toBeGreaterThan(8 * BUSY_MAX);
  });
});

describe('a reader that refuses to be polled', () => {
  it('is believed for some polls, then an alarm, then off line', () => {
    const rig = new SessionRig().bringOnline();
    for (let naks = 0; naks < POLL_NAKS_MAX; naks += 1) answerPoll(rig, NAK);
    expect(excesses(rig)).toEqual([]);
    for (let naks = POLL_NAKS_MAX; naks < POLL_NAKS_ONLINE_MAX; naks += 1) answerPoll(rig, NAK);
    expect(new Set(excesses(rig))).toEqual(new Set(['osdp.polls_refused']));
    expect(rig.state.reported).toBe('online');
    answerPoll(rig, NAK);
    expect(rig.state.reported).toBe('polls_refused');
  });

  it('does not come back before it answers one, and then at once', () => {
    const rig = new SessionRig().bringOnline();
    for (let naks = 0; naks <= POLL_NAKS_ONLINE_MAX; naks += 1) answerPoll(rig, NAK);
    rig.effects.length = 0;
    for (let exchanges = 0; exchanges < 200; exchanges += 1) answerPoll(rig, NAK);
    expect(rig.kinds()).not.toContain('online');
    expect(rig.kinds()).not.toContain('offline');
    rig.pd.device.events.clear();
    const sinceMs = rig.nowMs;
    rig.until(() => rig.kinds().includes('online'));
    expect(rig.nowMs - sinceMs).toBeLessThan(1_000);
    expect(rig.state.pollNaks).toBe(0);
  });

  it('is not one that refuses now and then', () => {
    const rig = new SessionRig().bringOnline();
    for (let round = 0; round < 50; round += 1) {
      for (let naks = 0; naks < POLL_NAKS_MAX; naks += 1) answerPoll(rig, NAK);
      rig.exchange();
    }
    expect(excesses(rig)).toEqual([]);
    expect(rig.state.reported).toBe('online');
  });
});

describe('a card as characters (osdp_FMT)', () => {
  it('is told as one that cannot be used, and its characters are in nothing that is told', () => {
    const rig = new SessionRig().bringOnline();
    answerPoll(rig, { name: 'FMT', body: { reader: 0, direction: 0, digits: Uint8Array.of(0x31, 0x32, 0x33) } });
    expect(rig.effects.filter(({ kind }) => kind !== 'send')).toEqual([{ kind: 'discarded', what: 'unsupported_card' }]);
  });
});

describe('reads that were held back', () => {
  it.each([
    [CARD_AGE_MAX_MS - 500, []],
    [CARD_AGE_MAX_MS + 1, ['osdp.stale_read_dropped', 'osdp.stale_read_dropped']],
  ])('over %i ms are dropped and counted, and are somebody’s business when they may be too old', (gapMs, told) => {
    const rig = new SessionRig().bringOnline();
    rig.exchange();
    rig.event({ kind: 'link_down', nowMs: rig.nowMs });
    for (let count = 0; count < 2; count += 1) rig.pd.presentCard(Uint8Array.of(1, 2, 3, 64), 26);
    rig.nowMs += gapMs;
    rig.bringOnlineKeepingEffects();
    expect(rig.kinds()).not.toContain('card_read');
    expect(rig.effects.filter(({ kind }) => kind === 'discarded')).toHaveLength(2);
    expect(excesses(rig)).toEqual(told);
  });
});

describe('a reply in parts that a poll began', () => {
  const data = new Uint8Array(3_000).fill(7);
  const WHOLE: Reply = { name: 'PIVDATAR', body: { total: data.length, offset: 0, data } };

  it.each([
    [PARTS_HELD_MAX_MS, []],
    [PARTS_HELD_MAX_MS + 1, [{ kind: 'discarded', what: 'malformed_reply' }]],
  ])('is held for its time and no longer: %i ms', (afterMs, told) => {
    const rig = new SessionRig().bringOnline();
    answerPoll(rig, WHOLE);
    const beganMs = rig.nowMs;
    expect(rig.state.incoming?.untilMs).toBe(beganMs + PARTS_HELD_MAX_MS);
    rig.effects.length = 0;
    rig.nowMs = beganMs + afterMs;
    rig.turn();
    expect(rig.state.incoming === null).toBe(told.length > 0);
    expect(rig.effects.filter(({ kind }) => kind === 'discarded')).toEqual(told);
  });

  it('has no longer for trickling in', () => {
    const rig = new SessionRig().bringOnline();
    answerPoll(rig, WHOLE);
    const untilMs = rig.state.incoming?.untilMs;
    rig.nowMs += 1_000;
    rig.exchange();
    expect(rig.state.incoming?.untilMs).toBe(untilMs);
  });

  it('is put together when its parts come in time', () => {
    const rig = new SessionRig().bringOnline();
    answerPoll(rig, WHOLE);
    rig.until(() => rig.kinds().includes('reply'));
    const [reply] = rig.effects.filter((effect) => effect.kind === 'reply');
    expect(reply?.kind === 'reply' ? reply.raw.data : null).toEqual(data);
    expect(rig.state.incoming).toBeNull();
  });
});
