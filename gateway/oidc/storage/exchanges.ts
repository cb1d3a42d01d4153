import { errors } from 'oidc-provider';
import type { Clock } from '../../ports/clock.ts';
import type { OidcArtifact, OidcStore, OidcUse } from '../../ports/oidc-store.ts';
import { toProviderError, tryAgain } from '../provider-error.ts';
import type { AppSessions } from '../sessions/app-sessions.ts';
import type { EndedSessions } from '../sessions/ended-sessions.ts';
import type { ShownGrants } from '../sessions/shown-grants.ts';

interface Deps {
  readonly store: Pick<OidcStore, 'find' | 'exchange' | 'undoExchange' | 'consume'>;
  readonly clock: Pick<Clock, 'nowMs'>;
  /** True when the person is suspended or departed: nothing that carries access may be stored for them. */
  readonly isClosed: (personId: string) => Promise<boolean>;
  readonly endedSessions: Pick<EndedSessions, 'has'>;
  readonly appSessions: Pick<AppSessions, 'destroyGrant'>;
  readonly shownGrants: Pick<ShownGrants, 'of' | 'noteReuse'>;
}

type Used = Pick<OidcArtifact, 'model' | 'id'>;

/** One request's exchange of a code or refresh token. */
interface Pending {
  readonly used: OidcUse;
  readonly given: OidcArtifact[];
}

/**
 * The provider uses up a code or refresh token, stores what it gives for it, one after the other, and then answers. Each of these is a wait
 * for the disk. Nothing has to be on it before the answer, though, so what a request uses and gives is kept back and written as one: used up
 * by the first who shows it, and not at all when the store fails, so that the client may try again.
 */
export interface Exchanges {
  /** True when the use is kept back until something is given for it. */
  begin(request: object, used: Used): boolean;
  /** True when the artifact is taken care of: kept back as well, or written with all that was. @throws invalid_grant */
  give(request: object, artifact: OidcArtifact): Promise<boolean>;
  /** Lets a decision be recorded while that is stored for which it was made. Whoever answers the request waits for both. */
  record(request: object, recorded: Promise<void>): void;
  /** Resolves when the decision of the request is recorded; at once where none is on its way. @throws what `record` was given */
  recorded(request: object): Promise<void>;
  /**
   * Records and writes what is kept back, before anything is answered for which neither `give` nor `recorded` was asked.
   * @throws invalid_grant, and what `record` was given
   */
  settle(request: object): Promise<void>;
  /** Resolves when no request is about to use the artifact: whether it is used up depends on the record of another's decision until then. */
  decided(used: Used): Promise<void>;
  /** The request shows what somebody else has used: what came of it ends. */
  endReused(request: object): Promise<void>;
  /** At the end of a request that gave nothing: what it has used is used up all the same. */
  abandon(request: object): Promise<void>;
}

/** What can be shown once, and for which something is given in the same request. */
const EXCHANGED: ReadonlySet<string> = new Set(['AuthorizationCode', 'RefreshToken']);

const keyOf = ({ id, model }: Used): string => `${model} ${id}`;

/** @throws invalid_grant the person or the grant has ended meanwhile, or it is nobody's */
async function assertStands({ endedSessions, isClosed, shownGrants }: Deps, request: object): Promise<void> {
  const shown = shownGrants.of(request);
  if (shown === undefined || endedSessions.has(shown.grantId) || (await isClosed(shown.personId)))
    throw new errors.InvalidGrant('the session has ended');
}

/** Somebody has a copy, and nobody knows which of the two it was: what came of it ends (RFC 6749 4.1.2, RFC 9700 4.14.2). */
async function endReused({ appSessions, endedSessions, shownGrants }: Deps, request: object): Promise<void> {
  const shown = shownGrants.of(request);
  // Of many who show the same, one ends it and is recorded.
  if (shown === undefined || endedSessions.has(shown.grantId)) return;
  shownGrants.noteReuse(request);
  await appSessions.destroyGrant(shown.grantId);
}

