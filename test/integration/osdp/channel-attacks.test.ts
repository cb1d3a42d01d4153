import { afterAll, describe, expect, it } from 'vitest';
import { computeMac } from '#adapters/osdp/secure-channel/chaining.ts';
import { replyTable } from '#adapters/osdp/messages/replies.ts';
import { type Frame, REPLY_BIT, coveredByMac, encodeFrame } from '#adapters/osdp/wire/frame.ts';
import { SCS, SCS2, macLength } from '#adapters/osdp/wire/security-block.ts';
import { AttackRig, type ChannelVersion, FORGED_CARD, type Outcome, RECOVERY_MAX_MS, printOutcomes } from './attack-rig.ts';
import { CLEAR_REPLIES, busyTo, flipped, forgedCard, nak, rebuilt } from './forgeries.ts';
import { inClear, resealed } from './man-in-the-middle.ts';
import { pause } from './osdp-site.ts';

interface Attack {
  readonly name: string;
  readonly only?: ChannelVersion;
  /** The one alarm; none where the bytes are what any bad line delivers. */
  readonly alarm: string | null;
  readonly pollIntervalMs?: number;
  readonly strike: (rig: AttackRig) => Promise<void>;
}

/** So long that what the reader says to a forged command comes before the next poll, however busy the machine is. */
const BETWEEN_POLLS_MS = 200;

const comsetInClear = (sequence: Frame['sequence']): Uint8Array =>
  encodeFrame({
    address: 1,
    direction: 'command',
    sequence,
    check: 'crc',
    block: null,
    code: 0x6e,
    data: Uint8Array.of(9, 0x80, 0x25, 0, 0),
  });
const MASTER_FRAME = comsetInClear(2);
const handshakeBlock = ({ channel }: AttackRig, which: 'client' | 'result'): number => {
  if (which === 'client') return channel === 1 ? SCS.clientCryptogram : SCS2.clientCryptogram;
  return channel === 1 ? SCS.initialRMac : SCS2.result;
};

const replacing = (forge: (reply: Frame, rig: AttackRig) => Uint8Array | null) => (rig: AttackRig) =>
  rig.replace((reply) => forge(reply, rig));

/** The next card's frame is changed; the card itself is lost with it and must not come later. */
const onCard = (forge: (reply: Frame) => Uint8Array) => async (rig: AttackRig) => {
  rig.reader.presentCard(FORGED_CARD, 26);
  const isLong = ({ data }: Frame): boolean => data.length > 0;
  await rig.replace((reply) => (isLong(reply) ? forge(reply) : null));
};

const INTEGRITY: readonly Attack[] = [
  { name: 'wrong MAC', alarm: 'osdp.mac_mismatch', strike: replacing((reply) => resealed(reply, { mac: new Uint8Array(16).fill(1) })) },
  {
    name: 'bit of the MAC flipped, CRC corrected',
    alarm: 'osdp.mac_mismatch',
    strike: replacing(({ bytes }) => flipped(bytes, bytes.length - 3)),
  },
  { name: 'bit of a card flipped, CRC corrected', alarm: 'osdp.mac_mismatch', strike: onCard(({ bytes }) => flipped(bytes, 10)) },
  { name: 'code of a reply changed, CRC corrected', alarm: 'osdp.mac_mismatch', strike: replacing(({ bytes }) => flipped(bytes, 7)) },
  {
    name: 'bit flipped, CRC left wrong',
    alarm: null,
    strike: replacing(({ bytes }) => bytes.map((byte, at) => (at === 7 ? byte ^ 1 : byte))),
  },
  {
    name: 'MAC cut off, length and CRC corrected',
    alarm: null,
    strike: replacing((reply) => (reply.data.length > 0 && reply.block?.type === SCS.replyEncrypted ? null : withoutMac(reply))),
  },
  { name: 'MAC of a card cut off, length and CRC corrected', only: 1, alarm: 'osdp.mac_mismatch', strike: onCard(withoutMac) },
  {
    name: 'block of the other secure channel',
    alarm: 'osdp.sequence_anomaly',
    only: 1,
    strike: replacing((reply) =>
      resealed(
        { ...reply, block: { type: SCS2.replyEncrypted, data: new Uint8Array(0) } },
        { data: new Uint8Array(16), mac: new Uint8Array(16) },
      ),
    ),
  },
  {
    name: 'block of the other secure channel',
    alarm: 'osdp.cleartext_refused',
    only: 2,
    strike: replacing((reply) =>
      resealed(
        { ...reply, block: { type: SCS.replyEncrypted, data: new Uint8Array(0) } },
        { data: new Uint8Array(16), mac: new Uint8Array(4) },
      ),
    ),
  },
  {
    name: 'card in clear inside SCS_16, with the right MAC (a reader that leaks)',
    only: 1,
    alarm: 'osdp.cleartext_refused',
    strike: replacing(sealedInClear),
  },
  {
    name: 'own command thrown back as a reply',
    only: 1,
    alarm: 'osdp.mac_mismatch',
    strike: replacing(thrownBack),
  },
  {
    name: 'own command thrown back as a reply',
    only: 2,
    alarm: 'osdp.cleartext_refused',
    strike: replacing(thrownBack),
  },
];

