import { type AddressInfo, type Server, type Socket, createServer } from 'node:net';
import { parseControlByte } from '../wire/control-byte.ts';
import { REPLY_BIT } from '../wire/frame.ts';
import { Framer } from '../wire/framer.ts';
import type { BrokenFrame } from '../pd/transition.ts';
import { type PdClock, SYSTEM_PD_CLOCK } from './pd-clock.ts';
import { SimulatedPd, type SimulatedPdOptions } from './simulated-pd.ts';

/** The standard allows 20 ms between characters (OSDP 2.2 clause 5.8); a loaded event loop may bunch them. */
const INTER_BYTE_MAX_MS = 50;

export interface SimulatedLineOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly readers: readonly SimulatedPdOptions[];
}

/** A serial server with readers behind it, on TCP. */
export interface SimulatedLine {
  readonly host: string;
  readonly port: number;
  /** In the order of the options. */
  readonly readers: readonly SimulatedPd[];
  /** Cuts every connection, as a serial server that restarts; new ones are taken. */
  cut(): void;
  close(): Promise<void>;
}

/** One reader that has a TCP line of its own. */
export type SimulatedReader = SimulatedPd & Pick<SimulatedLine, 'host' | 'port' | 'cut' | 'close'>;

/**
 * Transport-free: bytes of the line in, the readers' replies out. One for each connection. A broken frame is answered only when no whole one came
 * with it: what looked like a frame was noise before it.
 */
export function createLineResponder(
  readers: readonly SimulatedPd[],
  write: (reply: Uint8Array) => void,
  clock: PdClock = SYSTEM_PD_CLOCK,
): (chunk: Uint8Array) => void {
  let lastByteMs = clock.nowMs();
  let broken: BrokenFrame | null = null;
  const framer = new Framer({
    checksum: 'accept',
    onRejected: (bytes, fault) => {
      broken ??= toBrokenFrame(bytes, fault);
    },
  });
  const say = (reader: SimulatedPd, reply: Uint8Array | null): void => {
    if (reply === null) return;
    if (reader.answersLateMs === 0) write(reply);
    else {
      clock.after(reader.answersLateMs, () => {
        write(reply);
      });
    }
  };
  return (chunk) => {
    // What was begun before a silence is never completed; the ACU has given it up as well.
    if (clock.nowMs() - lastByteMs > INTER_BYTE_MAX_MS) framer.reset();
    lastByteMs = clock.nowMs();
    broken = null;
    const frames = framer.push(chunk);
    for (const frame of frames) for (const reader of readers) say(reader, reader.handle(frame));
    if (broken === null || frames.length > 0) return;
    for (const reader of readers) say(reader, reader.handleBroken(broken));
  };
}

/** Null for a reply: on two wires readers hear one another. */
function toBrokenFrame(bytes: Uint8Array, fault: BrokenFrame['fault']): BrokenFrame | null {
  const address = bytes[1] ?? 0;
  if ((address & REPLY_BIT) !== 0) return null;
  const { sequence, check } = parseControlByte(bytes[4] ?? 0);
  return { address, sequence, check, fault };
}

export async function createSimulatedLine(options: SimulatedLineOptions): Promise<SimulatedLine> {
  return serve(
    options.readers.map((reader) => new SimulatedPd(reader)),
    options,
  );
}

async function serve(readers: readonly SimulatedPd[], options: Pick<SimulatedLineOptions, 'host' | 'port'>): Promise<SimulatedLine> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    const respond = createLineResponder(readers, (reply) => socket.write(reply));
    socket.on('data', respond);
    // A connection that breaks is followed by 'close'; the simulator has nothing else to do about it.
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  await listen(server, options.host, options.port);
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    host: options.host,
    port: (server.address() as AddressInfo).port, // a TCP server that listens has one
    readers,
    cut,
    async close() {
      cut();
      for (const reader of readers) reader.dispose();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

export async function createSimulatedReader(
  options: SimulatedPdOptions & Pick<SimulatedLineOptions, 'host' | 'port'>,
): Promise<SimulatedReader> {
  const pd = new SimulatedPd(options);
  const line = await serve([pd], options);
  return Object.assign(pd, {
    host: line.host,
    port: line.port,
    cut: () => {
      line.cut();
    },
    close: () => line.close(),
  });
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
