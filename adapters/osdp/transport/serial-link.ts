import { SerialPort } from 'serialport';
import type { Connection, ConnectionHandlers, Link } from './link.ts';
import { createReconnectingLink } from './reconnecting-link.ts';

/** The rates of OSDP 2.2 clause 5.2. */
export const BAUD_RATES = [9_600, 19_200, 38_400, 57_600, 115_200, 230_400] as const;
/** One start bit, eight data bits, one stop bit. */
const BITS_PER_BYTE = 10;

/** An RS-485 adapter, 8N1. `path` is a device, for instance /dev/ttyUSB0. */
export function createSerialLink(options: { readonly path: string; readonly baud: number }): Link {
  return createReconnectingLink({
    connect: (handlers) => openPort(options, handlers),
    byteTimeMs: (BITS_PER_BYTE * 1_000) / options.baud,
  });
}

function openPort(options: { readonly path: string; readonly baud: number }, handlers: ConnectionHandlers): Connection {
  const port = new SerialPort({ path: options.path, baudRate: options.baud, autoOpen: false });
  let isUnwanted = false;
  let isClosed = false;
  const reportClosed = (): void => {
    if (isClosed) return;
    isClosed = true;
    handlers.onClosed();
  };
  // A port that is still being opened is closed when that has ended; one that cannot be closed is gone already.
  const destroy = (): void => {
    isUnwanted = true;
    if (port.isOpen) port.close(reportClosed);
  };
  port.on('data', (chunk: Buffer) => {
    handlers.onBytes(chunk);
  });
  port.on('error', destroy);
  port.on('close', reportClosed);
  port.open((error) => {
    if (error) reportClosed();
    else if (isUnwanted) destroy();
    else handlers.onOpen();
  });
  return {
    write: (bytes) => {
      port.write(Buffer.from(bytes));
    },
    destroy,
  };
}
