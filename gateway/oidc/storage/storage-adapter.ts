import { randomBytes } from 'node:crypto';
import Provider, { errors, type Adapter, type AdapterFactory, type AdapterPayload, type KoaContextWithOIDC } from 'oidc-provider';
import type { Clock } from '../../ports/clock.ts';
import type { OidcArtifact, OidcStore } from '../../ports/oidc-store.ts';
import type { EndedSessions } from '../sessions/ended-sessions.ts';
import type { Exchanges } from './exchanges.ts';
import { toProviderError } from '../provider-error.ts';
import type { SeenSession, SeenSessions } from '../sessions/seen-sessions.ts';
import type { ShownGrants } from '../sessions/shown-grants.ts';
import { storedId, toArtifact, toPayload } from './stored-form.ts';
import { createTokenModels } from './token-models.ts';

/** Device codes that people are about to confirm. */
export const ALIASES_MAX = 10_000;

/**
 * A device code is found by its user code, and then only its hash is known. The provider works on under a name that means something to
 * this process alone: the hash itself must never be taken for the code.
 */
function createAliases() {
  const hashes = new Map<string, string>();
  return {
    of: (hash: string): string => {
      const [oldest] = hashes.keys();
      if (hashes.size >= ALIASES_MAX && oldest !== undefined) hashes.delete(oldest);
      const alias = `alias.${randomBytes(32).toString('base64url')}`;
      hashes.set(alias, hash);
      return alias;
    },
    resolve: (id: string): string | undefined => hashes.get(id),
  };
}

const accessModels: ReadonlySet<string> = new Set([
  'Grant',
  'AuthorizationCode',
  'AccessToken',
  'BackchannelAuthenticationRequest',
  'DeviceCode',
  'RefreshToken',
]);

/** A bare session only says who is at the browser; with a grant in it, it is access. */
function carriesAccess(model: string, payload: AdapterPayload): boolean {
  if (model !== 'Session') return accessModels.has(model);
  return Object.values(payload.authorizations ?? {}).some(({ grantId }) => grantId !== undefined);
}

/** What reaches a client in the very answer of the request that stores it. */
const handedOut: ReadonlySet<string> = new Set(['AuthorizationCode', 'AccessToken', 'RefreshToken']);

/** Sign-ins that are under way, of each kind. Anybody can begin one, so the oldest give way, in steps of TRIM_INTERVAL_WRITES. */
export const INTERACTIONS_MAX = 20_000;
export const TRIM_INTERVAL_WRITES = 200;
/** None is a proof that was used: forgotten, it could be used again. Those end by themselves, within minutes. */
const trimmedModels: ReadonlySet<string> = new Set([
  'BackchannelAuthenticationRequest',
  'DeviceCode',
  'Interaction',
  'PushedAuthorizationRequest',
]);

interface Deps {
  readonly store: OidcStore;
  readonly clock: Clock;
  /** True when the person is suspended or departed: nothing that carries access may be stored for them. */
  readonly isClosed: (personId: string) => Promise<boolean>;
  readonly endedSessions: EndedSessions;
  readonly exchanges: Pick<Exchanges, 'begin' | 'give' | 'recorded' | 'decided' | 'endReused'>;
  readonly seenSessions: Pick<SeenSessions, 'note'>;
  readonly shownGrants: Pick<ShownGrants, 'note'>;
  readonly interactionsMax?: number;
  /** The request of the provider that is under way; replaced in tests. */
  readonly current?: () => KoaContextWithOIDC | undefined;
}

/** Stores one artifact, and keeps the sign-ins under way within their number. */
function createPut({ store, interactionsMax = INTERACTIONS_MAX }: Pick<Deps, 'store' | 'interactionsMax'>) {
  const writesSinceTrim = new Map<string, number>();
  return async (artifact: OidcArtifact): Promise<void> => {
    await store.upsert(artifact).catch((failure: unknown) => {
      throw toProviderError(failure);
    });
    if (!trimmedModels.has(artifact.model)) return;
    const writes = (writesSinceTrim.get(artifact.model) ?? TRIM_INTERVAL_WRITES) + 1;
    writesSinceTrim.set(artifact.model, writes < TRIM_INTERVAL_WRITES ? writes : 0);
    if (writes >= TRIM_INTERVAL_WRITES) await store.trim(artifact.model, interactionsMax);
  };
}

/** Stores what a request writes, under the conditions of its model. */
function createWrite(deps: Deps) {
  const { endedSessions, exchanges, store } = deps;
  const put = createPut(deps);

  /** A request that was under way when its session ended writes what it had read: nothing of that may come back. */
  const writeSession = async (artifact: OidcArtifact): Promise<void> => {
    const isEnded = (): boolean => artifact.uid !== null && endedSessions.has(artifact.uid);
    if (isEnded()) return;
    await put(artifact);
    // It may have ended while this was being written.
    if (isEnded()) await store.destroy(artifact.model, artifact.id);
  };

  /** The decision about a machine is recorded at the same time; without a record the token does not stay, and is not answered. */
  const writeRecorded = async (artifact: OidcArtifact, request: object): Promise<void> => {
    const [stored, recorded] = await Promise.allSettled([put(artifact), exchanges.recorded(request)]);
    if (stored.status === 'rejected') throw stored.reason;
    if (recorded.status === 'fulfilled') return;
    await store.destroy(artifact.model, artifact.id);
    throw recorded.reason;
  };

  return async (artifact: OidcArtifact, request: object | undefined): Promise<void> => {
    if (artifact.model === 'Session') return writeSession(artifact);
    if (artifact.model === 'ClientCredentials' && request !== undefined) return writeRecorded(artifact, request);
    return put(artifact);
  };
}

