import type Provider from 'oidc-provider';
import type { Client } from 'oidc-provider';
import type { AppId, PersonId } from '../domain/site/ids.ts';
import type { Clock } from '../ports/clock.ts';
import type { LiveSession, LiveSessions, SessionsEnded } from '../ports/live-sessions.ts';
import type { OidcArtifact, OidcStore } from '../ports/oidc-store.ts';
import type { AppSessions, StoredSession } from './app-sessions.ts';

interface Deps {
  readonly provider: Provider;
  readonly store: OidcStore;
  readonly appSessions: AppSessions;
  readonly clock: Clock;
  readonly appIdOf: (clientId: string) => string | null;
  readonly clientIdOf: (appId: AppId) => string | null;
}

/** One client inside one provider session. */
interface AppSession {
  readonly sessionUid: string;
  readonly clientId: string;
  readonly grantId: string;
  readonly sid: string | undefined;
  readonly startedAtMs: number;
}

interface LogoutCapable {
  backchannelLogout(accountId: string, sid: string | undefined): Promise<void>;
}

/** A method of the provider's client model that its types leave out. */
function isLogoutCapable(client: Client): client is Client & LogoutCapable {
  return typeof client['backchannelLogout'] === 'function' && client.backchannelLogoutUri !== undefined;
}

function readSession(artifact: OidcArtifact): StoredSession {
  // Written by the provider through the storage adapter only.
  return JSON.parse(artifact.payloadJson) as StoredSession;
}

function appSessionsOf(session: StoredSession): readonly AppSession[] {
  return Object.entries(session.authorizations ?? {}).flatMap(([clientId, { grantId, sid, startedAtMs }]) =>
    grantId === undefined || startedAtMs === undefined ? [] : [{ sessionUid: session.uid, clientId, grantId, sid, startedAtMs }],
  );
}

/** Live OIDC sessions over the provider's store: the provider itself never lists the sessions of a person. */
export function createLiveSessions(deps: Deps): LiveSessions {
  const sessionsOf = async (personId: PersonId): Promise<readonly StoredSession[]> =>
    (await deps.store.ofPerson('Session', personId, deps.clock.nowMs())).map(readSession);

  const sendLogoutTokens = async (personId: PersonId, ended: readonly AppSession[]): Promise<{ sent: number; acknowledged: number }> => {
    const answers = await Promise.all(
      ended.map(async ({ clientId, sid }): Promise<'none' | 'acknowledged' | 'failed'> => {
        const client = await deps.provider.Client.find(clientId);
        if (client === undefined || !isLogoutCapable(client)) return 'none';
        // A client that does not answer is a residual of the receipt, not a failure of the revocation.
        return client.backchannelLogout(personId, sid).then(
          () => 'acknowledged' as const,
          () => 'failed' as const,
        );
      }),
    );
    return {
      sent: answers.filter((answer) => answer !== 'none').length,
      acknowledged: answers.filter((answer) => answer === 'acknowledged').length,
    };
  };

  const recordEnds = async (
    personId: PersonId,
    providerUids: readonly string[],
    apps: readonly AppSession[],
    cause: string,
  ): Promise<void> => {
    const common = { personId, cause, decisionId: null };
    await Promise.all([
      ...apps.map(async ({ grantId, clientId }) =>
        deps.appSessions.recordEnd({ ...common, kind: 'app', sessionId: grantId, appId: deps.appIdOf(clientId) }),
      ),
      ...providerUids.map(async (uid) => deps.appSessions.recordEnd({ ...common, kind: 'provider', sessionId: uid, appId: null })),
    ]);
  };

  /** Local state is gone when this begins. A failing log is reported only after every client was told. */
  const announce = async (personId: PersonId, providerUids: readonly string[], apps: readonly AppSession[], cause: string) => {
    const [sent, recorded] = await Promise.allSettled([sendLogoutTokens(personId, apps), recordEnds(personId, providerUids, apps, cause)]);
    if (recorded.status === 'rejected') throw recorded.reason;
    return sent.status === 'fulfilled' ? sent.value : { sent: 0, acknowledged: 0 };
  };

  return {
    ofPerson: async (personId) =>
      (await sessionsOf(personId)).flatMap((session): LiveSession[] => {
        const apps = appSessionsOf(session);
        const [first] = apps;
        if (first === undefined) return [];
        const startedAtMs = Math.min(...apps.map((app) => app.startedAtMs));
        return [
          { id: session.uid, kind: 'provider', appId: null, startedAtMs },
          ...apps.map((app): LiveSession => {
            const appId = deps.appIdOf(app.clientId);
            return { id: app.grantId, kind: 'app', appId: appId === null ? null : (appId as AppId), startedAtMs: app.startedAtMs };
          }),
        ];
      }),

    endAllOf: async (personId, cause): Promise<SessionsEnded> => {
      const sessions = await sessionsOf(personId);
      const apps = sessions.flatMap(appSessionsOf);
      const counts = await deps.store.destroyOfPerson(personId);
      const started = sessions.filter((session) => appSessionsOf(session).length > 0).map((session) => session.uid);
      const { sent, acknowledged } = await announce(personId, started, apps, cause);
      return {
        sessions: counts['Session'] ?? 0,
        tokens: (counts['AccessToken'] ?? 0) + (counts['RefreshToken'] ?? 0) + (counts['AuthorizationCode'] ?? 0),
        logoutTokensSent: sent,
        logoutTokensAcknowledged: acknowledged,
      };
    },

    endAppOf: async (personId, appId, cause): Promise<SessionsEnded> => {
      const clientId = deps.clientIdOf(appId);
      if (clientId === null) return { sessions: 0, tokens: 0, logoutTokensSent: 0, logoutTokensAcknowledged: 0 };
      const artifacts = await deps.store.ofPerson('Session', personId, deps.clock.nowMs());
      const ended: AppSession[] = [];
      for (const artifact of artifacts) {
        const session = readSession(artifact);
        const app = appSessionsOf(session).find((candidate) => candidate.clientId === clientId);
        if (app === undefined || session.authorizations === undefined) continue;
        ended.push(app);
        const { [clientId]: _ended, ...others } = session.authorizations;
        await deps.store.upsert({ ...artifact, payloadJson: JSON.stringify({ ...session, authorizations: others }) });
      }
      const tokens = await countTokens(deps, personId, new Set(ended.map((app) => app.grantId)));
      for (const app of ended) await deps.appSessions.destroyGrant(app.grantId);
      const { sent, acknowledged } = await announce(personId, [], ended, cause);
      return { sessions: ended.length, tokens, logoutTokensSent: sent, logoutTokensAcknowledged: acknowledged };
    },
  };
}

async function countTokens(deps: Deps, personId: PersonId, grantIds: ReadonlySet<string>): Promise<number> {
  const models = ['AccessToken', 'RefreshToken', 'AuthorizationCode'];
  const found = await Promise.all(models.map(async (model) => deps.store.ofPerson(model, personId, deps.clock.nowMs())));
  return found.flat().filter((artifact) => artifact.grantId !== null && grantIds.has(artifact.grantId)).length;
}