const CLEAR: readonly Attack[] = CLEAR_REPLIES.map((reply) => ({
  name: `${reply.name} in clear`,
  alarm: 'osdp.cleartext_refused',
  strike: replacing((frame) => inClear(frame, replyTable.encode(reply))),
}));

/** A reader that restarted says the same: one of them is no alarm, and costs a handshake. */
const REFUSALS: readonly Attack[] = [0, 1, 2, 3, 4, 5, 6, 9, 0x42].map((code) => ({
  name: `NAK ${code} in clear`,
  alarm: null,
  strike: replacing((frame) => inClear(frame, nak(code))),
}));

const SEQUENCE: readonly Attack[] = [
  {
    name: 'sequence 0 in a secured reply',
    alarm: 'osdp.sequence_anomaly',
    strike: replacing(({ bytes }) => rebuilt(bytes, (body) => (body[4] = (body[4] ?? 0) & ~3))),
  },
  {
    name: 'NAK with sequence 0',
    alarm: null,
    strike: replacing((frame) => inClear({ ...frame, sequence: 0 }, nak(4))),
  },
  {
    name: 'replayed card, with the sequence of now',
    alarm: 'osdp.mac_mismatch',
    strike: async (rig) => {
      await showThree(rig);
      await rig.replace((reply) => longReplies(rig).find(({ sequence }) => sequence === reply.sequence)?.bytes ?? null);
    },
  },
  {
    name: 'replayed card, with another sequence',
    alarm: 'osdp.sequence_anomaly',
    strike: async (rig) => {
      await showThree(rig);
      await rig.replace((reply) => {
        const card = longReplies(rig).find(({ sequence }) => sequence !== reply.sequence);
        return card === undefined ? null : Buffer.concat([card.bytes, reply.bytes]);
      });
    },
  },
  {
    name: 'RMAC_I out of order',
    alarm: 'osdp.sequence_anomaly',
    strike: replacing((reply, rig) =>
      encodeFrame({
        ...reply,
        block: { type: handshakeBlock(rig, 'result'), data: Uint8Array.of(1) },
        code: 0x78,
        data: new Uint8Array(16),
      }),
    ),
  },
  {
    name: 'CCRYPT out of order',
    alarm: 'osdp.sequence_anomaly',
    strike: replacing((reply, rig) =>
      encodeFrame({
        ...reply,
        block: { type: handshakeBlock(rig, 'client'), data: Uint8Array.of(1) },
        code: 0x76,
        data: new Uint8Array(32),
      }),
    ),
  },
  { name: 'every reply twice', alarm: null, strike: replacing(({ bytes }) => Buffer.concat([bytes, bytes])) },
  {
    name: 'two different replies to one command (second reader at the address)',
    alarm: 'osdp.address_conflict',
    strike: replacing((reply) => Buffer.concat([reply.bytes, resealed(reply, { mac: new Uint8Array(16).fill(7) })])),
  },
  {
    name: 'reply late by 300 ms',
    alarm: null,
    strike: async (rig) => {
      let late: Uint8Array = new Uint8Array(0);
      await rig.replace(({ bytes }) => {
        late = bytes;
        return new Uint8Array(0);
      });
      await pause(300);
      // Behind the reply of that moment: met by a poll with its own sequence it would be a forgery, as nobody could tell them apart.
      await rig.replace(({ bytes }) => Buffer.concat([bytes, late]));
    },
  },
];

