import { randomUUID } from 'node:crypto';
import type Provider from 'oidc-provider';
import { GatewayError } from '../../domain/errors.ts';
import type { AppId, PersonId } from '../../domain/site/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { LiveSession, LiveSessions, LiveSignIn, SessionsEnded, SignIn } from '../../ports/live-sessions.ts';
import type { OidcArtifact, OidcStore } from '../../ports/oidc-store.ts';
import type { AppSessions } from './app-sessions.ts';
import { appSessionsOf, readSession, standingAppsOf, type AppSession } from './stored-sessions.ts';
import { listGrantsOutside, listSignIns } from '../sign-in/sign-ins.ts';
import { sendLogoutToken } from './logout-token.ts';
import type { EndedSessions } from './ended-sessions.ts';
import type { OutgoingCalls } from '../outgoing-fetch.ts';

interface Deps {
  readonly provider: () => Provider;
  readonly outgoing: Pick<OutgoingCalls, 'fetch'>;
  readonly store: OidcStore;
  readonly appSessions: AppSessions;
  readonly clock: Clock;
  readonly appIdOf: (clientId: string) => AppId | null;
  /** True when the person is suspended or departed. */
  readonly isClosed: (personId: string) => Promise<boolean>;
  readonly endedSessions: Pick<EndedSessions, 'add'>;
}

/** Times a session is read again because a request of its person wrote it in between. */
const WITHDRAW_ATTEMPTS_MAX = 5;

interface Ending {
  readonly personId: PersonId;
  readonly cause: string;
  readonly apps: readonly AppSession[];
  readonly providerUids: readonly string[];
}

/** Live sessions, and those of one client of an app that has several. */
export interface ClientSessions extends LiveSessions {
  endClientOf(personId: PersonId, clientId: string, cause: string): Promise<SessionsEnded>;
}

/** Live OIDC sessions over the provider's store: the provider itself never lists the sessions of a person. */
export function createLiveSessions(deps: Deps): ClientSessions {
  return new StoredLiveSessions(deps);
}

/** A code counts for nothing: it is used up within a minute, or was used already. */
const TOKEN_MODELS = ['AccessToken', 'RefreshToken'] as const;

/** A grant of a back-channel sign-in, which has no session of a browser. */
function toAppSession({ artifact, clientId, startedAtMs }: Awaited<ReturnType<typeof listGrantsOutside>>[number]): AppSession {
  return { sessionUid: '', clientId, grantId: artifact.id, sid: undefined, startedAtMs };
}

