import { spawn } from 'node:child_process';
import { access, constants } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Connection, ConnectionHandlers, Link } from './link.ts';
import { createReconnectingLink } from './reconnecting-link.ts';
import { OPENED_MARK, encodeSetBaud, encodeWrite } from './serial-orders.ts';

/** One start bit, eight data bits, one stop bit. */
const BITS_PER_BYTE = 10;
/** One frame is on its way at a time: more than this unsent means that nobody takes it. */
const UNSENT_BYTES_MAX = 16_384;
const PROCESS_FILE = fileURLToPath(new URL('./serial-process.ts', import.meta.url));

/** An RS-485 adapter, 8N1, driven by a process of its own (serial-process.ts says why). `path` is a device, for instance /dev/ttyUSB0. */
export function createSerialLink(options: { readonly path: string; readonly baud: number }): Link {
  return createReconnectingLink({
    connect: (handlers) => openPort(options, handlers),
    byteTimeMs: (BITS_PER_BYTE * 1_000) / options.baud,
    baud: options.baud,
  });
}

function openPort(options: { readonly path: string; readonly baud: number }, handlers: ConnectionHandlers): Connection {
  let connection: Connection | null = null;
  let isUnwanted = false;
  // An adapter that is not plugged in costs a look, not a process.
  access(options.path, constants.R_OK | constants.W_OK, (error) => {
    if (error !== null || isUnwanted) handlers.onClosed();
    else connection = startProcess(options, handlers);
  });
  return {
    write: (bytes) => connection?.write(bytes),
    setBaud: (baud) => connection?.setBaud?.(baud),
    destroy: () => {
      isUnwanted = true;
      connection?.destroy();
    },
  };
}

function startProcess(options: { readonly path: string; readonly baud: number }, handlers: ConnectionHandlers): Connection {
  const child = spawn(process.execPath, [PROCESS_FILE, options.path, String(options.baud)], {
    stdio: ['pipe', 'pipe', 'ignore'],
    // It needs nothing of what the gateway was told.
    env: {},
  });
  let isOpen = false;
  let isClosed = false;
  const destroy = (): void => void child.kill('SIGKILL');
  const reportClosed = (): void => {
    if (isClosed) return;
    isClosed = true;
    handlers.onClosed();
  };
  child.stdout.on('data', (chunk: Buffer) => {
    if (isOpen) return handlers.onBytes(chunk);
    isOpen = true;
    if (chunk[0] !== OPENED_MARK) return destroy();
    handlers.onOpen();
    if (chunk.length > 1) handlers.onBytes(chunk.subarray(1));
  });
  // A pipe that breaks is followed by the end of the process, which is what the link acts on.
  child.stdin.on('error', () => undefined);
  child.on('error', reportClosed);
  child.on('close', reportClosed);
  const order = (bytes: Uint8Array): void => {
    if (child.stdin.writableLength > UNSENT_BYTES_MAX) destroy();
    else child.stdin.write(bytes);
  };
  return {
    write: (bytes) => order(encodeWrite(bytes)),
    setBaud: (baud) => order(encodeSetBaud(baud)),
    destroy,
  };
}
