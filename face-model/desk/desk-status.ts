import { connect } from 'node:net';
import type { DeviceKey } from '../terminal/device-key.ts';
import { GatewayCallError } from '../terminal/signed-call.ts';
import { openDesk } from './desk-folder.ts';
import type { DeskIdentity, DeskLink, DeskStanding, ToldRevocation } from './desk-link.ts';

/** Something on this machine answers at once, or nothing does, ms. */
const CONNECT_TIMEOUT_MS = 1_000;

/** What a computer is, and what the gateway has of it. */
export interface DeskStatus extends DeskIdentity {
  readonly url: string;
  readonly keyKind: DeviceKey['kind'];
  /** Whether a program listens where sign-in pages look for the agent. */
  readonly isRunning: boolean;
  /** `refused`: it is revoked, with the reason if the gateway has kept one, or was never of this gateway. */
  readonly gateway:
    | (DeskStanding & { readonly state: 'known' })
    | { readonly state: 'refused'; readonly revocation: ToldRevocation }
    | { readonly state: 'unreachable' };
}

/** @throws RangeError, Error the folder holds no enrolled computer (ENOENT), or its key cannot be used */
export async function readDeskStatus({ folder, port }: { readonly folder: string; readonly port: number }): Promise<DeskStatus> {
  const { identity, key, link, url } = await openDesk(folder);
  const [isRunning, gateway] = await Promise.all([listens(port), askGateway(link)]);
  return { ...identity, url, keyKind: key.kind, isRunning, gateway };
}

async function askGateway(link: DeskLink): Promise<DeskStatus['gateway']> {
  try {
    return { state: 'known', ...(await link.standing()) };
  } catch (failure) {
    if (!(failure instanceof GatewayCallError)) throw failure;
    if (failure.status !== 401) return { state: 'unreachable' };
  }
  // What it says besides is worth knowing; without it the computer is refused all the same.
  return { state: 'refused', revocation: await link.revocation().catch(() => null) };
}

async function listens(port: number): Promise<boolean> {
  const socket = connect({ host: '127.0.0.1', port, timeout: CONNECT_TIMEOUT_MS });
  return new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true));
    for (const end of ['error', 'timeout'] as const) socket.once(end, () => resolve(false));
  }).finally(() => socket.destroy());
}
