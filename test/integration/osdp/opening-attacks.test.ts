import { afterAll, describe, expect, it } from 'vitest';
import { DEFAULT_IDENTITY } from '#adapters/osdp/simulator/pd-description.ts';
import { createSimulatedReader } from '#adapters/osdp/simulator/simulated-line.ts';
import { replyTable } from '#adapters/osdp/messages/replies.ts';
import type { Frame } from '#adapters/osdp/wire/frame.ts';
import { SCS, SCS2 } from '#adapters/osdp/wire/security-block.ts';
import { AttackRig, type ChannelVersion, type Outcome, RECOVERY_MAX_MS, printOutcomes } from './attack-rig.ts';
import { CLEAR_REPLIES, busyTo, flipped, forgedCard, nak } from './forgeries.ts';
import { inClear, resealed } from './man-in-the-middle.ts';

interface Attack {
  readonly name: string;
  readonly only?: ChannelVersion;
  readonly alarm: string | null;
  /** The reply that is changed, by its code, and to what. */
  readonly code: number;
  readonly forge: (reply: Frame, channel: ChannelVersion) => Uint8Array;
}

const CODE = { identity: 0x45, abilities: 0x46, client: 0x76, result: 0x78 } as const;
const CLIENT_ID_AT = 8;

const ATTACKS: readonly Attack[] = [
  {
    name: 'abilities rewritten to no secure channel',
    code: CODE.abilities,
    alarm: 'osdp.cleartext_refused',
    forge: (reply) => inClear(reply, replyTable.encode({ name: 'PDCAP', body: [{ function: 9, compliance: 0, count: 0 }] })),
  },
  ...[3, 4, 5, 6].map((nakCode) => ({
    name: `challenge refused with NAK ${nakCode}`,
    code: CODE.client,
    // The reader says NAK 4 itself when it has restarted: it is greeted again.
    alarm: nakCode === 4 ? null : 'osdp.cleartext_refused',
    forge: (reply: Frame) => inClear(reply, nak(nakCode)),
  })),
  {
    name: 'answer for the key of the standard (SCBK-D)',
    code: CODE.client,
    alarm: 'osdp.default_key_refused',
    forge: (reply, channel) =>
      resealed({ ...reply, block: { type: channel === 1 ? SCS.clientCryptogram : SCS2.clientCryptogram, data: Uint8Array.of(0) } }, {}),
  },
  {
    name: 'client cryptogram forged',
    code: CODE.client,
    alarm: 'osdp.key_mismatch',
    forge: (reply) => flipped(reply.bytes, reply.bytes.length - 5),
  },
  {
    name: 'random number of the reader changed',
    code: CODE.client,
    alarm: 'osdp.key_mismatch',
    forge: (reply) => flipped(reply.bytes, CLIENT_ID_AT + 9),
  },
  {
    name: 'cUID changed (secure channel 1 does not cover it)',
    only: 1,
    code: CODE.client,
    alarm: 'osdp.identity_changed',
    forge: (reply) => flipped(reply.bytes, CLIENT_ID_AT + 1),
  },
  {
    name: 'RMAC_I forged',
    only: 1,
    code: CODE.result,
    alarm: 'osdp.key_mismatch',
    forge: (reply) => flipped(reply.bytes, reply.bytes.length - 5),
  },
  {
    name: 'RMAC_I that says failed',
    code: CODE.result,
    alarm: 'osdp.key_mismatch',
    forge: (reply, channel) =>
      resealed({ ...reply, block: { type: channel === 1 ? SCS.initialRMac : SCS2.result, data: Uint8Array.of(0xff) } }, {}),
  },
  {
    name: 'RMAC_I before the proof',
    code: CODE.client,
    alarm: 'osdp.sequence_anomaly',
    forge: (reply, channel) =>
      resealed(
        { ...reply, code: CODE.result, block: { type: channel === 1 ? SCS.initialRMac : SCS2.result, data: Uint8Array.of(1) } },
        { data: new Uint8Array(16) },
      ),
  },
  {
    name: 'another device named in clear',
    code: CODE.identity,
    alarm: 'osdp.identity_changed',
    forge: (reply) => inClear(reply, { code: CODE.identity, data: new Uint8Array(12).fill(3) }),
  },
  ...CLEAR_REPLIES.filter(({ name }) => ['RAW', 'FMT', 'KEYPAD', 'BIOREADR', 'BIOMATCHR', 'PIVDATAR'].includes(name)).map((reply) => ({
    name: `${reply.name} instead of an identity`,
    code: CODE.identity,
    alarm: 'osdp.cleartext_refused',
    forge: (frame: Frame) => inClear(frame, replyTable.encode(reply)),
  })),
  { name: 'card instead of the abilities', code: CODE.abilities, alarm: 'osdp.cleartext_refused', forge: forgedCard },
  { name: 'card instead of the answer to the challenge', code: CODE.client, alarm: 'osdp.cleartext_refused', forge: forgedCard },
  { name: 'BUSY instead of an identity', code: CODE.identity, alarm: null, forge: busyTo },
  { name: 'BUSY instead of the answer to the challenge', code: CODE.client, alarm: null, forge: busyTo },
  { name: 'half an answer to the challenge', code: CODE.client, alarm: null, forge: ({ bytes }) => bytes.subarray(0, 20) },
];

