import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { LibosdpPeer, prepareLibosdp } from '#test/peers/libosdp/libosdp-peer.ts';
import { CARD, OsdpSite, pause, readerId, scbkOf } from './osdp-site.ts';

const ADDRESS = 5;
const ID = readerId(ADDRESS);
const KEY = Buffer.from(scbkOf(ADDRESS)).toString('hex');
const open: (() => Promise<void>)[] = [];

beforeAll(prepareLibosdp);

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

/** Two pseudo terminals and the reader at the far one. */
async function layCable(): Promise<{ readonly near: string; readonly far: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-libosdp-'));
  const [near, far] = [join(folder, 'near'), join(folder, 'far')];
  const socat: ChildProcess = spawn('socat', [`pty,raw,echo=0,link=${near}`, `pty,raw,echo=0,link=${far}`], { stdio: 'ignore' });
  open.push(async () => {
    const ended = once(socat, 'exit');
    socat.kill();
    await ended;
    await rm(folder, { recursive: true, force: true });
  });
  for (let tries = 0; !(existsSync(near) && existsSync(far)); tries += 1) {
    if (tries > 200) throw new Error('socat has made no terminals');
    await pause(10);
  }
  return { near, far };
}

async function plugIn(where: string, key = KEY): Promise<LibosdpPeer> {
  const peer = new LibosdpPeer('pd', ADDRESS, key, where);
  await peer.until('device');
  return peer;
}

async function drive(path: string, keyOf = () => scbkOf(ADDRESS)): Promise<OsdpSite> {
  const site = new OsdpSite({ kind: 'serial', path, baud: 115_200 }, [ADDRESS], 10, { keyOf });
  open.push(() => site.readers.stop());
  await site.readers.start();
  return site;
}

function showCard(peer: LibosdpPeer): void {
  const data = { hex: Buffer.from(CARD).toString('hex') };
  peer.order({ event: { event: 'CardRead', reader_no: 0, format: 'Wiegand', direction: 0, length: 26, data } });
}

describe('libosdp as reader on a serial line', () => {
  it('is read, unplugged, and read again when another is plugged in', async () => {
    const { near, far } = await layCable();
    const peer = await plugIn(far);
    const site = await drive(near);
    await site.until('online');
    showCard(peer);
    await site.until('card_read');
    await peer.stop();
    await site.until('offline');
    const again = await plugIn(far);
    open.push(() => again.stop());
    await site.until('online', 2);
    showCard(again);
    await site.until('card_read', 2);
    expect(site.alarms()).toEqual([]);
  });

  it('takes another address and speed, and is driven there', async () => {
    const { near, far } = await layCable();
    const peer = await plugIn(far);
    open.push(() => peer.stop());
    const site = await drive(near);
    await site.until('online');
    expect(await site.readers.maintenance.setLine(ID, { address: 9, baud: 38_400 })).toEqual({ ok: true });
    expect(site.readers.maintenance.health(ID)).toMatchObject({ address: 9 });
    // What is shown while it is looked for may be old by then, and is thrown away.
    await pause(500);
    showCard(peer);
    await site.until('card_read');
    expect(site.alarms()).toEqual([]);
  });

  it('tells of tamper, power and contacts', async () => {
    const { near, far } = await layCable();
    const peer = await plugIn(far);
    open.push(() => peer.stop());
    const site = await drive(near);
    await site.until('online');
    await pause(200);
    const before = site.of('local_status').length;
    peer.order({ event: { event: 'Status', type: 'Local', report: { hex: '0001' } } });
    await site.until('local_status', before + 1);
    expect(site.of('local_status').at(-1)).toMatchObject({ tampered: false, powerFailed: true });
    const inputs = site.of('inputs').length;
    peer.order({ event: { event: 'Status', type: 'Input', report: { hex: '0001' } } });
    await site.until('inputs', inputs + 1);
    expect(site.of('inputs').at(-1)).toMatchObject({ inputs: ['inactive', 'active'] });
  });

  it('waits for its first key, and gets it in an install window and not before', async () => {
    const { near, far } = await layCable();
    const peer = await plugIn(far, 'install');
    open.push(() => peer.stop());
    const site = await drive(near, () => scbkOf(3));
    await site.until('alarm');
    await pause(500);
    expect(site.of('online')).toEqual([]);
    const window = { firstKey: scbkOf(2), finalKey: scbkOf(3), durationMs: 20_000 };
    expect(await site.readers.maintenance.openInstallWindow(ID, window)).toEqual({ ok: true });
    await site.until('online');
    showCard(peer);
    await site.until('card_read');
  });
});
