import type { ReasonCode } from '../../domain/access/reason-code.ts';
import type { DecisionId, PersonId, VpnRealmId } from '../../domain/site/ids.ts';
import type { VpnRealm } from '../../domain/site/site.ts';
import type { PeopleStore } from '../../ports/people-store.ts';
import type { Authentication } from '../access/types.ts';
import type { Approvals } from './approvals.ts';
import type { ApproveConnection } from './approve-connection.ts';
import { userNamesOf } from './find-user.ts';

/** Connections of one person that are shown at once, oldest first. */
export const PENDING_CONNECTIONS_MAX = 20;

export interface PendingConnection {
  readonly id: string;
  readonly realmName: string;
  /** Where the device is, which server asks, and what was typed: as far as each is known. */
  readonly about: readonly string[];
  readonly expiresAtMs: number;
}

export type ConnectionAnswered =
  | { readonly outcome: 'approved' | 'refused' }
  | { readonly outcome: 'denied'; readonly decisionId: DecisionId; readonly reasons: readonly ReasonCode[] };

/** Connections that wait for their person, beside what apps ask over the back channel. */
export interface PendingConnections {
  pendingOf(personId: PersonId): Promise<readonly PendingConnection[]>;
  /** Null = it is none of this person's, or does not wait any more. @throws store.unavailable */
  answer(answering: {
    readonly personId: PersonId;
    readonly authentication: Authentication;
    readonly requestId: string;
    readonly answer: 'approve' | 'refuse';
  }): Promise<ConnectionAnswered | null>;
}

interface Deps {
  readonly approvals: Pick<Approvals, 'listedOf' | 'settle'>;
  readonly approveConnection: ApproveConnection;
  readonly people: Pick<PeopleStore, 'find'>;
  readonly realms: readonly Pick<VpnRealm, 'id' | 'name'>[];
}

export function createPendingConnections({ approvals, approveConnection, people, realms }: Deps): PendingConnections {
  const ofPerson = async (personId: PersonId) => {
    const person = await people.find(personId);
    return person === null ? [] : approvals.listedOf(userNamesOf(person)).slice(0, PENDING_CONNECTIONS_MAX);
  };
  const nameOf = (realmId: VpnRealmId): string => realms.find(({ id }) => id === realmId)?.name ?? realmId;

  return {
    pendingOf: async (personId) =>
      (await ofPerson(personId)).map(({ expiresAtMs, id, ip, nas, realmId, word }) => ({
        id,
        realmName: nameOf(realmId),
        about: [ip, nas, word].filter((part) => part !== null),
        expiresAtMs,
      })),
    answer: async ({ answer, authentication, personId, requestId }) => {
      if (!(await ofPerson(personId)).some(({ id }) => id === requestId)) return null;
      if (answer === 'refuse') {
        const isSettled = approvals.settle(requestId, {
          kind: 'deny',
          isByPerson: true,
          message: 'You refused this connection. If you did not begin it, tell the security desk.',
        });
        return isSettled ? { outcome: 'refused' } : null;
      }
      const approved = await approveConnection(requestId, { personId, authentication });
      if (approved.ok) return { outcome: 'approved' };
      return approved.code === 'denied' ? { outcome: 'denied', decisionId: approved.deny.id, reasons: approved.deny.reasons } : null;
    },
  };
}
