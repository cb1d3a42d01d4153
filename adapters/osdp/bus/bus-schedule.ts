import { type SessionState, isUrgent, nextTurnMs } from '../session/state.ts';

/** Of this many turns one may go to a reader with traffic, before its turn comes round. The others wait an eighth longer while somebody has. */
export const HOT_TURN_EVERY = 8;
/**
 * A command that is no unlock gets a turn of its own, beside its reader's poll, once in a round of the line, of this many turns at most, or after this
 * time where the line is slow: in the place of a poll it would make a card wait for a second round.
 */
export const COMMAND_TURN_EVERY_MAX = 32;
export const COMMAND_TURN_PAUSE_MS = 100;
/** So many turns in a row go to readers that are coming on line, then one to the others: eight exchanges, on line again in half the time of turn about. */
export const OPENING_TURNS_MAX = 3;
/**
 * A reader on line that was not heard for so long gets every other turn, whatever else comes on line: a card of more than 2 s is too old, and after
 * 8 s the reader gives its channel up.
 */
export const KEPT_WAITING_MS = 1_000;

/** What the schedule looks at in a reader of a line. */
export interface Schedulable {
  readonly state: SessionState;
  /** Number of its last turn; turns are counted, so that no two are alike. */
  readonly lastTurn: number;
  /** It waits for something that is not the line. */
  readonly isBlocked: boolean;
  /** It had something to say until just now. */
  readonly hotUntilMs: number;
  /** Its last reply brought something else than a card; what came after that waits behind it. */
  readonly hasMore: boolean;
  /** It holds its line up too often: no poll before this. Its commands are not held back. */
  readonly cost: { readonly notBeforeMs: number };
}

/** What the last turns were, so that no kind of reader has the line for itself. */
export interface ScheduleMemory {
  lastPick: 'urgent' | 'waiting' | 'other';
  openingTurns: number;
  turnsSinceHot: number;
  turnsSinceCommand: number;
  lastCommandMs: number;
}

export const NO_TURNS_YET: ScheduleMemory = {
  lastPick: 'other',
  openingTurns: 0,
  turnsSinceHot: 0,
  turnsSinceCommand: 0,
  lastCommandMs: 0,
};

export interface Choice<Reader> {
  readonly reader: Reader | null;
  readonly pick: 'urgent' | 'repeat' | 'waiting' | 'opening' | 'command' | 'hot' | 'ordinary';
  /** When somebody will be due; Infinity when nobody ever is. Of use only when `reader` is null. */
  readonly nextDueMs: number;
}

/**
 * Who gets the line now. An unlock goes first, but never twice before another had a turn; then one whose last reply was
 * lost, which would else wait for a second round; then, every other turn, one that
 * was not heard for a second; then, three turns of four, a reader that is coming on line;
 * then, once in a round, one with another command; then, one turn in eight, a reader with traffic; then it goes round: of those that are due,
 * whoever waited longest. One pass without allocations: at 115200 there are 300 turns a second.
 */
