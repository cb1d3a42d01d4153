import { describe, expect, it } from 'vitest';
import { CARD_AGE_MAX_MS, CARD_BITS_MAX, DRAINED_REPLIES_MAX } from '#adapters/osdp/session/limits.ts';
import { SessionRig } from './session-rig.ts';

const bitsOf = (bitCount: number): Uint8Array => new Uint8Array(Math.ceil(bitCount / 8)).fill(0xa5);

describe('card reads', () => {
  it.each([1, 26, 37, 200, CARD_BITS_MAX])('reports a card of %i bits', (bitCount) => {
    const rig = new SessionRig().bringOnline();
    rig.pd.presentCard(bitsOf(bitCount), bitCount);
    rig.exchange();
    const [card] = rig.effects.filter((effect) => effect.kind === 'card_read');
    expect(card).toMatchObject({ bitCount });
    expect(card?.kind === 'card_read' ? card.bits.length : 0).toBe(Math.ceil(bitCount / 8));
  });

  it('drops a card of one bit more than the greatest, and one without bits', () => {
    const rig = new SessionRig().bringOnline();
    rig.pd.presentCard(bitsOf(CARD_BITS_MAX + 1), CARD_BITS_MAX + 1);
    rig.pd.presentCard(bitsOf(0), 0);
    rig.exchange();
    rig.exchange();
    expect(rig.kinds()).toEqual(['discarded', 'discarded']);
    expect(rig.state.phase).toBe('online');
  });

  it('clears the unused bits of the last byte, so that one card is always the same bytes', () => {
    const rig = new SessionRig().bringOnline();
    rig.pd.presentCard(Uint8Array.of(0xff, 0xff, 0xff, 0xff), 26);
    rig.exchange();
    expect(rig.effects).toContainEqual({ kind: 'card_read', reader: 0, bits: Uint8Array.of(0xff, 0xff, 0xff, 0xc0), bitCount: 26 });
  });

  it('throws away what the reader kept while nobody listened, and takes the next card', () => {
    const rig = new SessionRig().bringOnline();
    rig.event({ kind: 'link_down', nowMs: rig.nowMs });
    for (let count = 0; count < 5; count += 1) rig.pd.presentCard(bitsOf(26), 26);
    rig.bringOnlineKeepingEffects();
    expect(rig.kinds()).not.toContain('card_read');
    expect(rig.effects.filter((effect) => effect.kind === 'discarded')).toHaveLength(5);
    rig.pd.presentCard(bitsOf(26), 26);
    rig.exchange();
    expect(rig.kinds()).toContain('card_read');
  });

  it('listens to a reader that never stops talking of its inputs, after the greatest number of replies thrown away', () => {
    const rig = new SessionRig();
    for (let exchanges = 0; exchanges < 11 + DRAINED_REPLIES_MAX && rig.state.phase !== 'online'; exchanges += 1) {
      rig.pd.setInput(0, exchanges % 2 === 0 ? 'active' : 'inactive');
      rig.exchange();
    }
    expect(rig.state.phase).toBe('online');
  });

  it('takes none of the cards that a reader kept, however many, mixed with states or not', () => {
    const rig = new SessionRig().bringOnline();
    rig.event({ kind: 'link_down', nowMs: rig.nowMs });
    for (let count = 0; count < 3 * DRAINED_REPLIES_MAX; count += 1) {
      rig.pd.presentCard(bitsOf(26), 26);
      if (count % 3 === 0) rig.pd.setInput(0, count % 2 === 0 ? 'active' : 'inactive');
    }
    rig.until(() => rig.state.phase === 'online', 10 * DRAINED_REPLIES_MAX);
    for (let polls = 0; polls < DRAINED_REPLIES_MAX; polls += 1) rig.exchange();
    expect(rig.kinds()).not.toContain('card_read');
    rig.pd.presentCard(bitsOf(26), 26);
    rig.exchange();
    expect(rig.kinds()).toContain('card_read');
  });

  it('throws away a card that comes after a long silence of the line, and not one at the limit', () => {
    for (const [silenceMs, kinds] of [
      [CARD_AGE_MAX_MS, ['card_read']],
      [CARD_AGE_MAX_MS + 1, ['discarded', 'excess']],
    ] as const) {
      const rig = new SessionRig().bringOnline();
      rig.pd.presentCard(bitsOf(26), 26);
      const poll = rig.turn() ?? new Uint8Array(0);
      rig.nowMs = rig.state.heardMs + silenceMs;
      rig.hear(rig.replyTo(poll));
      expect(rig.kinds()).toEqual(kinds);
    }
  });

  it('keeps states that changed in the meantime: they are true now', () => {
    const rig = new SessionRig().bringOnline();
    rig.event({ kind: 'link_down', nowMs: rig.nowMs });
    rig.pd.setInput(0, 'active');
    rig.bringOnlineKeepingEffects();
    expect(rig.effects).toContainEqual({ kind: 'inputs', states: [1, 0] });
  });
});
