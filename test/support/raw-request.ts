import { connect } from 'node:net';

export interface RawAnswer {
  /** Status of the first answer; null when the connection was closed without one. */
  readonly status: number | null;
  readonly text: string;
  /** How long the connection lived, ms. */
  readonly openMs: number;
}

/** Writes bytes that no client library would write, and waits until the gateway closes the connection, or for `waitMs`. */
export function sendRaw(port: number, bytes: string | Uint8Array, waitMs: number): Promise<RawAnswer> {
  const startMs = Date.now();
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    const timer = setTimeout(() => socket.destroy(), waitMs);
    socket.setEncoding('latin1').on('data', (chunk: string) => (text += chunk));
    // A reset is one of the ways in which a gateway may end such a connection.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(timer);
      const status = /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1];
      resolve({ status: status === undefined ? null : Number(status), text, openMs: Date.now() - startMs });
    });
    socket.on('connect', () => socket.write(bytes));
  });
}
