import { type AddressInfo, type Socket, connect, createServer } from 'node:net';
import { type Frame, encodeFrame } from '#adapters/osdp/wire/frame.ts';
import { Framer } from '#adapters/osdp/wire/framer.ts';
import type { EncodedMessage } from '#adapters/osdp/messages/message-table.ts';

/** Sees every frame in both directions and decides what is passed on: the frame itself, other bytes, or nothing. */
export interface ManInTheMiddle {
  readonly host: string;
  readonly port: number;
  /** Every command and every reply that reached it, in order. */
  readonly commands: Frame[];
  readonly replies: Frame[];
  /** All that the gateway and the reader said themselves, as bytes: what a listener has in the end. */
  overheard(): Buffer;
  /** Replaces the next reply for which it gives bytes; then it is used up. */
  tamperOnce(tamper: (reply: Frame) => Uint8Array | null): Promise<void>;
  /** Passes each reply on as the given bytes, or as it is where they are null; null ends it. */
  tamperAlways(tamper: ((reply: Frame) => Uint8Array | null) | null): void;
  /** Sends bytes to the gateway as if a reader had. */
  inject(bytes: Uint8Array): void;
  /** Sends bytes to the reader as if the gateway had. */
  injectToReader(bytes: Uint8Array): void;
  /** From the next connection on; this one is cut. */
  moveTo(target: Target): void;
  close(): Promise<void>;
}

export interface Target {
  readonly host: string;
  readonly port: number;
}

export async function createManInTheMiddle(firstTarget: Target): Promise<ManInTheMiddle> {
  const sockets = new Set<Socket>();
  const commands: Frame[] = [];
  const replies: Frame[] = [];
  const heard: Uint8Array[] = [];
  let target = firstTarget;
  let always: ((reply: Frame) => Uint8Array | null) | null = null;
  let pending: { readonly tamper: (reply: Frame) => Uint8Array | null; readonly done: () => void } | null = null;
  let gateway: Socket | null = null;
  let device: Socket | null = null;

  const passReply = (frame: Frame): Uint8Array => {
    replies.push(frame);
    const changed = pending?.tamper(frame) ?? null;
    if (changed === null) return always?.(frame) ?? frame.bytes;
    pending?.done();
    pending = null;
    return changed;
  };
  const server = createServer((client) => {
    gateway = client;
    const reader = connect(target);
    device = reader;
    const framer = new Framer();
    const commandFramer = new Framer();
    for (const socket of [client, reader]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        client.destroy();
        reader.destroy();
      });
    }
    client.on('data', (chunk) => {
      heard.push(chunk);
      commands.push(...commandFramer.push(chunk));
      reader.write(chunk);
    });
    reader.on('data', (chunk) => {
      heard.push(chunk);
      for (const frame of framer.push(chunk)) client.write(passReply(frame));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    commands,
    replies,
    overheard: () => Buffer.concat(heard),
    tamperAlways: (tamper) => {
      always = tamper;
    },
    injectToReader: (bytes) => device?.write(bytes),
    moveTo: (next) => {
      target = next;
      gateway?.destroy();
    },
    tamperOnce: (tamper) =>
      new Promise((done) => {
        pending = { tamper, done };
      }),
    inject: (bytes) => gateway?.write(bytes),
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** A reply in clear in the place of another: same address, same sequence, a right CRC. */
export function inClear(frame: Frame, message: EncodedMessage): Uint8Array {
  const { address, sequence } = frame;
  return encodeFrame({ address, direction: 'reply', sequence, check: 'crc', block: null, ...message });
}

/** The frame with its MAC or body changed and the CRC made right again. */
export function resealed(frame: Frame, change: { readonly mac?: Uint8Array; readonly data?: Uint8Array }): Uint8Array {
  return encodeFrame({ ...frame, data: change.data ?? frame.data }, () => change.mac ?? frame.mac ?? new Uint8Array(4));
}
