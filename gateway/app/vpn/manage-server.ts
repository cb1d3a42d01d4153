import type { VpnRealmId } from '../../domain/site/ids.ts';
import type { VpnManagementHandler, VpnTunnelSign } from '../../ports/vpn-management.ts';
import { APPROVAL_TTL_MS, type Approvals } from './approvals.ts';
import type { VpnSessions } from './sessions.ts';
import type { Connect } from './types.ts';

interface Deps {
  readonly realmId: VpnRealmId;
  /** With its limits. */
  readonly connect: Connect;
  readonly approvals: Approvals;
  readonly sessions: Pick<VpnSessions, 'alive' | 'stopped' | 'listed'>;
  readonly publicUrl: string;
  readonly onFailure: (failure: unknown) => void;
}

/** Eight digits in two halves, as on the page; anything else is a password that somebody was asked for out of habit. */
const CODE = /^\s*\d{4}[\s-]?\d{4}\s*$/;

const GONE = { kind: 'deny', message: 'The connection is gone. Connect again.' } as const;

/** Answers a VPN server that asks itself: by a code, or by a page with a passkey where the client opens one. */
export function createManagementHandler(deps: Deps): VpnManagementHandler {
  const { approvals, onFailure, publicUrl, realmId, sessions } = deps;
  const alive = async ({ ip, serverSessionId, userName }: VpnTunnelSign, sign: 'start' | 'interim'): Promise<boolean> => {
    try {
      return await sessions.alive({ realmId, serverSessionId, userName, ip, sign, decisionId: null, nas: null });
    } catch (failure) {
      onFailure(failure);
      return false;
    }
  };

  return {
    connect: async ({ ip, opensPages, password, userName }) => {
      if (CODE.test(password)) {
        const outcome = await deps.connect({ realmId, userName, code: password, ip });
        return outcome.ok ? { kind: 'accept' } : { kind: 'deny', message: outcome.message };
      }
      if (!opensPages || userName === '') return { kind: 'deny', message: `Get a code at ${publicUrl}/vpn and give it as the password.` };
      const { id, verdict } = approvals.begin({ realmId, userName, ip });
      const giveUp = (): void => void approvals.settle(id, GONE);
      return { kind: 'page', url: `${publicUrl}/vpn/approve/${id}`, timeoutS: APPROVAL_TTL_MS / 1_000, verdict, giveUp };
    },
    renew: async (tunnel) =>
      (await alive(tunnel, 'interim'))
        ? { kind: 'accept' }
        : { kind: 'deny', message: 'Your access has ended. Connect again to read why.' },
    up: async (tunnel) => void (await alive(tunnel, 'start')),
    down: (serverSessionId) => sessions.stopped(realmId, serverSessionId, 'server:ended').catch(onFailure),
    listed: async (tunnels) => {
      await sessions.listed(realmId, new Set(tunnels.map(({ serverSessionId }) => serverSessionId))).catch(onFailure);
      for (const tunnel of tunnels) await alive(tunnel, 'interim');
    },
  };
}
