import type { Readable } from 'node:stream';

/** Longest line, characters. */
export const INPUT_LINE_MAX = 1_024;

/** Lines as they are typed, until the input ends, `signal` aborts, or a line exceeds INPUT_LINE_MAX. */
export async function* readInputLines(input: Readable, signal: AbortSignal): AsyncGenerator<string> {
  const end = (): void => void input.destroy();
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  let held = '';
  try {
    for await (const chunk of input) {
      const lines = `${held}${String(chunk)}`.split('\n');
      held = lines.pop() ?? '';
      yield* lines;
      if (held.length > INPUT_LINE_MAX) return;
    }
    if (held !== '') yield held;
  } catch (failure) {
    // The end of the program closes its input, which is how it ends here.
    if (!signal.aborted) throw failure;
  } finally {
    signal.removeEventListener('abort', end);
  }
}