export function chooseTurn<Reader extends Schedulable>(
  readers: readonly Reader[],
  nowMs: number,
  memory: Readonly<ScheduleMemory>,
): Choice<Reader> {
  let urgent: Reader | null = null;
  let ordinary: Reader | null = null;
  let hot: Reader | null = null;
  let opening: Reader | null = null;
  let command: Reader | null = null;
  let repeat: Reader | null = null;
  let waiting: Reader | null = null;
  let nextDueMs = Number.POSITIVE_INFINITY;
  for (const reader of readers) {
    if (reader.isBlocked) continue;
    const dueMs = dueAtMs(reader);
    if (dueMs > nowMs) {
      if (dueMs < nextDueMs) nextDueMs = dueMs;
    } else if (isUrgent(reader.state)) {
      urgent = longerWaiting(urgent, reader);
    } else {
      ordinary = longerWaiting(ordinary, reader);
      if (reader.hotUntilMs > nowMs || reader.hasMore) hot = longerWaiting(hot, reader);
      if (hasCommand(reader.state)) command = longerWaiting(command, reader);
      if (isFirstRepeat(reader.state)) repeat = longerWaiting(repeat, reader);
      if (isKeptWaiting(reader.state, nowMs)) waiting = longerWaiting(waiting, reader);
      if (isOpening(reader.state)) opening = furtherOn(opening, reader);
    }
  }
  if (urgent !== null && (memory.lastPick !== 'urgent' || ordinary === null)) return { reader: urgent, pick: 'urgent', nextDueMs };
  if (repeat !== null) return { reader: repeat, pick: 'repeat', nextDueMs };
  if (waiting !== null && memory.lastPick !== 'waiting') return { reader: waiting, pick: 'waiting', nextDueMs };
  if (opening !== null && memory.openingTurns < OPENING_TURNS_MAX) return { reader: opening, pick: 'opening', nextDueMs };
  if (command !== null && isCommandTurn(readers.length, nowMs, memory)) return { reader: command, pick: 'command', nextDueMs };
  if (hot !== null && memory.turnsSinceHot >= HOT_TURN_EVERY - 1) return { reader: hot, pick: 'hot', nextDueMs };
  return { reader: ordinary, pick: 'ordinary', nextDueMs };
}

/** Tells the memory what was chosen. */
export function remember(memory: ScheduleMemory, pick: Choice<unknown>['pick'], nowMs: number): void {
  memory.lastPick = pick === 'urgent' || pick === 'waiting' ? pick : 'other';
  memory.openingTurns = pick === 'opening' ? memory.openingTurns + 1 : 0;
  memory.turnsSinceHot = pick === 'hot' ? 0 : memory.turnsSinceHot + 1;
  memory.turnsSinceCommand = pick === 'command' ? 0 : memory.turnsSinceCommand + 1;
  if (pick === 'command') memory.lastCommandMs = nowMs;
}

/** It is on line, is owed no repetition, and has something to be sent that is not a poll. */
export function hasCommand({ phase, exchange, queue }: SessionState): boolean {
  return phase === 'online' && exchange.name === 'idle' && queue.length > 0;
}

/** Once for each frame: what is lost again waits for its turn. */
function isFirstRepeat({ phase, exchange }: SessionState): boolean {
  if (phase !== 'online' || exchange.name !== 'resend_due') return false;
  return exchange.inFlight.retries === 1 && exchange.inFlight.busyReplies === 0;
}

function isCommandTurn(readerCount: number, nowMs: number, memory: Readonly<ScheduleMemory>): boolean {
  const isRoundOver = memory.turnsSinceCommand >= Math.min(readerCount, COMMAND_TURN_EVERY_MAX);
  return isRoundOver || nowMs - memory.lastCommandMs >= COMMAND_TURN_PAUSE_MS;
}

function dueAtMs(reader: Schedulable): number {
  const dueMs = nextTurnMs(reader.state);
  const isPoll = reader.state.phase === 'online' && reader.state.exchange.name === 'idle' && reader.state.queue.length === 0;
  return isPoll ? Math.max(dueMs, reader.cost.notBeforeMs) : dueMs;
}

/**
 * It has answered and is on its way: a dozen exchanges, which must not each wait for a whole round. So is one that was on line until now and has most
 * likely restarted, for its first question.
 */
function isOpening({ phase, failures, isPatient }: SessionState): boolean {
  return phase === 'identify' ? failures === 1 && isPatient : phase !== 'online';
}

function isKeptWaiting({ phase, exchange, lastReplyMs }: SessionState, nowMs: number): boolean {
  return phase === 'online' && exchange.name === 'idle' && nowMs - lastReplyMs > KEPT_WAITING_MS;
}

/** One after the other: whoever began comes on line before the next one begins. */
function furtherOn<Reader extends Schedulable>(best: Reader | null, reader: Reader): Reader {
  return best === null || reader.lastTurn > best.lastTurn ? reader : best;
}

function longerWaiting<Reader extends Schedulable>(best: Reader | null, reader: Reader): Reader {
  return best === null || reader.lastTurn < best.lastTurn ? reader : best;
}
