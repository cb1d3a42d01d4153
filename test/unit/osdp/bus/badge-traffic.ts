import { commandsFor } from '#adapters/osdp/indication.ts';
import type { Command } from '#adapters/osdp/messages/commands.ts';
import { EMPTY } from '#adapters/osdp/messages/fields.ts';
import { OUTPUT_ACTION } from '#adapters/osdp/messages/output-codecs.ts';
import { OutputConfirmations } from '#adapters/osdp/output-confirmations.ts';
import { createSeededRandom } from '#adapters/osdp/simulator/line-faults.ts';
import type { ReaderId } from '#gateway/domain/site/ids.ts';
import type { BusRig } from './bus-rig.ts';

/** What the controller sends after a card besides the pulse of the relay. */
export interface Answers {
  /** Nothing but reading cards: how other controllers were measured. */
  readonly isSilent?: boolean;
  /** Light and buzzer. */
  readonly isShown: boolean;
  /** The question whether the relay fell off again: to every reader, or to one that does not report it by itself; the simulated ones do. */
  readonly confirmed: 'always' | 'unless_reported';
  /** Between two cards, and up to half as much again; `CARD_PAUSE_MS` when left out. */
  readonly pauseMs?: number;
}

/** In milliseconds of the line's time. */
export interface BadgeTimes {
  /** Shown -> read. */
  readonly cardMs: number[];
  /** Ordered -> relay moved. */
  readonly unlockMs: number[];
  readonly badgeToRelayMs: number[];
}

export const ALL_ANSWERS: Answers = { isShown: true, confirmed: 'unless_reported' };
const PULSE_MS = 100;
/** As in `npm run bench -- osdp`: one card after another at any reader, at times that have nothing to do with the polls. */
export const CARD_PAUSE_MS = 230;
const LAST_CARD_MS = 5_000;
const CARD_BITS = 26;

const PULSE: Command = { name: 'OUT', body: [{ output: 0, action: OUTPUT_ACTION.onForTime, timer100Ms: 1 }] };
const OUTPUT_STATES: Command = { name: 'OSTAT', body: EMPTY };

/** Shows cards at the given readers of a rig that is on line, answers each as the product does, and measures in the line's own time. */
export async function showBadges(
  rig: BusRig,
  readers: readonly number[],
  cards: number,
  answers: Answers = ALL_ANSWERS,
): Promise<BadgeTimes> {
  const times: BadgeTimes = { cardMs: [], unlockMs: [], badgeToRelayMs: [] };
  const { pauseMs = CARD_PAUSE_MS } = answers;
  const random = createSeededRandom(11);
  const shown = new Map<number, { readonly reader: number; readonly atMs: number }>();
  const ordered = new Map<number, { readonly orderedMs: number; readonly shownMs: number }>();
  const ends = readers.map((reader) =>
    rig.pds[reader]?.onOutput(({ active }) => {
      const order = ordered.get(reader);
      ordered.delete(reader);
      if (!active || order === undefined) return;
      times.unlockMs.push(rig.clock.nowMs() - order.orderedMs);
      times.badgeToRelayMs.push(rig.clock.nowMs() - order.shownMs);
    }),
  );
  const confirmations = new OutputConfirmations(
    (id) => void rig.bus.send(id, OUTPUT_STATES, 'normal'),
    (delayMs, run) => rig.clock.schedule(delayMs, run),
  );
  const answer = (id: ReaderId): void => {
    void rig.bus.send(id, PULSE, 'urgent').then(() => confirmations.schedule(id, 0, PULSE_MS));
    if (answers.isShown) for (const command of commandsFor('granted', null, null)) void rig.bus.send(id, command, 'normal');
  };
  rig.onEffect = (id, effect) => {
    if (effect.kind === 'outputs' && answers.confirmed === 'unless_reported') {
      confirmations.reported(
        id,
        effect.states.map((state) => state !== 0),
      );
    }
    if (effect.kind !== 'card_read') return;
    const number = ((effect.bits[0] ?? 0) << 8) | (effect.bits[1] ?? 0);
    const card = shown.get(number);
    shown.delete(number);
    if (card === undefined) return;
    const nowMs = rig.clock.nowMs();
    times.cardMs.push(nowMs - card.atMs);
    ordered.set(card.reader, { orderedMs: nowMs, shownMs: card.atMs });
    if (answers.isSilent !== true) answer(id);
  };
  for (let count = 0; count < cards; count += 1) {
    const reader = readers[Math.floor(random() * readers.length)] ?? 0;
    shown.set(count, { reader, atMs: rig.clock.nowMs() });
    rig.pds[reader]?.presentCard(Uint8Array.of(count >> 8, count, reader, 0), CARD_BITS);
    await rig.clock.advance(pauseMs * (1 + random() / 2));
  }
  await rig.clock.advance(LAST_CARD_MS);
  for (const end of ends) end?.();
  return times;
}
