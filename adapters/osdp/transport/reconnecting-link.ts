import type { Connect, Connection, Link, LinkHandlers } from './link.ts';

export const RECONNECT_DELAY_MIN_MS = 50;
export const RECONNECT_DELAY_MAX_MS = 800;
/** A connection that held for so long has earned the shortest pause again. One that is thrown out for its noise at once must not be back at once. */
export const SETTLED_AFTER_MS = 1_000;

export interface ReconnectingLinkOptions {
  readonly connect: Connect;
  readonly byteTimeMs: number;
  /** The line's own speed; absent where connections have none to set. */
  readonly baud?: number;
}

/** Keeps one connection alive, with 50, 100, .. 800, 800 ms between attempts; the delay starts anew after one that held. */
export function createReconnectingLink(options: ReconnectingLinkOptions): Link {
  let handlers: LinkHandlers | null = null;
  let connection: Connection | null = null;
  let isUp = false;
  let isFirstAttempt = true;
  let delayMs = RECONNECT_DELAY_MIN_MS;
  let timer: NodeJS.Timeout | undefined;
  let settling: NodeJS.Timeout | undefined;
  let onEnded: (() => void) | null = null;
  let isClosing = false;
  const attempt = (): void => {
    connection = options.connect({
      onOpen() {
        settling = setTimeout(() => (delayMs = RECONNECT_DELAY_MIN_MS), SETTLED_AFTER_MS).unref();
        isUp = true;
        isFirstAttempt = false;
        handlers?.onUp();
      },
      onBytes(chunk) {
        if (isUp) handlers?.onBytes(chunk);
      },
      onClosed: handleClosed,
    });
  };

  const handleClosed = (): void => {
    connection = null;
    clearTimeout(settling);
    const isNews = isUp || isFirstAttempt;
    isUp = false;
    isFirstAttempt = false;
    if (isNews) handlers?.onDown();
    if (isClosing) return onEnded?.();
    timer = setTimeout(attempt, delayMs);
    delayMs = Math.min(delayMs * 2, RECONNECT_DELAY_MAX_MS);
  };

  return {
    byteTimeMs: options.byteTimeMs,
    open(given) {
      if (handlers !== null) throw new TypeError('a link is opened once');
      handlers = given;
      attempt();
    },
    write(bytes) {
      if (isUp) connection?.write(bytes);
    },
    setBaud(baud) {
      if (isUp) connection?.setBaud?.(baud ?? options.baud ?? 0);
    },
    recycle: () => connection?.destroy(),
    close() {
      isClosing = true;
      clearTimeout(timer);
      if (connection === null) return Promise.resolve();
      return new Promise((resolve) => {
        onEnded = resolve;
        connection?.destroy();
      });
    },
  };
}
