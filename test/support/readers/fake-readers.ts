import type { ReaderId } from '#gateway/domain/site/ids.ts';
import type { Indication } from '#gateway/domain/doors/sign.ts';
import type { CommandResult, ReaderEvent, Readers } from '#gateway/ports/readers.ts';

export interface FakeReaders extends Readers {
  emit(event: ReaderEvent): void;
  readonly pulses: { readonly readerId: string; readonly output: number; readonly durationMs: number }[];
  readonly indications: { readonly readerId: string; readonly indication: Indication }[];
  /** What the next pulses answer. */
  answer: CommandResult;
}

/** Readers without a wire: events are put in by the test, commands are noted. */
export function createFakeReaders(): FakeReaders {
  const listeners = new Set<(event: ReaderEvent) => void>();
  const fake: FakeReaders = {
    pulses: [],
    indications: [],
    answer: { ok: true },
    emit: (event) => listeners.forEach((listener) => listener(event)),
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    pulseOutput: (readerId: ReaderId, output, durationMs) => {
      fake.pulses.push({ readerId, output, durationMs });
      return Promise.resolve(fake.answer);
    },
    indicate: (readerId, indication) => {
      fake.indications.push({ readerId, indication });
      return Promise.resolve({ ok: true });
    },
  };
  return fake;
}
