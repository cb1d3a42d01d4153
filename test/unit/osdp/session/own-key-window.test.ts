import { describe, expect, it } from 'vitest';
import { SCBK, SCBK2, SessionRig } from './session-rig.ts';

const keyOf = (length: number, seed: number): Uint8Array => Uint8Array.from({ length }, (_, index) => (index * 41 + seed) & 0xff);

/** A session that is given no key by its store, as that of a reader whose key is another's too. */
function heldOff(secureChannel: 1 | 2): SessionRig {
  const rig = new SessionRig({ secureChannel });
  rig.scbk = null;
  return rig;
}

function open(rig: SessionRig, underKey: Uint8Array): { readonly firstKey: Uint8Array; readonly finalKey: Uint8Array } {
  const keys = { firstKey: keyOf(underKey.length, 1), finalKey: keyOf(underKey.length, 2) };
  const window = { id: 7, underKey, ...keys, untilMs: rig.nowMs + 60_000 };
  rig.event({ kind: 'install_window', nowMs: rig.nowMs, window });
  return keys;
}

describe.each<[1 | 2, Uint8Array]>([
  [1, SCBK],
  [2, SCBK2],
])('a window under the key that a reader of secure channel %i has', (secureChannel, known) => {
  it('gives it its own, and only then is it on line; all keys are destroyed', () => {
    const rig = heldOff(secureChannel);
    const underKey = Uint8Array.from(known);
    const { firstKey, finalKey } = open(rig, underKey);
    rig.pd.presentCard(Uint8Array.of(1, 2, 3, 64), 26);
    expect(rig.untilDone(7).result).toBe('ok');
    expect(rig.kinds()).not.toContain('online');
    rig.until(() => rig.kinds().includes('online'));
    expect(rig.kinds()).not.toContain('card_read');
    const stages = rig.effects.flatMap((effect) => (effect.kind === 'install_progress' ? [effect.stage] : []));
    expect(stages).toEqual(['answered', 'first_key_sent', 'final_key_sent']);
    for (const key of [underKey, firstKey, finalKey]) expect(key.every((byte) => byte === 0)).toBe(true);
  });

  it('ends with a no when it has another key, and no key was sent', () => {
    const rig = heldOff(secureChannel);
    open(rig, keyOf(known.length, 9));
    expect(rig.untilDone(7).result).toBe('refused');
    expect(rig.kinds()).not.toContain('install_progress');
  });

  it('is not opened under a key of another length, nor to give it the key that it has', () => {
    const rig = heldOff(secureChannel);
    open(rig, known.slice(1));
    expect(rig.done(7)?.result).toBe('refused');
    rig.effects.length = 0;
    open(rig, keyOf(known.length, 1));
    expect(rig.done(7)?.result).toBe('refused');
  });
});