const LINE: readonly Attack[] = [
  {
    name: 'command of a second master',
    alarm: 'osdp.second_master',
    strike: async (rig) => {
      rig.wire.inject(MASTER_FRAME);
      rig.struck();
    },
  },
  {
    name: 'COMSET in clear to the reader, sequence of now',
    alarm: 'osdp.address_conflict',
    pollIntervalMs: BETWEEN_POLLS_MS,
    strike: (rig) => moveReader(rig, 0),
  },
  {
    name: 'COMSET in clear to the reader, sequence of next',
    alarm: null,
    pollIntervalMs: BETWEEN_POLLS_MS,
    strike: (rig) => moveReader(rig, 1),
  },
  {
    name: 'COMSET in clear to the reader, sequence of before',
    alarm: null,
    pollIntervalMs: BETWEEN_POLLS_MS,
    strike: (rig) => moveReader(rig, 2),
  },
  {
    name: 'reply from another address',
    alarm: null,
    strike: async (rig) => {
      rig.wire.inject(forgedCard({ ...rig.wire.replies[0], address: 2, sequence: 1 } as Frame));
      await pause(30);
      rig.struck();
      expect(rig.site.readers.counters()['bus_1']?.foreign).toBe(1);
    },
  },
  { name: 'half a frame', alarm: null, strike: replacing(({ bytes }) => bytes.subarray(0, bytes.length >> 1)) },
  { name: 'frame that claims 1440 bytes', alarm: null, strike: replacing(() => Uint8Array.of(0x53, 0x81, 0xa0, 0x05, 0x0c)) },
  {
    name: 'frame of 1441 bytes',
    alarm: null,
    strike: replacing(({ bytes }) => Buffer.concat([Uint8Array.of(0x53, 0x81, 0xa1, 0x05), new Uint8Array(1_437), bytes])),
  },
  { name: 'BUSY x9', alarm: null, strike: (rig) => busyTimes(rig, 9) },
  {
    name: 'BUSY x1000 beside the replies',
    alarm: 'osdp.busy_flood',
    strike: async (rig) => {
      for (let count = 0; count < 1_000; count += 1) rig.wire.inject(busyTo(rig.wire.replies[0] as Frame));
      await pause(20);
      rig.struck();
    },
  },
  {
    name: 'card in clear x200, whether or not one was asked',
    alarm: 'osdp.cleartext_refused',
    strike: async (rig) => {
      for (let count = 0; count < 200; count += 1) {
        rig.wire.inject(forgedCard({ ...rig.wire.replies[0], sequence: count & 3 } as Frame));
        if (count % 10 === 0) await pause(5);
      }
      rig.struck();
    },
  },
  {
    name: 'NAK 6 in clear, until somebody is told',
    alarm: 'osdp.cleartext_refused',
    strike: async (rig) => {
      for (let count = 0; count < 6; count += 1) await rig.replace((frame) => inClear(frame, nak(6)));
    },
  },
  {
    name: 'reply byte by byte, 10 ms apart',
    alarm: null,
    strike: async (rig) => {
      let slow: Uint8Array = new Uint8Array(0);
      await rig.replace(({ bytes }) => {
        slow = bytes;
        return new Uint8Array(0);
      });
      for (const byte of slow) {
        rig.wire.inject(Uint8Array.of(byte));
        await pause(10);
      }
      rig.struck();
    },
  },
];

