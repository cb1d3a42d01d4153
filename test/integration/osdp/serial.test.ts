import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SerialPort } from 'serialport';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLineResponder } from '#adapters/osdp/simulator/simulated-line.ts';
import { SimulatedPd } from '#adapters/osdp/simulator/simulated-pd.ts';
import { CARD, OsdpSite, pause, readerId, scbkOf } from './osdp-site.ts';

const BAUD = 115_200;

let folder: string;
let socat: ChildProcess;
let far: SerialPort;
let site: OsdpSite;
let pds: readonly SimulatedPd[];

/** A pair of pseudo terminals joined by socat: two serial ports and a cable. */
async function layCable(): Promise<void> {
  const [near, distant] = [join(folder, 'near'), join(folder, 'far')];
  socat = spawn('socat', [`pty,raw,echo=0,link=${near}`, `pty,raw,echo=0,link=${distant}`], { stdio: 'ignore' });
  for (let tries = 0; !(existsSync(near) && existsSync(distant)); tries += 1) {
    if (tries > 200) throw new Error('socat has made no terminals');
    await pause(10);
  }
  far = new SerialPort({ path: distant, baudRate: BAUD });
  await once(far, 'open');
  far.on(
    'data',
    createLineResponder(pds, (reply) => far.write(Buffer.from(reply))),
  );
}

async function cutCable(): Promise<void> {
  const ended = once(socat, 'exit');
  far.removeAllListeners('data');
  far.on('error', () => undefined);
  if (far.isOpen) await new Promise<void>((resolve) => far.close(() => resolve()));
  socat.kill();
  await ended;
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-serial-'));
  pds = [1, 2].map((address) => new SimulatedPd({ address, scbk: scbkOf(address) }));
  await layCable();
  site = new OsdpSite({ kind: 'serial', path: join(folder, 'near'), baud: BAUD }, [1, 2]);
});

afterEach(async () => {
  await site.readers.stop();
  await cutCable();
  for (const pd of pds) pd.dispose();
  await rm(folder, { recursive: true, force: true });
});

describe('readers on a serial line', () => {
  it('050-01-01, 050-02-04: are polled, read a card and drive an output', async () => {
    await site.readers.start();
    await site.until('online', 2);
    pds[1]?.presentCard(CARD, 26);
    await site.until('card_read');
    expect(site.of('card_read')).toMatchObject([{ readerId: readerId(2), bits: CARD, bitCount: 26 }]);
    expect(await site.readers.pulseOutput(readerId(2), 0, 200)).toEqual({ ok: true });
    expect(pds[1]?.outputs[0]).toBe(true);
  });

  it('050-02-01, 050-02-03: are each spoken to at a speed of their own', async () => {
    // A pseudo terminal has a speed and carries every byte: what is seen here is that the changes take their place between the frames.
    const mixed = new OsdpSite({ kind: 'serial', path: join(folder, 'near'), baud: 9_600 }, [1, 2], 10, {
      baudOf: (address) => (address === 2 ? 38_400 : undefined),
    });
    try {
      await mixed.readers.start();
      await mixed.until('online', 2);
      pds[1]?.presentCard(CARD, 26);
      await mixed.until('card_read');
      expect(mixed.of('offline')).toEqual([]);
      expect(mixed.alarms()).toEqual([]);
    } finally {
      await mixed.readers.stop();
    }
  });

  it('go off line when the adapter is pulled and come back when it is there again', async () => {
    await site.readers.start();
    await site.until('online', 2);
    await cutCable();
    await site.until('offline', 2);
    await layCable();
    await site.until('online', 4);
    expect(site.alarms()).toEqual([]);
  });
});
