import { createCipheriv } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import type { KeyOf } from '#adapters/osdp/bus/bus-key.ts';
import { type SimulatedReader, createSimulatedReader } from '#adapters/osdp/simulator/simulated-line.ts';
import type { SimulatedPdOptions } from '#adapters/osdp/simulator/simulated-pd.ts';
import type { Frame } from '#adapters/osdp/wire/frame.ts';
import { type ManInTheMiddle, createManInTheMiddle } from './man-in-the-middle.ts';
import { CARD, OsdpSite, pause, scbk2Of, scbkOf } from './osdp-site.ts';

/** A card that only attackers show; it must never be read. */
export const FORGED_CARD = Uint8Array.of(0xde, 0xad, 0xbe, 0xc0);
export const RECOVERY_MAX_MS = 1_000;
const CHLNG_CODE = 0x76;
const QUIET_MS = 60;
const STRIKE_MAX_MS = 5_000;

export type ChannelVersion = 1 | 2;

/** The line is busy unless an attack needs it quiet. */
const POLL_INTERVAL_MS = 10;

/** What came of one attack: a line of the table at the end. */
export interface Outcome {
  readonly name: string;
  readonly channel: ChannelVersion;
  readonly alarms: string;
  /** Null: the reader never left the line. */
  readonly recoveryMs: number | null;
}

export interface AttackRigOptions {
  readonly reader?: Partial<SimulatedPdOptions>;
  readonly keyOf?: KeyOf;
  readonly pollIntervalMs?: number;
}

/** A gateway and a reader with an attacker between them, who hears and changes all that is said. */
export class AttackRig {
  readonly channel: ChannelVersion;
  readonly reader: SimulatedReader;
  readonly wire: ManInTheMiddle;
  readonly site: OsdpSite;
  #struckAtMs = 0;

  private constructor(channel: ChannelVersion, reader: SimulatedReader, wire: ManInTheMiddle, options: AttackRigOptions) {
    this.channel = channel;
    this.reader = reader;
    this.wire = wire;
    this.site = new OsdpSite({ kind: 'tcp', host: wire.host, port: wire.port }, [1], options.pollIntervalMs ?? POLL_INTERVAL_MS, {
      secureChannel: channel,
      ...(options.keyOf === undefined ? {} : { keyOf: options.keyOf }),
    });
  }

  static async build(channel: ChannelVersion, options: AttackRigOptions = {}): Promise<AttackRig> {
    const reader = await createSimulatedReader({
      address: 1,
      scbk: channel === 1 ? scbkOf(1) : scbk2Of(1),
      secureChannel: channel,
      host: '127.0.0.1',
      port: 0,
      ...options.reader,
    });
    return new AttackRig(channel, reader, await createManInTheMiddle(reader), options);
  }

  /** On line, asked for its states, and polled since: what it has from here on is new. */
  async online(): Promise<this> {
    await this.site.readers.start();
    await this.site.until('online');
    await this.site.until('outputs');
    const polls = this.#polls() + 2;
    while (this.#polls() < polls) await pause(2);
    return this;
  }

  #polls(): number {
    return Object.values(this.site.readers.counters()['bus_1']?.readers ?? {}).reduce((sum, counters) => sum + counters.polls, 0);
  }

  async close(): Promise<void> {
    await this.site.readers.stop();
    // What went on has been raised once and has ended once.
    expect(this.site.endings().toSorted()).toEqual([...new Set(this.site.bursts())].toSorted());
    await this.wire.close();
    await this.reader.close();
  }

  get key(): Uint8Array {
    return this.channel === 1 ? scbkOf(1) : scbk2Of(1);
  }

  /** Somebody shows the true card and it is read. */
  async showCard(): Promise<void> {
    const before = this.site.of('card_read').length;
    this.reader.presentCard(CARD, 26);
    await this.site.until('card_read', before + 1);
  }