const outcomes: Outcome[] = [];
afterAll(() => printOutcomes('attacks on a standing channel', outcomes));

describe.each<ChannelVersion>([1, 2])('on a standing secure channel %i', (channel) => {
  const attacks = [...INTEGRITY, ...CLEAR, ...REFUSALS, ...SEQUENCE, ...LINE].filter(({ only = channel }) => only === channel);
  it.concurrent.each(attacks)('gains nothing: $name', async ({ name, alarm, pollIntervalMs, strike }) => {
    const rig = await AttackRig.build(channel, pollIntervalMs === undefined ? {} : { pollIntervalMs });
    try {
      await rig.online();
      await strike(rig);
      const outcome = await rig.survive(name, alarm === null ? [] : [alarm]);
      outcomes.push(outcome);
      expect(outcome.recoveryMs ?? 0).toBeLessThan(RECOVERY_MAX_MS);
    } finally {
      await rig.close();
    }
  });
});

function withoutMac({ bytes, block }: Frame): Uint8Array {
  return rebuilt(bytes, (body) => body.splice(-macLength(block?.type ?? 0)));
}

function thrownBack(_reply: Frame, { wire }: AttackRig): Uint8Array {
  return rebuilt(wire.commands.at(-1)?.bytes ?? new Uint8Array(8), (body) => (body[1] = 1 | REPLY_BIT));
}

/** What a reader would send that seals rightly and does not encrypt. */
function sealedInClear(reply: Frame, { reader }: AttackRig): Uint8Array {
  const { security } = reader.protocol;
  if (security.name !== 'open' || security.channel.version !== 1) throw new TypeError('secure channel 1 is open');
  const { keys, commandMac } = security.channel;
  const raw = replyTable.encode({ name: 'RAW', body: { reader: 0, format: 1, bitCount: 26, bits: FORGED_CARD } });
  return encodeFrame({ ...reply, block: { type: SCS.replyMac, data: new Uint8Array(0) }, ...raw }, (covered) =>
    computeMac(keys, commandMac, covered),
  );
}

/** Right behind a reply, when nobody waits for one: what the reader says to it is not the answer to something else. */
async function moveReader(rig: AttackRig, ahead: 0 | 1 | 2): Promise<void> {
  let sequence = 0;
  await rig.replace((reply) => {
    sequence = reply.sequence;
    return reply.bytes;
  });
  // 1 to 3 in turns.
  rig.wire.injectToReader(comsetInClear((((((sequence - 1 + ahead) % 3) + 3) % 3) + 1) as Frame['sequence']));
  rig.struck();
  // What the next poll meets belongs to it.
  await pause(2 * BETWEEN_POLLS_MS);
  expect([rig.reader.address, rig.reader.baud]).toEqual([1, 9_600]);
}

async function showThree(rig: AttackRig): Promise<void> {
  for (let shown = 0; shown < 3; shown += 1) await rig.showCard();
}

function longReplies({ wire }: AttackRig): readonly Frame[] {
  const sizes = wire.replies.slice(-100).map((reply) => coveredByMac(reply).length);
  const longest = Math.max(...sizes.slice(0, -1));
  return wire.replies.slice(-100, -1).filter((reply) => reply.mac !== null && coveredByMac(reply).length === longest);
}

async function busyTimes(rig: AttackRig, times: number): Promise<void> {
  let left = times;
  await new Promise<void>((resolve) => {
    rig.wire.tamperAlways((reply) => {
      left -= 1;
      if (left === 0) {
        rig.wire.tamperAlways(null);
        resolve();
      }
      return busyTo(reply);
    });
  });
  rig.struck();
}
