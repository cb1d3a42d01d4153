/** Runs once after the delay. Returns the function that prevents it. */
export type After = (delayMs: number, run: () => void) => () => void;

/** By the process's own timers, which keep no process alive. */
export const systemAfter: After = (delayMs, run) => {
  const timer = setTimeout(run, Math.ceil(delayMs)).unref();
  return () => clearTimeout(timer);
};
