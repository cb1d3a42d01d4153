import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import type { AppId, DecisionId } from '../../domain/site/ids.ts';
import type { ClientConfig } from '../../platform/config/config.ts';
import type { AuditLog } from '../../ports/audit-log.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Random } from '../../ports/random.ts';

interface Deps {
  readonly findClient: (clientId: string) => ClientConfig | undefined;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly random: Random;
}

interface MachineToken {
  readonly clientId: string;
  readonly scope: string;
  readonly use: 'issue' | 'introspect';
}

export interface MachineCheck {
  /**
   * The permit may be worked on at once; nothing is given out before `recorded` resolves, or after it rejects (audit.unavailable).
   * @throws access_denied, with the decision to quote; audit.unavailable
   */
  assert(token: MachineToken): Promise<{ readonly recorded: Promise<void> }>;
  isPermitted(token: MachineToken): Promise<boolean>;
}

/** What a decision by configuration names instead of a revision of the policy. */
const DECIDED_BY = 'configuration';

/**
 * A machine is a subject of its own, not a person: no rule about people, presence or shifts is about it, and the policy's input has no
 * place for it. The configuration decides (the client exists, is switched on, has the grant, and names the scopes), and the decision is
 * recorded before anything is given out, like every other.
 */
export function createMachineCheck({ audit, clock, findClient, random }: Deps): MachineCheck {
  const find = (clientId: string) => {
    const client = findClient(clientId);
    const { apiScopes = [], grants = [], isEnabled = true } = client?.options ?? {};
    return client !== undefined && isEnabled && grants.includes('client_credentials') ? { client, scopes: new Set(apiScopes) } : undefined;
  };

  const decide = ({ clientId, scope, use }: MachineToken): { isPermitted: boolean; decisionId: DecisionId; recorded: Promise<void> } => {
    const machine = find(clientId);
    const asked = scope.split(' ').filter((one) => one !== '');
    const isPermitted = machine !== undefined && asked.every((one) => machine.scopes.has(one));
    const decisionId = random.id('dec') as DecisionId;
    const appId: AppId | null = machine?.client.appId ?? null;
    const recorded = audit.append({
      type: 'decision',
      occurredAtMs: clock.nowMs(),
      decisionId,
      channel: 'oidc',
      action: use === 'issue' ? 'machine.token' : 'machine.introspect',
      personId: null,
      resourceType: 'app',
      resourceId: appId ?? 'unknown',
      effect: isPermitted ? 'permit' : 'deny',
      reasons: isPermitted ? [] : ['grant.missing'],
      permits: isPermitted ? ['token.granted'] : [],
      obligations: [],
      policyRevision: DECIDED_BY,
      dataRevision: DECIDED_BY,
      epoch: 0,
      mode: 'online',
      latencyUs: 0,
      operatorReason: null,
      input: null,
    });
    return { isPermitted, decisionId, recorded: recorded.then(() => undefined) };
  };

  return {
    assert: async (token) => {
      const { decisionId, isPermitted, recorded } = decide(token);
      if (isPermitted) return { recorded };
      await recorded;
      throw new errors.AccessDenied(`access denied: grant.missing (${decisionId})`);
    },
    isPermitted: async (token) => {
      const { isPermitted, recorded } = decide(token);
      await recorded;
      return isPermitted;
    },
  };
}

/** The client that a request of the token endpoint is about. */
export function machineTokenOf(ctx: KoaContextWithOIDC, scope: string | undefined): MachineToken {
  return { clientId: ctx.oidc.client?.clientId ?? '', scope: scope ?? '', use: 'issue' };
}
