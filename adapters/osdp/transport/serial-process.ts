import { performance } from 'node:perf_hooks';
import { SerialPort } from 'serialport';
import { OPENED_MARK, type SerialOrder, SerialOrderReader } from './serial-orders.ts';

/*
 * One serial port in a process of its own: what comes from the line goes to standard output, orders (serial-orders.ts) come from standard
 * input. The native part of serialport 13 works on the event loop of the main thread only and ends the whole process when it is used in
 * another (serialport/node-serialport#1938); doors have a thread of their own.
 */
/** OSDP 2.2 clause 5.7: who wants to speak leaves the line alone for two characters. */
const IDLE_CHARACTERS = 2;
const BITS_PER_BYTE = 10;
/** Orders while a speed is being set: one frame is on its way at a time, more is a mistake of the other end. */
const ORDERS_MAX = 64;

const [path = '', baud = ''] = process.argv.slice(2);
const port = new SerialPort({ path, baudRate: Number(baud), autoOpen: false });
const reader = new SerialOrderReader();
const cell = new Int32Array(new SharedArrayBuffer(4));
const orders: SerialOrder[] = [];
let isSettingBaud = false;
let idleMs = toIdleMs(Number(baud));
let lastByteMs = 0;
const end = (): void => process.exit(1);

function toIdleMs(rate: number): number {
  return (IDLE_CHARACTERS * BITS_PER_BYTE * 1_000) / rate;
}

function obey(): void {
  while (!isSettingBaud) {
    const order = orders.shift();
    if (order === undefined) return;
    if (order.kind === 'write') write(order.bytes);
    else setBaud(order.baud);
  }
}

/** A timer of the event loop would be late by a millisecond; this process has nothing else to do. */
function write(bytes: Uint8Array): void {
  const remainingMs = lastByteMs + idleMs - performance.now();
  if (remainingMs > 0) Atomics.wait(cell, 0, 0, remainingMs);
  port.write(Buffer.from(bytes));
}

/** Behind the bytes that are still on their way at the old speed. */
function setBaud(rate: number): void {
  isSettingBaud = true;
  port.drain(() => {
    port.update({ baudRate: rate }, (error) => {
      if (error) return end();
      idleMs = toIdleMs(rate);
      isSettingBaud = false;
      obey();
    });
  });
}

// Ctrl+C and a service manager signal every process of the group: this one ends when the gateway closes its input.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
port.on('data', (chunk: Buffer) => {
  lastByteMs = performance.now();
  process.stdout.write(chunk);
});
port.on('error', end);
port.on('close', end);
port.open((error) => {
  if (error) end();
  else process.stdout.write(Uint8Array.of(OPENED_MARK));
});
process.stdin.on('data', (chunk: Buffer) => {
  orders.push(...reader.push(chunk));
  if (orders.length > ORDERS_MAX) end();
  obey();
});
process.stdin.on('end', end);
process.stdin.on('error', end);
process.stdout.on('error', end);