const outcomes: Outcome[] = [];
afterAll(() => printOutcomes('attacks on the opening of a channel', outcomes));

describe.each<ChannelVersion>([1, 2])('on the opening of secure channel %i', (channel) => {
  it.concurrent.each(ATTACKS.filter(({ only = channel }) => only === channel))(
    'gains nothing: $name',
    async ({ name, alarm, code, forge }) => {
      const rig = await AttackRig.build(channel);
      try {
        await rig.online();
        // The reader is known: it restarts, and what it says then is changed.
        const struck = rig.wire.tamperOnce((reply) => (reply.code === code && reply.mac === null ? forge(reply, channel) : null));
        rig.reader.reboot();
        await struck;
        rig.struck();
        const outcome = await rig.survive(name, alarm === null ? [] : [alarm]);
        outcomes.push(outcome);
        expect(outcome.recoveryMs ?? 0).toBeLessThan(RECOVERY_MAX_MS);
        // Nothing but questions, and the handshake, is ever said in clear.
        const said = new Set(rig.wire.commands.filter(({ mac }) => mac === null).map((command) => command.code));
        expect([...said].toSorted((left, right) => left - right)).toEqual([0x61, 0x62, 0x76, 0x77]);
      } finally {
        await rig.close();
      }
    },
  );
});

describe('another device behind the same line', () => {
  it.concurrent.each([
    { name: 'another serial number under the same key', change: { serial: Uint8Array.of(9, 9, 9, 9) }, alarm: 'osdp.identity_changed' },
    { name: 'another firmware', change: { firmware: [9, 9, 9] as const }, alarm: 'osdp.firmware_changed' },
  ])('is an alarm: $name', async ({ name, change, alarm }) => {
    const rig = await AttackRig.build(1);
    try {
      await rig.online();
      rig.reader.setIdentity({ ...DEFAULT_IDENTITY, ...change });
      rig.reader.reboot();
      rig.struck();
      outcomes.push(await rig.survive(name, [alarm]));
    } finally {
      await rig.close();
    }
  });

  it('is an alarm when it has the key and another cUID, and is refused without the key', async () => {
    const rig = await AttackRig.build(1);
    const options = { address: 1, host: '127.0.0.1', port: 0 };
    const clone = await createSimulatedReader({ ...options, scbk: rig.key, clientId: new Uint8Array(8).fill(7) });
    const rogue = await createSimulatedReader({ ...options, scbk: new Uint8Array(16).map((_, index) => (index * 91 + 3) & 0xff) });
    try {
      await rig.online();
      rig.wire.moveTo(clone);
      await rig.site.until('online', 2);
      expect(rig.site.alarms()).toEqual(['osdp.identity_changed']);
      rig.wire.moveTo(rogue);
      await rig.site.until('alarm', 2);
      expect(rig.site.alarms()).toEqual(['osdp.identity_changed', 'osdp.key_mismatch']);
      expect(rogue.isSecure).toBe(false);
      rig.assertNothingGained();
    } finally {
      await rig.close();
      await clone.close();
      await rogue.close();
    }
  });
});
