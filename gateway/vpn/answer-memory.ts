import type { Clock } from '../ports/clock.ts';

/** Attempts that are remembered between the two calls of one packet; the oldest gives way, and its answer then has no text. */
export const ANSWERS_MAX = 10_000;
export const ANSWER_TTL_MS = 30_000;

/** RADIUS asks twice about one packet: whether the password is right, and then what to say. */
export interface AnswerMemory<Answer> {
  keep(packetId: string, answer: Answer): void;
  /** Once. */
  take(packetId: string): Answer | null;
}

export function createAnswerMemory<Answer>(clock: Clock, answersMax: number = ANSWERS_MAX): AnswerMemory<Answer> {
  const answers = new Map<string, { readonly answer: Answer; readonly untilMs: number }>();
  return {
    keep: (packetId, answer) => {
      answers.delete(packetId);
      const [oldest] = answers.keys();
      if (answers.size >= answersMax && oldest !== undefined) answers.delete(oldest);
      answers.set(packetId, { answer, untilMs: clock.nowMs() + ANSWER_TTL_MS });
    },
    take: (packetId) => {
      const kept = answers.get(packetId);
      answers.delete(packetId);
      return kept !== undefined && kept.untilMs > clock.nowMs() ? kept.answer : null;
    },
  };
}
