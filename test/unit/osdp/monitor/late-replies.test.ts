import { describe, expect, it } from 'vitest';
import { LineMonitor } from '#adapters/osdp/monitor/line-monitor.ts';
import { replyTable } from '#adapters/osdp/messages/replies.ts';
import { encodeFrame } from '#adapters/osdp/wire/frame.ts';
import { SCBK, SessionRig, frameOf } from '../session/session-rig.ts';

const NEW_KEY = Uint8Array.from({ length: 16 }, (_, index) => (index * 91 + 3) & 0xff);
const BUSY = encodeFrame({
  address: 1,
  direction: 'reply',
  sequence: 0,
  check: 'crc',
  block: null,
  ...replyTable.encode({ name: 'BUSY', body: {} }),
});
const KEYSET = 0x75;

/** What a listener hears of a reader that comes on line, gets a new key and reads a card. `disturb` gives an exchange to whoever wants another one. */
function overhear(disturb: (rig: SessionRig, sent: Uint8Array, hear: (bytes: Uint8Array) => void) => boolean): string {
  const rig = new SessionRig();
  const monitor = new LineMonitor({ keys: [{ address: 1, scbk: SCBK }], learnsKeys: true, reveal: true });
  let views = '';
  const hear = (bytes: Uint8Array): void => void (views += JSON.stringify(monitor.push(bytes, rig.nowMs)));
  const exchange = (): void => {
    const sent = rig.turn();
    if (sent === null) return;
    hear(sent);
    if (disturb(rig, sent, hear)) return;
    const reply = rig.replyTo(sent);
    hear(reply);
    rig.hear(reply);
  };
  const until = (isSo: () => boolean): void => {
    for (let exchanges = 0; !isSo(); exchanges += 1) {
      if (exchanges > 200) throw new TypeError(`never came; ${rig.state.phase}; ${rig.kinds().slice(-8).join(' ')}`);
      exchange();
    }
  };
  until(() => rig.state.phase === 'online');
  rig.event({ kind: 'set_key', nowMs: rig.nowMs, id: 1, newKey: Uint8Array.from(NEW_KEY) });
  until(() => rig.done(1) !== undefined && rig.state.phase === 'online');
  rig.pd.presentCard(Uint8Array.of(0xde, 0xad, 0xbe, 0x40), 26);
  until(() => rig.kinds().includes('card_read'));
  monitor.dispose();
  return views;
}

describe('a monitor of a line whose replies are late', () => {
  it('follows the channel and the new key when each command was asked twice and answered twice, the second time behind the next command', () => {
    let late: Uint8Array | null = null;
    const views = overhear((rig, sent, hear) => {
      if (late !== null) {
        // The answer to the repetition before: heard by the listener, owed and thrown away by the gateway.
        hear(late);
        rig.hear(late);
        late = null;
      }
      if (rig.state.phase === 'identify') return false;
      const reply = rig.replyTo(sent);
      rig.overdue();
      const again = rig.turn();
      if (again === null) throw new TypeError('nothing is repeated');
      hear(again);
      late = rig.replyTo(again);
      expect(late).toEqual(reply);
      hear(reply);
      rig.hear(reply);
      return true;
    });
    expect(views).toContain('deadbe40');
    expect(views).not.toContain('mac_mismatch');
  });

  it('learns a key for which the reader first had no time', () => {
    let busy = 0;
    const views = overhear((rig, sent, hear) => {
      if (frameOf(sent).code !== KEYSET || busy === 2) return false;
      busy += 1;
      hear(BUSY);
      rig.hear(BUSY);
      return true;
    });
    expect(busy).toBe(2);
    expect(views).toContain('deadbe40');
  });
});
