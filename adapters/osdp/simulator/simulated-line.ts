import { type AddressInfo, type Server, type Socket, createServer } from 'node:net';
import { Framer } from '../wire/framer.ts';
import { SimulatedPd, type SimulatedPdOptions } from './simulated-pd.ts';

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

/** Transport-free: bytes of the line in, the readers' replies out. One for each connection. */
export function createLineResponder(readers: readonly SimulatedPd[], write: (reply: Uint8Array) => void): (chunk: Uint8Array) => void {
  const framer = new Framer();
  return (chunk) => {
    for (const frame of framer.push(chunk)) {
      for (const reader of readers) {
        const reply = reader.handle(frame);
        if (reply !== null) write(reply);
      }
    }
  };
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