  /** Changes the next reply of the standing channel for which `forge` gives bytes. */
  async replace(forge: (reply: Frame) => Uint8Array | null): Promise<void> {
    const struck = this.wire.tamperOnce((reply) => (reply.mac === null ? null : forge(reply)));
    const tooLate = new AbortController();
    const timeout = delay(STRIKE_MAX_MS, undefined, { signal: tooLate.signal }).then(
      () => {
        throw new Error('no reply to change has come');
      },
      () => undefined,
    );
    await Promise.race([struck, timeout]);
    tooLate.abort();
    this.struck();
  }

  /** The injection is over: from here on the recovery is measured. */
  struck(): void {
    this.#struckAtMs = Date.now();
  }

  /** Waits until the reader works again, and checks all that must hold after any attack. */
  async survive(name: string, alarms: readonly string[], extraKeys: readonly Uint8Array[] = []): Promise<Outcome> {
    const { site } = this;
    await site.untilTrue(
      () => alarms.every((code) => site.alarms().includes(code)),
      `alarm ${alarms.join(' ')}; alarms ${site.alarms().join(' ')}`,
    );
    await pause(QUIET_MS);
    await site.untilTrue(() => this.#isOnline(), 'recovery');
    const lastOnlineMs = site.of('online').at(-1)?.occurredAtMs ?? Number.POSITIVE_INFINITY;
    const recoveryMs = site.of('offline').length === 0 ? null : Math.max(0, lastOnlineMs - this.#struckAtMs);
    await this.showCard();
    await pause(QUIET_MS);
    this.assertNothingGained(extraKeys);
    expect(site.alarms()).toEqual(alarms);
    return { name, channel: this.channel, alarms: alarms.join(' ') || '-', recoveryMs };
  }

  /** A reader may go off line for one cause and stay so for another. */
  #isOnline(): boolean {
    return this.site.events.findLast(({ kind }) => kind === 'online' || kind === 'offline')?.kind === 'online';
  }

  /** No forged event came through, and neither a key nor a card can be read on the wire. */
  assertNothingGained(extraKeys: readonly Uint8Array[] = []): void {
    const cards = this.site.of('card_read').map((event) => (event.kind === 'card_read' ? Buffer.from(event.bits).toString('hex') : ''));
    expect(cards.filter((card) => card !== Buffer.from(CARD).toString('hex'))).toEqual([]);
    expect(this.site.of('keypad')).toEqual([]);
    const overheard = this.wire.overheard();
    for (const secret of [this.key, CARD, ...extraKeys, ...this.#sessionKeys()])
      expect(overheard.includes(Buffer.from(secret))).toBe(false);
  }

  /** S-ENC, S-MAC1 and S-MAC2 of every handshake so far (secure channel 1). */
  #sessionKeys(): readonly Uint8Array[] {
    if (this.channel === 2) return [this.key.subarray(0, 16), this.key.subarray(16)];
    const challenges = this.wire.commands.filter(({ code, data }) => code === CHLNG_CODE && data.length === 8);
    return challenges.flatMap(({ data }) =>
      [0x82, 0x01, 0x02].map((purpose) => {
        const cipher = createCipheriv('aes-128-ecb', this.key, null).setAutoPadding(false);
        return cipher.update(Uint8Array.of(0x01, purpose, ...data.subarray(0, 6), 0, 0, 0, 0, 0, 0, 0, 0));
      }),
    );
  }
}

/** The table at the end of a file of attacks. */
export function printOutcomes(title: string, outcomes: readonly Outcome[]): void {
  const lines = outcomes.map(({ name, channel, alarms, recoveryMs }) => {
    const recovery = recoveryMs === null ? 'never off line' : `${recoveryMs} ms`;
    return `${name.padEnd(72)} SC${channel}  ${recovery.padEnd(15)} ${alarms}`;
  });
  const slowest = Math.max(0, ...outcomes.map(({ recoveryMs }) => recoveryMs ?? 0));
  console.log([`${title}: ${outcomes.length} attacks; slowest recovery ${slowest} ms`, ...lines].join('\n'));
}
