import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import { GatewayError } from '#gateway/domain/errors.ts';
import type { Clock } from '#gateway/ports/clock.ts';
import type { Random } from '#gateway/ports/random.ts';
import type { TunnelName, VpnDisconnect } from '#gateway/ports/vpn-disconnect.ts';
import { encodeDisconnectRequest, SESSION_CONTEXT_NOT_FOUND, verifyDisconnectAnswer, type DisconnectAnswer } from './disconnect-packet.ts';

/** When a question is sent, ms after the first time: the same packet, which a server that has answered it answers again. */
export const SENDS_AT_MS = [0, 250, 750] as const;
/** From the first send to giving up, ms: whoever suspends somebody waits for it. */
export const ANSWER_TIMEOUT_MS = 1_500;

export interface RadiusServer {
  /** As it calls itself in accounting. */
  readonly nas: string;
  readonly host: string;
  readonly port: number;
  readonly secret: Uint8Array;
}

export interface RadiusDisconnectOptions {
  readonly servers: readonly RadiusServer[];
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly random: Pick<Random, 'bytes'>;
  /** Told after each question whether the server answered it. */
  readonly onHeard: (nas: string, isHeard: boolean) => void;
}

/** Ends sessions at access points and VPN servers that listen for Disconnect-Request (RFC 5176). A session that a server does not have is over. */
export function createRadiusDisconnect(options: RadiusDisconnectOptions): VpnDisconnect {
  const servers = new Map(options.servers.map((server) => [server.nas, server]));

  const end = async (tunnel: TunnelName): Promise<number> => {
    const server = servers.get(tunnel.nas ?? '');
    if (server === undefined) throw new GatewayError('vpn.unavailable', 'The server of this session is not among those that can be told.');
    const answer = await ask(options, server, tunnel);
    options.onHeard(server.nas, answer !== null);
    if (answer === null) throw new GatewayError('vpn.unavailable', 'The server did not answer.');
    if (answer.kind === 'ack') return 1;
    if (answer.errorCause === SESSION_CONTEXT_NOT_FOUND) return 0;
    throw new GatewayError('vpn.unavailable', `The server did not end the session (Error-Cause ${String(answer.errorCause ?? 'absent')}).`);
  };

  return {
    disconnect: async (_userNames, tunnels) => {
      const ended = await Promise.allSettled(tunnels.map(end));
      for (const one of ended) if (one.status === 'rejected') throw one.reason;
      return ended.reduce((sum, one) => sum + (one.status === 'fulfilled' ? one.value : 0), 0);
    },
  };
}

/** Null when nobody who knows the secret has answered in time. A socket of its own: no answer meets another question. */
async function ask(
  { clock, random }: RadiusDisconnectOptions,
  { host, nas, port, secret }: RadiusServer,
  { serverSessionId, userName }: TunnelName,
): Promise<DisconnectAnswer | null> {
  const [identifier = 0] = random.bytes(1);
  const timestampS = Math.floor(clock.nowMs() / 1_000);
  const request = encodeDisconnectRequest({ identifier, secret, userName, acctSessionId: serverSessionId, nas, timestampS });
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
  const timers: NodeJS.Timeout[] = [];
  try {
    const { promise, resolve } = Promise.withResolvers<DisconnectAnswer | null>();
    // Nobody listens there, or not yet: that is silence, and is told as such.
    socket.on('error', () => undefined);
    socket.on('message', (message) => {
      const answer = verifyDisconnectAnswer(message, request, secret);
      if (answer !== null) resolve(answer);
    });
    timers.push(setTimeout(() => resolve(null), ANSWER_TIMEOUT_MS));
    // Only datagrams of that address and port are taken.
    socket.connect(port, host);
    if (!(await isConnected(socket, promise))) return null;
    for (const atMs of SENDS_AT_MS) timers.push(setTimeout(() => socket.send(request, () => undefined), atMs));
    return await promise;
  } finally {
    for (const timer of timers) clearTimeout(timer);
    socket.close();
  }
}

async function isConnected(socket: Socket, givenUp: Promise<unknown>): Promise<boolean> {
  const connected = once(socket, 'connect').then(
    () => true,
    () => false,
  );
  return Promise.race([connected, givenUp.then(() => false)]);
}