/** The session without apps whose grants have ended since it was read. */
function withoutEndedApps(endedSessions: Pick<EndedSessions, 'has'>, session: AdapterPayload): AdapterPayload {
  const apps = Object.entries(session.authorizations ?? {});
  const lasting = apps.filter(([, { grantId }]) => grantId === undefined || !endedSessions.has(grantId));
  return lasting.length === apps.length ? session : { ...session, authorizations: Object.fromEntries(lasting) };
}

/** Finds what somebody asks about who need not say which model it is of. */
function createFindAsked() {
  const tokenModels = createTokenModels();
  return async (model: string, id: string, find: () => Promise<AdapterPayload | undefined>): Promise<AdapterPayload | undefined> => {
    if (tokenModels.isOfAnother(model, id)) return undefined;
    const payload = await find();
    if (payload !== undefined) tokenModels.note(model, id);
    return payload;
  };
}

/** A session that is being ended is none for whoever asks from now on. */
function isEnded(endedSessions: Pick<EndedSessions, 'has'>, artifact: OidcArtifact | null): boolean {
  return artifact?.model === 'Session' && artifact.uid !== null && endedSessions.has(artifact.uid);
}

/** The provider's storage over the OidcStore port. */
export function createStorageAdapter(deps: Deps): AdapterFactory {
  const { store, clock, current = () => Provider.ctx, endedSessions, exchanges, isClosed, seenSessions, shownGrants } = deps;
  const aliases = createAliases();
  const idIn = (model: string, id: string): string => aliases.resolve(id) ?? storedId(model, id);
  const write = createWrite(deps);
  const findAsked = createFindAsked();

  const orEnded = (artifact: OidcArtifact | null): OidcArtifact | null => (isEnded(endedSessions, artifact) ? null : artifact);

  const find = async (model: string, id: string): Promise<AdapterPayload | undefined> => {
    const [stored, request] = [{ model, id: idIn(model, id) }, current()];
    const isShown = request?.oidc.route === 'token';
    if (isShown) await exchanges.decided(stored);
    const artifact = orEnded(await store.find(model, stored.id, clock.nowMs()));
    if (isShown && artifact !== null) shownGrants.note(request, artifact);
    return toPayload(artifact, id);
  };

  /** A session that is given another id at a sign-in goes on under its uid; one that is destroyed by its own id has ended. */
  const noteEnd = (model: string, id: string): void => {
    const session = model === 'Session' ? current()?.oidc.session : undefined;
    if (session?.jti === id) endedSessions.add(session.uid);
  };

  return (model: string): Adapter => ({
    upsert: async (id, payload, expiresInS) => {
      const expiresAtMs = expiresInS === undefined ? null : clock.nowMs() + expiresInS * 1_000;
      const kept = model === 'Session' ? withoutEndedApps(endedSessions, payload) : payload;
      const artifact = toArtifact({ model, id: idIn(model, id) }, kept, expiresAtMs);
      const request = current();
      if (request !== undefined && (await exchanges.give(request, artifact))) return;
      await write(artifact, request);
      // The provider looked before it wrote; of two requests with the same proof, the store lets one through.
      if (model === 'ReplayDetection' && !(await store.consume(model, artifact.id, clock.nowMs()))) {
        throw new errors.InvalidRequest('the proof was used before');
      }
      // A request that was permitted just before a suspension may write after it. Looked at after the write: either this sees the
      // new standing, or the suspension's own sweep, which follows the change of standing, sees the write.
      if (artifact.personId !== null && carriesAccess(model, payload) && (await isClosed(artifact.personId))) {
        await store.destroy(model, artifact.id);
        // The answer under way would still carry a signed ID token: it must not be given.
        if (handedOut.has(model)) throw new errors.InvalidGrant('the session has ended');
      }
    },
    find: (id) => (current()?.oidc.route === 'introspection' ? findAsked(model, id, () => find(model, id)) : find(model, id)),
    findByUid: async (uid) => {
      const payload = toPayload(orEnded(await store.findByUid(model, uid, clock.nowMs())));
      const request = model === 'Session' && payload !== undefined ? current() : undefined;
      // Of the provider's own model, and written by it only.
      if (request !== undefined) seenSessions.note(request, payload as SeenSession);
      return payload;
    },
    findByUserCode: async (userCode) => {
      const artifact = await store.findByUserCode(model, userCode, clock.nowMs());
      return artifact === null ? undefined : toPayload(artifact, aliases.of(artifact.id));
    },
    consume: async (id) => {
      const request = current();
      // Elsewhere nothing is given in the same request.
      if (request?.oidc.route === 'token' && exchanges.begin(request, { model, id: idIn(model, id) })) return;
      // The provider looked before; of two requests with the same code, the store lets one through.
      if (await store.consume(model, idIn(model, id), clock.nowMs())) return;
      if (request !== undefined) await exchanges.endReused(request);
      throw new errors.InvalidGrant('already consumed');
    },
    destroy: async (id) => {
      noteEnd(model, id);
      await store.destroy(model, idIn(model, id));
    },
    revokeByGrantId: async (grantId) => store.destroyByGrant(grantId),
  });
}
