import type { VpnRealmId } from '../../domain/site/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Random } from '../../ports/random.ts';
import type { VpnClientVerdict } from '../../ports/vpn-management.ts';

/** Time for the page that a VPN client opens, ms. */
export const APPROVAL_TTL_MS = 300_000;
/** Connections that wait for their page; the oldest gives way. */
export const APPROVALS_MAX = 1_000;

/** A connection that waits until its person has used a passkey on a page. */
export interface WaitingConnection {
  readonly id: string;
  readonly realmId: VpnRealmId;
  /** As typed into the VPN client; whoever approves must be that person. */
  readonly userName: string;
  readonly ip: string | null;
}

export interface Approvals {
  begin(connection: Omit<WaitingConnection, 'id'>): { readonly id: string; readonly verdict: Promise<VpnClientVerdict> };
  find(id: string): WaitingConnection | null;
  /** False when it does not wait any more. */
  settle(id: string, verdict: VpnClientVerdict): boolean;
}

const EXPIRED: VpnClientVerdict = { kind: 'deny', message: 'The page was not used in time. Connect again.' };

export function createApprovals({ clock, random }: { readonly clock: Clock; readonly random: Random }): Approvals {
  const waiting = new Map<
    string,
    { readonly connection: WaitingConnection; readonly untilMs: number; readonly settle: (verdict: VpnClientVerdict) => void }
  >();
  const settle = (id: string, verdict: VpnClientVerdict): boolean => {
    const found = waiting.get(id);
    waiting.delete(id);
    found?.settle(verdict);
    return found !== undefined;
  };
  const dropExpired = (): void => {
    const nowMs = clock.nowMs();
    for (const [id, { untilMs }] of waiting) if (untilMs <= nowMs) settle(id, EXPIRED);
  };

  return {
    begin: (connection) => {
      dropExpired();
      const [oldest] = waiting.keys();
      if (waiting.size >= APPROVALS_MAX && oldest !== undefined) settle(oldest, EXPIRED);
      const id = random.id('vpn');
      const { promise, resolve } = Promise.withResolvers<VpnClientVerdict>();
      waiting.set(id, { connection: { ...connection, id }, untilMs: clock.nowMs() + APPROVAL_TTL_MS, settle: resolve });
      return { id, verdict: promise };
    },
    find: (id) => {
      dropExpired();
      return waiting.get(id)?.connection ?? null;
    },
    settle: (id, verdict) => {
      dropExpired();
      return settle(id, verdict);
    },
  };
}
