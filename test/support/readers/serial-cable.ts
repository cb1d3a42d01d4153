import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SerialPort } from 'serialport';
import { createLineResponder } from '#adapters/osdp/simulator/simulated-line.ts';
import type { SimulatedPd } from '#adapters/osdp/simulator/simulated-pd.ts';
import { until } from '../running-gateway.ts';

export interface SerialCable {
  /** The gateway's end: a serial device. */
  readonly path: string;
  close(): Promise<void>;
}

/** Two pseudo terminals joined by socat: a serial port for the gateway, with simulated readers at the far end. */
export async function laySerialCable(folder: string, readers: readonly SimulatedPd[], baudRate: number): Promise<SerialCable> {
  const [near, distant] = [join(folder, 'near'), join(folder, 'far')];
  const socat = spawn('socat', [`pty,raw,echo=0,link=${near}`, `pty,raw,echo=0,link=${distant}`], { stdio: 'ignore' });
  await until('socat has made its terminals', 5_000, () => (existsSync(near) && existsSync(distant) ? true : null));
  const far = new SerialPort({ path: distant, baudRate });
  await once(far, 'open');
  far.on(
    'data',
    createLineResponder(readers, (reply) => far.write(Buffer.from(reply))),
  );
  return {
    path: near,
    close: async () => {
      const ended = once(socat, 'exit');
      far.removeAllListeners('data');
      far.on('error', () => undefined);
      if (far.isOpen) await new Promise<void>((resolve) => far.close(() => resolve()));
      socat.kill();
      await ended;
    },
  };
}
