import type { ChannelVersion } from '#adapters/osdp/channels/channel-suite.ts';
import { type Channel, openFrame, sealFrame } from '#adapters/osdp/channels/channel.ts';
import { suiteOf } from '#adapters/osdp/channels/suite-of.ts';
import { Framer } from '#adapters/osdp/wire/framer.ts';
import { commandTable } from '#adapters/osdp/messages/commands.ts';
import { replyTable } from '#adapters/osdp/messages/replies.ts';
import { EMPTY } from '#adapters/osdp/messages/fields.ts';

const EXCHANGES = 60_000;
const WARM_UP = 5_000;
/** One exchange in eight carries a card and is encrypted. */
const CARD_EVERY = 8;

/**
 * Frames encoded, sealed, framed, opened and parsed in a second of processor time: POLL one way, ACK or a card the other, both ends in one thread.
 * Processor time, because a busy machine gives this process only a part of a core.
 */
export function framesPerSecond(version: ChannelVersion = 1): number {
  exchange(WARM_UP, version);
  const before = process.threadCpuUsage();
  exchange(EXCHANGES, version);
  const { user, system } = process.threadCpuUsage(before);
  return Math.round((2 * EXCHANGES * 1_000_000) / (user + system));
}

/** As after a handshake; each end derives keys of its own. */
function openChannel(version: ChannelVersion): Channel {
  const suite = suiteOf(version);
  const { scbkLength, nonceLength } = suite;
  const scbk = Uint8Array.from({ length: scbkLength }, (_, index) => (index * 29 + 12) & 0xff);
  return suite.begin(scbk, new Uint8Array(nonceLength).fill(7)).agree(new Uint8Array(nonceLength).fill(9), new Uint8Array(8)).channel;
}

function exchange(count: number, version: ChannelVersion): void {
  let acu = openChannel(version);
  let pd = openChannel(version);
  const framers = { acu: new Framer(), pd: new Framer() };
  const card = { reader: 0, format: 1, bitCount: 26, bits: Uint8Array.of(1, 2, 3, 0) } as const;
  for (let index = 0; index < count; index += 1) {
    const line = { address: 1, sequence: ((index % 3) + 1) as 1 | 2 | 3 }; // 1, 2, 3
    const command = sealFrame(acu, 'command', line, commandTable.encode({ name: 'POLL', body: EMPTY }));
    acu = command.channel;
    for (const frame of framers.pd.push(command.bytes)) {
      const opened = openFrame(pd, frame);
      if (!opened.ok || !commandTable.parse(opened.code, opened.data).ok) throw new Error('the reader did not understand');
      pd = opened.channel;
    }
    const reply = index % CARD_EVERY === 0 ? ({ name: 'RAW', body: card } as const) : ({ name: 'ACK', body: EMPTY } as const);
    const sealed = sealFrame(pd, 'reply', line, replyTable.encode(reply));
    pd = sealed.channel;
    for (const frame of framers.acu.push(sealed.bytes)) {
      const opened = openFrame(acu, frame);
      if (!opened.ok || !replyTable.parse(opened.code, opened.data).ok) throw new Error('the controller did not understand');
      acu = opened.channel;
    }
  }
}
