import { type AddressInfo, type Socket, createServer } from 'node:net';
import { monotonicMs } from './monotonic-ms.ts';
import { SimulatedPd } from './simulated-pd.ts';
import { TimedLineModel } from './timed-line-model.ts';
import type { TimedLineOptions, TimedLineOrder, TimedLineReport } from './timed-line.ts';

/*
 * A simulated line in a process of its own, behind a TCP port: what its readers compute is not the controller's time, and waiting for a tenth
 * of a millisecond blocks nobody else. The parent orders through the process channel; without a parent it ends.
 */

/** A timer of the event loop is late by up to this; the rest is waited for exactly. */
const COARSE_MS = 2;
/** Between two such waits the socket is looked at. */
const SLICE_MS = 0.4;
/** What a wait costs beyond its time. */
const SLACK_MS = 0.05;
const cell = new Int32Array(new SharedArrayBuffer(4));
const tell = (report: TimedLineReport): void => void process.send?.(report);

process.once('message', (options) => serve(options as TimedLineOptions)); // the parent's first message, from timed-line.ts
process.on('disconnect', () => process.exit(0));
process.on('SIGINT', () => undefined);

function serve(options: TimedLineOptions): void {
  const pds = options.readers.map(({ address, scbk }) => new SimulatedPd({ address, scbk }));
  let socket: Socket | null = null;
  const model = new TimedLineModel({ ...options, readers: pds.map((device, index) => ({ ...options.readers[index], device })) }, (bytes) =>
    socket?.write(bytes),
  );
  const drive = createDriver(model);
  pds.forEach((pd, reader) => {
    pd.onOutput(({ output, active }) => tell({ kind: 'output', reader, output, active, atMs: monotonicMs() }));
  });
  model.start(monotonicMs());
  const server = createServer((accepted) => {
    socket?.destroy();
    socket = accepted;
    accepted.setNoDelay(true);
    accepted.on('data', (bytes) => {
      model.receive(bytes, monotonicMs());
      drive();
    });
    accepted.on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1', () => tell({ kind: 'listening', port: (server.address() as AddressInfo).port })); // a TCP server that listens has one
  process.on('message', (order) => {
    obey(order as TimedLineOrder, model, pds); // from timed-line.ts
    drive();
  });
}

function obey(order: TimedLineOrder, model: TimedLineModel, pds: readonly SimulatedPd[]): void {
  const pd = 'reader' in order ? pds[order.reader] : undefined;
  if (order.kind === 'faults') return model.setFaults(order.faults);
  if (order.kind === 'counters') return tell({ kind: 'counters', counters: { ...model.counters } });
  if (pd === undefined) return;
  const { reader } = order;
  switch (order.kind) {
    case 'card':
      return model.at(Math.max(order.atMs, monotonicMs()), (atMs) => {
        pd.presentCard(order.bits, order.bitCount);
        tell({ kind: 'card', reader, atMs });
      });
    case 'reboot':
      return model.at(Math.max(order.atMs, monotonicMs()), (atMs) => {
        pd.reboot();
        tell({ kind: 'rebooted', reader, atMs });
      });
    case 'silent':
      return pd.goSilent(order.isSilent);
    case 'manners':
      return model.setReader(reader, { ...order.manners, device: pd });
  }
}

/** Gives the model the time at which it wants it, to about a tenth of a millisecond. */
function createDriver(model: TimedLineModel): () => void {
  let timer: NodeJS.Timeout | undefined;
  let immediate: NodeJS.Immediate | undefined;
  const drive = (): void => {
    clearTimeout(timer);
    clearImmediate(immediate);
    let waitMs: number;
    do {
      model.advance(monotonicMs());
      waitMs = model.nextMs - monotonicMs();
    } while (waitMs <= SLACK_MS);
    if (waitMs === Number.POSITIVE_INFINITY) return;
    if (waitMs > 2 * COARSE_MS) {
      timer = setTimeout(drive, waitMs - COARSE_MS);
      return;
    }
    Atomics.wait(cell, 0, 0, Math.min(waitMs - SLACK_MS, SLICE_MS));
    immediate = setImmediate(drive);
  };
  return drive;
}
