import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BusConfig } from '#adapters/osdp/bus/bus-config.ts';
import { LibosdpPeer } from '#test/peers/libosdp/libosdp-peer.ts';
import { createManInTheMiddle } from './man-in-the-middle.ts';
import { pause, scbkOf } from './osdp-site.ts';

export const ADDRESS = 5;
export const BAUD = 115_200;
const TERMINAL_TRIES_MAX = 500;

export const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
export const KEY = hexOf(scbkOf(ADDRESS));

export type LineKind = 'tcp' | 'pty';
export const LINE_KINDS: readonly LineKind[] = ['tcp', 'pty'];

/** A line with a socket in the wall: libosdp as reader can be plugged in there, and another one after it. */
export interface ReaderSocket {
  readonly link: BusConfig['link'];
  /** `key`: 32 hex digits, or `install` for a reader that waits for its first one. */
  plugIn(key?: string): Promise<LibosdpPeer>;
  close(): Promise<void>;
}

export function createReaderSocket(kind: LineKind): Promise<ReaderSocket> {
  return kind === 'tcp' ? createTcpSocket() : createPtySocket();
}

async function createTcpSocket(): Promise<ReaderSocket> {
  const peers: LibosdpPeer[] = [];
  // Every reader has a port of its own: what stands between them is where the gateway finds each.
  const wire = await createManInTheMiddle({ host: '127.0.0.1', port: 0 });
  return {
    link: { kind: 'tcp', host: wire.host, port: wire.port },
    async plugIn(key = KEY) {
      const peer = new LibosdpPeer('pd', ADDRESS, key);
      peers.push(peer);
      wire.moveTo({ host: '127.0.0.1', port: Number(await peer.until('port')) });
      return peer;
    },
    async close() {
      await Promise.all(peers.map((peer) => peer.stop()));
      await wire.close();
    },
  };
}

async function createPtySocket(): Promise<ReaderSocket> {
  const peers: LibosdpPeer[] = [];
  const cable = await layCable();
  return {
    link: { kind: 'serial', path: cable.near, baud: BAUD },
    async plugIn(key = KEY) {
      const peer = new LibosdpPeer('pd', ADDRESS, key, cable.far);
      peers.push(peer);
      await peer.until('device');
      return peer;
    },
    async close() {
      await Promise.all(peers.map((peer) => peer.stop()));
      await cable.close();
    },
  };
}

/** Two pseudo terminals, joined. */
async function layCable(): Promise<{ readonly near: string; readonly far: string; close(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-libosdp-'));
  const [near, far] = [join(folder, 'near'), join(folder, 'far')];
  const socat: ChildProcess = spawn('socat', [`pty,raw,echo=0,link=${near}`, `pty,raw,echo=0,link=${far}`], { stdio: 'ignore' });
  for (let tries = 0; !(existsSync(near) && existsSync(far)); tries += 1) {
    if (tries > TERMINAL_TRIES_MAX) throw new Error('socat has made no terminals');
    await pause(10);
  }
  return {
    near,
    far,
    async close() {
      const ended = once(socat, 'exit');
      socat.kill();
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
