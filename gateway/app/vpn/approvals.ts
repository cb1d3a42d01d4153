import type { DecisionId, PersonId, VpnRealmId } from '../../domain/site/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Random } from '../../ports/random.ts';

/** Time for the page that a VPN client opens, ms. */
export const APPROVAL_TTL_MS = 300_000;
/** Connections that wait for their page; of one more, the oldest of the network that has most of them gives way. */
export const APPROVALS_MAX = 1_000;

/** A connection that waits until its person has used a passkey on a page. */
export interface WaitingConnection {
  readonly id: string;
  readonly realmId: VpnRealmId;
  /** As typed into the VPN client; whoever approves must be that person. */
  readonly userName: string;
  readonly ip: string | null;
  /** What the server that asks calls itself; null = it is the only one of the realm. */
  readonly nas: string | null;
  /** What the person typed to know this connection by; null = nothing. */
  readonly word: string | null;
  /** Its person finds it in the list of what waits for them. Others have an address of their own, which their VPN client opens. */
  readonly isListed: boolean;
  readonly expiresAtMs: number;
}

export type ApprovalVerdict =
  | { readonly kind: 'accept'; readonly personId: PersonId; readonly decisionId: DecisionId }
  /** `isByPerson`: they said no, rather than the policy. */
  | { readonly kind: 'deny'; readonly message: string; readonly isByPerson?: true };

export interface Approvals {
  begin(
    connection: Pick<WaitingConnection, 'realmId' | 'userName' | 'ip'> & Partial<Pick<WaitingConnection, 'nas' | 'word' | 'isListed'>>,
    ttlMs?: number,
  ): { readonly id: string; readonly verdict: Promise<ApprovalVerdict> };
  find(id: string): WaitingConnection | null;
  /** Those that are listed and were begun under one of these names, oldest first. */
  listedOf(userNames: readonly string[]): readonly WaitingConnection[];
  /** False when it does not wait any more. */
  settle(id: string, verdict: ApprovalVerdict): boolean;
}

const EXPIRED: ApprovalVerdict = { kind: 'deny', message: 'The page was not used in time. Connect again.' };

interface Deps {
  readonly clock: Clock;
  readonly random: Random;
  /** What one party has of addresses; null for no address. */
  readonly networkOf: (ip: string | null) => string | null;
}

export function createApprovals({ clock, networkOf, random }: Deps): Approvals {
  const waiting = new Map<string, { readonly connection: WaitingConnection; readonly settle: (verdict: ApprovalVerdict) => void }>();
  const settle = (id: string, verdict: ApprovalVerdict): boolean => {
    const found = waiting.get(id);
    waiting.delete(id);
    found?.settle(verdict);
    return found !== undefined;
  };
  const dropExpired = (): void => {
    const nowMs = clock.nowMs();
    for (const [id, { connection }] of waiting) if (connection.expiresAtMs <= nowMs) settle(id, EXPIRED);
  };
  /** Whoever begins many ends their own, and nobody is kept from beginning. */
  const giveWay = (): void => {
    const ofNetwork = Map.groupBy(waiting.values(), ({ connection }) => networkOf(connection.ip));
    const [most] = [...ofNetwork.values()].toSorted((left, right) => right.length - left.length);
    const oldest = most?.[0]?.connection.id;
    if (oldest !== undefined) settle(oldest, EXPIRED);
  };

  return {
    begin: (connection, ttlMs = APPROVAL_TTL_MS) => {
      dropExpired();
      if (waiting.size >= APPROVALS_MAX) giveWay();
      const id = random.id('vpn');
      const { promise, resolve } = Promise.withResolvers<ApprovalVerdict>();
      const whole: WaitingConnection = { nas: null, word: null, isListed: false, ...connection, id, expiresAtMs: clock.nowMs() + ttlMs };
      waiting.set(id, { connection: whole, settle: resolve });
      return { id, verdict: promise };
    },
    find: (id) => {
      dropExpired();
      return waiting.get(id)?.connection ?? null;
    },
    listedOf: (userNames) => {
      dropExpired();
      const wanted = new Set(userNames.map((name) => name.toLowerCase()));
      return [...waiting.values()]
        .map(({ connection }) => connection)
        .filter(({ isListed, userName }) => isListed && wanted.has(userName.toLowerCase()));
    },
    settle: (id, verdict) => {
      dropExpired();
      return settle(id, verdict);
    },
  };
}
