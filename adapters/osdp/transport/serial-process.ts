import { SerialPort } from 'serialport';
import { OPENED_MARK } from './serial-mark.ts';

/*
 * One serial port in a process of its own: what comes from the line goes to standard output, what comes from standard input goes to the
 * line. The native part of serialport 13 works on the event loop of the main thread only and ends the whole process when it is used in
 * another (serialport/node-serialport#1938); doors have a thread of their own.
 */
const [path = '', baud = ''] = process.argv.slice(2);
const port = new SerialPort({ path, baudRate: Number(baud), autoOpen: false });
const end = (): void => process.exit(1);

// Ctrl+C and a service manager signal every process of the group: this one ends when the gateway closes its input.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
port.on('data', (chunk: Buffer) => process.stdout.write(chunk));
port.on('error', end);
port.on('close', end);
port.open((error) => {
  if (error) end();
  else process.stdout.write(Uint8Array.of(OPENED_MARK));
});
process.stdin.on('data', (chunk: Buffer) => port.write(chunk));
process.stdin.on('end', end);
process.stdin.on('error', end);
process.stdout.on('error', end);
