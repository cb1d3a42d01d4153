import type { Decision } from '../access/decision.ts';
import type { ReasonCode } from '../access/reason-code.ts';

/** Cards of nobody that an entry reader takes within GUESS_WINDOW_MS; the one that makes the number full begins an episode. */
export const GUESSES_MAX = 10;
export const GUESS_WINDOW_MS = 60_000;
const BLOCK_MAX_MS = 60_000;
/** How long the reader ignores reads, for the first, the second, … time within an episode. Short: the people at the door wait as well. */
export const BLOCK_STEPS_MS = [5_000, 10_000, 20_000, 40_000, BLOCK_MAX_MS] as const;
/** Without a card of nobody for this long the episode is over. */
export const GUESS_QUIET_MS = 5 * 60_000;

/** `nowMs` is monotonic, ms: a clock that is set must neither lengthen nor end a block. */
export interface CardGuessingEvent {
  /** How a read was decided: `denied_unknown` a card of nobody, `known` any other. `tick`: time has passed, which ends an episode. */
  readonly kind: 'denied_unknown' | 'known' | 'tick';
  readonly nowMs: number;
}

/** What one entry reader has seen. */
export interface CardGuessingState {
  /** Cards of nobody within the window, oldest first; GUESSES_MAX at most. */
  readonly guessesMs: readonly number[];
  /** Blocks of the present episode; 0 = no episode. */
  readonly blocks: number;
  readonly blockedUntilMs: number;
}

export interface CardGuessingTransition {
  readonly state: CardGuessingState;
  /** Of the reader, once when an episode begins and once when it is over. */
  readonly alarm: { readonly code: 'reader.card_guessing'; readonly active: boolean } | null;
}

export const INITIAL_CARD_GUESSING: CardGuessingState = { guessesMs: [], blocks: 0, blockedUntilMs: Number.NEGATIVE_INFINITY };

/** A wrong PIN is a guess as well, whoever's badge it was with: it bounds what one reader takes of all badges together. */
const GUESS_REASONS: readonly ReasonCode[] = ['credential.unknown', 'card.format_unknown', 'pin.invalid'];

/** A person's own card that is blocked or has no grant is no guess, nor is a deny for want of facts. */
export function cardGuessingKind(decision: Decision): 'denied_unknown' | 'known' {
  return decision.effect === 'deny' && decision.reasons.some((reason) => GUESS_REASONS.includes(reason)) ? 'denied_unknown' : 'known';
}

/** Whether the reader ignores its reads now, every card alike: it cannot be told before the look-up which card is a guess. */
export function isReaderBlocked(state: CardGuessingState, nowMs: number): boolean {
  return nowMs < state.blockedUntilMs;
}

/**
 * One transition of an entry reader. Pure. Within an episode every further card of nobody blocks again, longer each time, so that numbers
 * are tried once a minute at best. A known card changes nothing: whoever has one badge could otherwise go on guessing for ever. Never
 * used for exit readers, since egress asks nobody.
 */
export function stepCardGuessing(before: CardGuessingState, { kind, nowMs }: CardGuessingEvent): CardGuessingTransition {
  const state = isQuiet(before, nowMs) ? INITIAL_CARD_GUESSING : before;
  const ended = before.blocks > 0 && state.blocks === 0 ? ({ code: 'reader.card_guessing', active: false } as const) : null;
  // A read that was waiting when the block began is no new attempt.
  if (kind !== 'denied_unknown' || isReaderBlocked(state, nowMs)) return { state, alarm: ended };
  const guessesMs = [...state.guessesMs.filter((guessMs) => guessMs > nowMs - GUESS_WINDOW_MS), nowMs].slice(-GUESSES_MAX);
  if (state.blocks === 0 && guessesMs.length < GUESSES_MAX) return { state: { ...state, guessesMs }, alarm: ended };
  const blockedUntilMs = nowMs + (BLOCK_STEPS_MS[state.blocks] ?? BLOCK_MAX_MS);
  return {
    state: { guessesMs, blocks: Math.min(state.blocks + 1, BLOCK_STEPS_MS.length), blockedUntilMs },
    alarm: state.blocks === 0 ? { code: 'reader.card_guessing', active: true } : null,
  };
}

function isQuiet({ guessesMs }: CardGuessingState, nowMs: number): boolean {
  return nowMs - (guessesMs.at(-1) ?? nowMs) >= GUESS_QUIET_MS;
}
