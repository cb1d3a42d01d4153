import { expect, it } from 'vitest';
import { openFrame, sealFrame } from '#adapters/osdp/channels/channel.ts';
import { EMPTY } from '#adapters/osdp/messages/fields.ts';
import { REPLY_CODE } from '#adapters/osdp/messages/replies.ts';
import { createSeededRandom } from '#adapters/osdp/simulator/line-faults.ts';
import { SessionRig, frameOf } from './session-rig.ts';

const RUNS = 40;
const EXCHANGES = 120;
/** What begins here ends within its own limits; the longest is a file that is never asked for again. */
const QUIET_MS = 20_000;
const HONEST_EXCHANGES_MAX = 1_500;
const CODES = [...Object.values(REPLY_CODE), 0x00, 0x99];

/** Whole numbers below `count`. */
type Dice = (count: number) => number;
const bytesOf = (dice: Dice, length: number): Uint8Array => Uint8Array.from({ length }, () => dice(256));

/** One of all things that somebody may want of a reader, now and then; its id. */
function want(rig: SessionRig, dice: Dice, id: number): number | null {
  const { nowMs } = rig;
  const queue = (command: Parameters<SessionRig['command']>[0], priority: 'urgent' | 'normal'): void =>
    void rig.event({ kind: 'command', nowMs, command: { id, command, priority, queuedMs: nowMs } });
  const wishes = [
    () => rig.event({ kind: 'set_key', nowMs, id, newKey: bytesOf(dice, 16) }),
    () => rig.event({ kind: 'set_line', nowMs, id, wanted: { address: dice(127), baud: 9_600 } }),
    () => rig.event({ kind: 'transfer', nowMs, id, file: { type: 1, bytes: new Uint8Array(2_000) } }),
    () => queue({ name: 'OUT', body: [{ output: 0, action: 5, timer100Ms: 1 }] }, 'urgent'),
    () => queue({ name: 'BIOREAD', body: { reader: 0, type: 1, format: 0, quality: 0 } }, 'normal'),
    () => queue({ name: 'LSTAT', body: EMPTY }, 'normal'),
    () => queue({ name: 'GENAUTH', body: { total: 300, offset: 0, data: new Uint8Array(300), reference: null } }, 'normal'),
  ];
  const wish = wishes[dice(5 * wishes.length)];
  wish?.();
  return wish === undefined ? null : id;
}

/** Any code with any body, some of them as parts that begin and do not end. */
function lie(dice: Dice): { readonly code: number; readonly data: Uint8Array } {
  const code = CODES[dice(CODES.length)] ?? 0;
  if (dice(3) === 0) return { code, data: new Uint8Array(0) };
  const part = Uint8Array.of(dice(2) === 0 ? 44 : 200, 1, dice(2) === 0 ? 0 : 10, 0, 10, 0, ...bytesOf(dice, 10));
  return { code, data: dice(2) === 0 ? part : bytesOf(dice, dice(40)) };
}

/** A reader with its keys, which says anything, until it has lost the channel. Ids of what was wanted of it. */
function drive(rig: SessionRig, dice: Dice): readonly number[] {
  const { security } = rig.pd.protocol;
  if (security.name !== 'open') throw new TypeError('no channel');
  let { channel } = security;
  const wanted: (number | null)[] = [];
  for (let exchanges = 0; exchanges < EXCHANGES; exchanges += 1) {
    wanted.push(want(rig, dice, 1_000 + exchanges));
    const sent = rig.turn();
    if (sent === null) continue;
    const frame = frameOf(sent);
    const opened = openFrame(channel, frame);
    if (!opened.ok) break;
    rig.nowMs += dice(300);
    if (dice(12) === 0) {
      rig.overdue();
      rig.turn();
    }
    const sealed = sealFrame(opened.channel, 'reply', { address: frame.address, sequence: frame.sequence }, lie(dice));
    channel = sealed.channel;
    rig.hear(sealed.bytes);
  }
  return wanted.filter((id) => id !== null);
}

/** From here on it is the reader that it was, where it was. */
function honest(rig: SessionRig): void {
  const sent = rig.turn();
  if (sent === null) return;
  rig.nowMs += 1;
  const reply = frameOf(sent).address === 1 ? rig.pd.handle(frameOf(sent)) : null;
  if (reply === null) rig.overdue();
  else rig.hear(reply);
}

it('whatever a reader with its keys says: each command ends once, and it is on line when it tells the truth again', () => {
  for (let run = 0; run < RUNS; run += 1) {
    const random = createSeededRandom(run + 1);
    const rig = new SessionRig().bringOnline();
    const wanted = drive(rig, (count) => Math.floor(random() * count));
    rig.pd.reboot();
    rig.nowMs += QUIET_MS;
    if (rig.state.exchange.name === 'awaiting_reply') rig.overdue();
    const ended = (): readonly number[] => rig.effects.flatMap((effect) => (effect.kind === 'command_done' ? [effect.id] : []));
    const isSettled = (): boolean => rig.state.phase === 'online' && ended().length >= wanted.length;
    for (let exchanges = 0; exchanges < HONEST_EXCHANGES_MAX && !isSettled(); exchanges += 1) honest(rig);
    expect([run, ended().toSorted()]).toEqual([run, wanted.toSorted()]);
    expect(rig.state).toMatchObject({ phase: 'online', operation: null, transfer: null, keyChange: null, lineChange: null, queue: [] });
  }
});
