/** Pressing Ctrl+C under `npm start` delivers the signal twice (from the terminal and from npm): within this time it is one wish. */
const SAME_WISH_MS = 1_000;

export interface ShutdownOptions {
  /** Ends everything in order; called once. */
  readonly stop: (signal: NodeJS.Signals) => Promise<void>;
  /** After this long the process ends whatever is still open. */
  readonly timeoutMs: number;
  /** Called with what went wrong, before the process ends with code 1. */
  readonly onFailure: (failure: unknown) => void;
  readonly nowMs: () => number;
  readonly exit: (code: number) => void;
}

/** SIGTERM and SIGINT stop the gateway in order; a second signal ends it at once. Returns the function that stops listening. */
export function onShutdownSignal(source: NodeJS.EventEmitter, options: ShutdownOptions): () => void {
  let firstMs: number | null = null;
  const listener = (signal: NodeJS.Signals): void => {
    const nowMs = options.nowMs();
    if (firstMs === null) {
      firstMs = nowMs;
      void runStop(signal, options);
    } else if (nowMs - firstMs >= SAME_WISH_MS) {
      options.exit(1);
    }
  };
  source.on('SIGTERM', listener);
  source.on('SIGINT', listener);
  return () => {
    source.off('SIGTERM', listener);
    source.off('SIGINT', listener);
  };
}

/** Owns the promise of `stop`: whatever becomes of it, the process ends. */
async function runStop(signal: NodeJS.Signals, options: ShutdownOptions): Promise<void> {
  const timer = setTimeout(() => {
    options.onFailure(new Error(`stopping took longer than ${options.timeoutMs} ms`));
    options.exit(1);
  }, options.timeoutMs);
  try {
    await options.stop(signal);
    options.exit(0);
  } catch (failure) {
    options.onFailure(failure);
    options.exit(1);
  } finally {
    clearTimeout(timer);
  }
}