/** Uses that are written and not yet recorded, by what is used. */
type Undecided = Map<string, Promise<void>>;

/** @throws invalid_grant somebody else was first; temporarily_unavailable nothing came of what that one was given */
async function write(deps: Deps, undecided: Undecided, request: object, { given, used }: Pending): Promise<void> {
  const isFirst = await deps.store.exchange(used, given).catch((failure: unknown) => {
    throw toProviderError(failure);
  });
  if (isFirst) return;
  await undecided.get(keyOf(used));
  const stored = await deps.store.find(used.model, used.id, used.nowMs);
  if (stored !== null && stored.consumedAtMs === null) throw tryAgain('another use of it came to nothing');
  await endReused(deps, request);
  throw new errors.InvalidGrant('already consumed');
}

/**
 * What the decision permits and the decision itself wait for the disk side by side. Nothing is kept where there is no record, or where the
 * person or the grant has ended by then; without a record the client may try again.
 */
async function writeRecorded(
  deps: Deps,
  undecided: Undecided,
  request: object,
  exchange: Pending & { record: Promise<void> },
): Promise<void> {
  const { given, record, used } = exchange;
  const decided = Promise.withResolvers<void>();
  try {
    const written = write(deps, undecided, request, exchange).then(() => void undecided.set(keyOf(used), decided.promise));
    const [outcome, recorded] = await Promise.allSettled([written, record]);
    if (outcome.status === 'rejected') throw outcome.reason;
    // Looked at after the write, as with every artifact that carries access: see the storage adapter.
    const [final] = recorded.status === 'rejected' ? [recorded] : await Promise.allSettled([assertStands(deps, request)]);
    if (final.status === 'fulfilled') return;
    // A store that fails as well leaves it used up: what failed first is what the client hears of.
    await deps.store.undoExchange(used, given).catch(() => undefined);
    throw final.reason;
  } finally {
    if (undecided.get(keyOf(used)) === decided.promise) undecided.delete(keyOf(used));
    decided.resolve();
  }
}

export function createExchanges(deps: Deps): Exchanges {
  const { clock, store } = deps;
  const pending = new WeakMap<object, Pending>();
  const records = new WeakMap<object, Promise<void>>();
  const undecided: Undecided = new Map();

  const recorded = async (request: object): Promise<void> => records.get(request);

  const settle = async (request: object): Promise<void> => {
    const exchange = pending.get(request);
    pending.delete(request);
    await (exchange === undefined
      ? recorded(request)
      : writeRecorded(deps, undecided, request, { ...exchange, record: recorded(request) }));
  };

  return {
    begin: (request, used) => {
      if (!EXCHANGED.has(used.model) || pending.has(request)) return false;
      pending.set(request, { used: { ...used, nowMs: clock.nowMs() }, given: [] });
      return true;
    },
    give: async (request, artifact) => {
      const exchange = pending.get(request);
      if (exchange === undefined) return false;
      // The access token comes last where a refresh token is rotated; for a code it comes first, and what follows it is written alone.
      const isLast = artifact.model === 'AccessToken';
      if (!isLast && !(artifact.model === 'RefreshToken' && exchange.used.model === 'RefreshToken')) return false;
      exchange.given.push(artifact);
      if (isLast) await settle(request);
      return true;
    },
    record: (request, record) => {
      record.catch(() => undefined); // Whoever waits for it hears of it; a request that fails before that has no answer to hold back.
      records.set(request, record);
    },
    recorded,
    settle,
    decided: async (used) => undecided.get(keyOf(used)),
    endReused: (request) => endReused(deps, request),
    abandon: async (request) => {
      const used = pending.get(request)?.used;
      pending.delete(request);
      if (used !== undefined) await store.consume(used.model, used.id, used.nowMs);
    },
  };
}
