import type { IncomingMessage } from 'node:http';
import { createDirectoryUsers } from './app/directory/users.ts';
import type { DirectoryDeps } from './app/directory/types.ts';
import { createFindUpstreamPerson } from './app/upstream/find-person.ts';
import { createBindUpstreamSession, createEndUpstreamSessions, type BindUpstreamSession } from './app/upstream/sessions.ts';
import type { SignInInteractions } from './oidc/sign-in/interactions.ts';
import type { BeforePasskey } from './oidc/sign-in/passkey-result.ts';
import type { Config } from './platform/config/config.ts';
import type { Logger } from './platform/logger.ts';
import type { Clock } from './ports/clock.ts';
import type { LiveSessions } from './ports/live-sessions.ts';
import type { OneTimeStore } from './ports/one-time-store.ts';
import type { Random } from './ports/random.ts';
import type { SecretStore } from './ports/secret-store.ts';
import type { UpstreamStore } from './ports/upstream-store.ts';
import { createReceiveLogout } from './upstream/receive-logout.ts';
import { createTransactions, type Transactions } from './upstream/transactions.ts';
import { createUpstreamClient } from './upstream/upstream-client.ts';
import { createUpstreamFace, type UpstreamFace } from './upstream/upstream-face.ts';
import { createUpstreamSignIn, type UpstreamSignIn } from './upstream/upstream-sign-in.ts';

interface StateParts {
  readonly config: Pick<Config, 'upstreams' | 'oidc'>;
  readonly upstream: UpstreamStore;
  readonly oneTime: OneTimeStore;
  readonly clock: Clock;
  readonly random: Random;
}

/** What the provider here must know before there is a face: who has signed in elsewhere, and whose sessions began there. */
export interface UpstreamState {
  readonly transactions: Transactions;
  readonly before: BeforePasskey | null;
  readonly bindSession: BindUpstreamSession;
}

/** Null when no identity provider outside is configured. */
export function composeUpstreamState({ clock, config, oneTime, random, upstream }: StateParts): UpstreamState | null {
  if (config.upstreams.length === 0) return null;
  const transactions = createTransactions({ oneTime, clock, random });
  const isBefore = config.upstreams.some(({ mode }) => mode === 'before_passkey');
  const { sessionTtlS } = config.oidc;
  return {
    transactions,
    before: isBefore ? { proofOf: (uid) => transactions.proofOf(uid) } : null,
    bindSession: createBindUpstreamSession({ sessions: upstream, oneTime, clock, sessionTtlS }),
  };
}

interface Parts extends StateParts, DirectoryDeps {
  readonly config: Pick<Config, 'upstreams' | 'oidc' | 'publicUrl'>;
  readonly upstreamState: UpstreamState | null;
  readonly interactions: SignInInteractions;
  readonly liveSessions: Pick<LiveSessions, 'endOne'>;
  readonly secrets: SecretStore;
  readonly addresses: { clientIp(request: IncomingMessage): string | null };
  readonly log: Logger;
}

export interface Upstream {
  readonly signIn: UpstreamSignIn;
  readonly face: UpstreamFace;
}

/** Null when no identity provider outside is configured: the addresses then do not exist. */
export function composeUpstream(parts: Parts): Upstream | null {
  const { addresses, clock, config, oneTime, upstream, upstreamState } = parts;
  if (upstreamState === null) return null;
  const { transactions } = upstreamState;
  const clients = new Map(config.upstreams.map((one) => [one.id, createUpstreamClient(one, { ...parts, publicUrl: config.publicUrl })]));
  const findPerson = createFindUpstreamPerson({ ...parts, users: createDirectoryUsers(parts), links: upstream });
  const endSessions = createEndUpstreamSessions({ ...parts, sessions: upstream });
  return {
    signIn: createUpstreamSignIn({ ...parts, clients, transactions, findPerson }),
    face: createUpstreamFace({
      ...parts,
      publicUrl: config.publicUrl,
      clients,
      transactions,
      receiveLogout: createReceiveLogout({ oneTime, endSessions, clock }),
      clientIp: (request) => addresses.clientIp(request),
    }),
  };
}
