import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SerialPort } from 'serialport';
import { requirePeer, SOCAT } from '../peers/peers.ts';
import { until } from '../running-gateway.ts';

const SOCAT_WITHIN_MS = 10_000;

export interface SerialBus {
  /** Serial devices, one for each that is joined to the bus. */
  readonly paths: readonly string[];
  close(): Promise<void>;
}

interface Tap {
  readonly path: string;
  readonly port: SerialPort;
  readonly close: () => Promise<void>;
}

/** Two wires with several devices at them, as RS-485 is: what one says all others hear. Pseudo terminals of socat, joined here. */
export async function laySerialBus(folder: string, devices: number, baudRate: number): Promise<SerialBus> {
  const taps: Tap[] = [];
  for (let index = 0; index < devices; index += 1) taps.push(await layTap(folder, index, baudRate));
  for (const { port } of taps) {
    port.on('data', (chunk: Buffer) => {
      for (const other of taps) if (other.port !== port && other.port.isOpen) other.port.write(chunk);
    });
  }
  return {
    paths: taps.map(({ path }) => path),
    close: async () => void (await Promise.all(taps.map(({ close }) => close()))),
  };
}

async function layTap(folder: string, index: number, baudRate: number): Promise<Tap> {
  const [path, inner] = [join(folder, `wire-${index}`), join(folder, `hub-${index}`)];
  const socat = spawn(requirePeer(SOCAT), [`pty,raw,echo=0,link=${path}`, `pty,raw,echo=0,link=${inner}`], { stdio: 'ignore' });
  await until('socat has made its terminals', SOCAT_WITHIN_MS, () => (existsSync(path) && existsSync(inner) ? true : null));
  const port = new SerialPort({ path: inner, baudRate });
  await once(port, 'open');
  port.on('error', () => undefined);
  const close = async (): Promise<void> => {
    const ended = once(socat, 'exit');
    port.removeAllListeners('data');
    if (port.isOpen) await new Promise<void>((resolve) => port.close(() => resolve()));
    socat.kill();
    await ended;
  };
  return { path, port, close };
}
