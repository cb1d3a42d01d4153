import type { Link, LinkHandlers } from '../transport/link.ts';
import { TimedLineModel, type TimedLineModelOptions } from './timed-line-model.ts';

/** The time that a model link lives in; a bus's clock is one. */
export interface ModelClock {
  nowMs(): number;
  schedule(delayMs: number, run: () => void): () => void;
}

/** A simulated line in this process as a `Link`, driven by any clock: with a fake one, hours of a line pass in a moment. */
export interface ModelLink extends Link {
  readonly model: TimedLineModel;
}

const BITS_PER_BYTE = 10;

export function createModelLink(options: TimedLineModelOptions, clock: ModelClock): ModelLink {
  let handlers: LinkHandlers | null = null;
  let cancel: (() => void) | null = null;
  const model = new TimedLineModel(options, (bytes) => handlers?.onBytes(bytes));
  const drive = (): void => {
    cancel?.();
    cancel = null;
    model.advance(clock.nowMs());
    if (model.nextMs !== Number.POSITIVE_INFINITY) cancel = clock.schedule(Math.max(0, model.nextMs - clock.nowMs()), drive);
  };
  return {
    model,
    byteTimeMs: (BITS_PER_BYTE * 1_000) / options.baud,
    open(given) {
      handlers = given;
      model.start(clock.nowMs());
      handlers.onUp();
      drive();
    },
    write(bytes) {
      model.receive(bytes, clock.nowMs());
      cancel?.();
      cancel = clock.schedule(Math.max(0, model.nextMs - clock.nowMs()), drive);
    },
    setBaud: (baud) => model.setBaud(baud ?? options.baud),
    recycle() {
      handlers?.onDown();
      handlers?.onUp();
    },
    async close() {
      cancel?.();
      handlers = null;
    },
  };
}