class StoredLiveSessions implements ClientSessions {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async ofPerson(personId: PersonId): Promise<readonly LiveSession[]> {
    const [artifacts, grants] = await Promise.all([this.#artifacts('Session', personId), this.#artifacts('Grant', personId)]);
    return artifacts.map(readSession).flatMap((session): LiveSession[] => {
      const apps = standingAppsOf(session, grants);
      if (apps.length === 0) return [];
      const startedAtMs = Math.min(...apps.map((app) => app.startedAtMs));
      return [{ id: session.uid, kind: 'provider', appId: null, startedAtMs }, ...apps.map((app) => this.#toLiveApp(app))];
    });
  }

  async signInOf(personId: PersonId): Promise<LiveSignIn | null> {
    const signIns = (await this.#artifacts('Session', personId)).map(readSession).flatMap(({ acr, amr, loginTs }): LiveSignIn[] => {
      return acr === undefined || loginTs === undefined ? [] : [{ acr, amr: amr ?? [], authenticatedAtMs: loginTs * 1_000 }];
    });
    return signIns.toSorted((left, right) => right.authenticatedAtMs - left.authenticatedAtMs)[0] ?? null;
  }

  async endAllOf(personId: PersonId, cause: string): Promise<SessionsEnded> {
    for (const { uid } of await this.#artifacts('Session', personId)) if (uid !== null) this.#deps.endedSessions.add(uid);
    // Read once they take no more: an app that was opened meanwhile is told, too.
    const sessions = (await this.#artifacts('Session', personId)).map(readSession);
    for (const { uid } of sessions) this.#deps.endedSessions.add(uid);
    const apps = sessions.flatMap(appSessionsOf);
    const counts = await this.#deps.store.destroyOfPerson(personId);
    const started = sessions.filter((session) => appSessionsOf(session).length > 0).map((session) => session.uid);
    const announced = await this.#announce({ personId, cause, apps, providerUids: started });
    const tokens = TOKEN_MODELS.reduce((sum, model) => sum + (counts[model] ?? 0), 0);
    return { sessions: counts['Session'] ?? 0, tokens, ...announced };
  }

  async endOne(personId: PersonId, sessionId: string, cause: string): Promise<SessionsEnded | null> {
    const { appSessions } = this.#deps;
    const find = async (): Promise<OidcArtifact | undefined> =>
      (await this.#artifacts('Session', personId)).find(({ uid }) => uid === sessionId);
    if ((await find()) === undefined) return null;
    // Nobody reads it from here on; stored it is until its grants are gone, so that whoever tries again after a failure finds it.
    this.#deps.endedSessions.add(sessionId);
    // Read once it takes no more: an app that was opened meanwhile ends with it.
    const artifact = await find();
    if (artifact === undefined) return null;
    const apps = appSessionsOf(readSession(artifact));
    const tokens = await this.#countTokens(personId, new Set(apps.map(({ grantId }) => grantId)));
    for (const { grantId } of apps) await appSessions.destroyGrant(grantId);
    await this.#destroySession(artifact);
    const announced = await this.#announce({ personId, cause, apps, providerUids: apps.length === 0 ? [] : [sessionId] });
    return { sessions: 1, tokens, ...announced };
  }

  async signInsOf(personId: PersonId): Promise<readonly SignIn[]> {
    return listSignIns(this.#deps, personId);
  }

  async endGrant(personId: PersonId, grantId: string, cause: string): Promise<SessionsEnded | null> {
    const grant = (await listGrantsOutside(this.#deps, personId)).find(({ artifact }) => artifact.id === grantId);
    if (grant === undefined) return null;
    const tokens = await this.#countTokens(personId, new Set([grantId]));
    await this.#deps.appSessions.destroyGrant(grantId);
    const announced = await this.#announce({ personId, cause, apps: [toAppSession(grant)], providerUids: [] });
    return { sessions: 1, tokens, ...announced };
  }

  async endAppOf(personId: PersonId, appId: AppId, cause: string): Promise<SessionsEnded> {
    return this.#endClientsOf(personId, cause, async (clientIds) => this.#clientsOf(appId, clientIds));
  }

  async endClientOf(personId: PersonId, clientId: string, cause: string): Promise<SessionsEnded> {
    return this.#endClientsOf(personId, cause, async (clientIds) => clientIds.filter((candidate) => candidate === clientId));
  }

  async #endClientsOf(
    personId: PersonId,
    cause: string,
    ofThose: (clientIds: readonly string[]) => Promise<readonly string[]>,
  ): Promise<SessionsEnded> {
    const apps: AppSession[] = [];
    for (const artifact of await this.#artifacts('Session', personId)) {
      for (const clientId of await ofThose(appSessionsOf(readSession(artifact)).map((app) => app.clientId))) {
        const app = await this.#withdraw(artifact, clientId);
        if (app !== null) apps.push(app);
      }
    }
    const outside = await listGrantsOutside(this.#deps, personId);
    const wanted = new Set(await ofThose([...new Set(outside.map(({ clientId }) => clientId))]));
    apps.push(...outside.filter(({ clientId }) => wanted.has(clientId)).map(toAppSession));
    const tokens = await this.#countTokens(personId, new Set(apps.map((app) => app.grantId)));
    for (const app of apps) await this.#deps.appSessions.destroyGrant(app.grantId);
    const announced = await this.#announce({ personId, cause, apps, providerUids: [] });
    return { sessions: apps.length, tokens, ...announced };
  }

  /** A request of its person may have given the session another id in between. */
  async #destroySession({ id, model, uid }: OidcArtifact): Promise<void> {
    const { clock, endedSessions, store } = this.#deps;
    if (uid !== null) endedSessions.add(uid);
    await store.destroy(model, id);
    for (let attempt = 0; attempt < WITHDRAW_ATTEMPTS_MAX && uid !== null; attempt += 1) {
      const moved = await store.findByUid(model, uid, clock.nowMs());
      if (moved === null) return;
      await store.destroy(model, moved.id);
    }
  }

  /** Those of the clients that are the app's: the configured one, and what was registered for it. */
  async #clientsOf(appId: AppId, clientIds: readonly string[]): Promise<readonly string[]> {
    const { appIdOf, provider } = this.#deps;
    // The app of a registered client is known once the provider has read the client.
    await Promise.all(clientIds.filter((id) => appIdOf(id) === null).map(async (id) => provider().Client.find(id)));
    return clientIds.filter((id) => appIdOf(id) === appId);
  }

  /**
   * Takes the client out of the provider session: its tokens are bound to it and fail from here on. A session that was ended in between
   * stays ended.
   */
  async #withdraw(artifact: OidcArtifact, clientId: string): Promise<AppSession | null> {
    const { clock, endedSessions, isClosed, store } = this.#deps;
    const { model, id } = artifact;
    let current: OidcArtifact | null = artifact;
    for (let attempt = 0; attempt < WITHDRAW_ATTEMPTS_MAX && current !== null; attempt += 1) {
      const session = readSession(current);
      const app = appSessionsOf(session).find((candidate) => candidate.clientId === clientId);
      if (app === undefined) return null;
      // A sign-in to another app in the same browser may write the session as it was read before this.
      endedSessions.add(app.grantId);
      const others = Object.entries(session.authorizations ?? {}).filter(([other]) => other !== clientId);
      const to = JSON.stringify({ ...session, authorizations: Object.fromEntries(others) });
      if (await store.replacePayload({ model, id, from: current.payloadJson, to })) {
        if (current.personId !== null && (await isClosed(current.personId))) await store.destroy(model, id);
        return app;
      }
      current = await store.find(model, id, clock.nowMs());
    }
    if (current === null) return null;
    // Written five times while it was read: ending the whole session ends the app's part of it, too.
    await this.#destroySession(current);
    return appSessionsOf(readSession(current)).find((candidate) => candidate.clientId === clientId) ?? null;
  }

  /** Local state is gone when this begins. A failing log is reported only after every client was told. */
  async #announce(end: Ending): Promise<Pick<SessionsEnded, 'logoutTokensSent' | 'logoutTokensAcknowledged'>> {
    const [answers, recorded] = await Promise.all([
      Promise.all(end.apps.map(async (app) => this.#tell(end, app))),
      Promise.allSettled(this.#recordEnds(end)),
    ]);
    const failed = recorded.find((result) => result.status === 'rejected');
    if (failed !== undefined)
      throw new GatewayError('audit.unavailable', 'The end of a session could not be recorded.', { cause: failed.reason });
    return {
      logoutTokensSent: answers.filter((answer) => answer !== 'none').length,
      logoutTokensAcknowledged: answers.filter((answer) => answer === 'acknowledged').length,
    };
  }

  async #tell({ personId, cause }: Ending, { clientId, sid }: AppSession): Promise<'none' | 'acknowledged' | 'failed'> {
    const { outgoing } = this.#deps;
    const provider = this.#deps.provider();
    const client = await provider.Client.find(clientId);
    if (client?.backchannelLogoutUri === undefined) return 'none';
    // A client that does not answer is a residual of the receipt, not a failure of the revocation.
    return sendLogoutToken({ provider, outgoing }, client, { personId, sid, cause, tokenId: randomUUID() }).then(
      () => 'acknowledged' as const,
      () => 'failed' as const,
    );
  }

  #recordEnds({ personId, cause, apps, providerUids }: Ending): readonly Promise<void>[] {
    const { appIdOf, appSessions } = this.#deps;
    const common = { personId, cause, decisionId: null };
    return [
      ...apps.map(async ({ grantId, clientId }) =>
        appSessions.recordEnd({ ...common, kind: 'app', sessionId: grantId, appId: appIdOf(clientId) }),
      ),
      ...providerUids.map(async (uid) => appSessions.recordEnd({ ...common, kind: 'provider', sessionId: uid, appId: null })),
    ];
  }

  #toLiveApp({ clientId, grantId, startedAtMs }: AppSession): LiveSession {
    const appId = this.#deps.appIdOf(clientId);
    return { id: grantId, kind: 'app', appId, startedAtMs };
  }

  async #artifacts(model: string, personId: PersonId): Promise<readonly OidcArtifact[]> {
    return this.#deps.store.ofPerson(model, personId, this.#deps.clock.nowMs());
  }

  async #countTokens(personId: PersonId, grantIds: ReadonlySet<string>): Promise<number> {
    const found = await Promise.all(TOKEN_MODELS.map(async (model) => this.#artifacts(model, personId)));
    return found.flat().filter((artifact) => artifact.grantId !== null && grantIds.has(artifact.grantId)).length;
  }
}
