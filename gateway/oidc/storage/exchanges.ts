import { errors } from 'oidc-provider';
import type { Clock } from '../../ports/clock.ts';
import type { OidcArtifact, OidcStore, OidcUse } from '../../ports/oidc-store.ts';
import { toProviderError } from '../provider-error.ts';
import type { ShownGrants } from '../sessions/shown-grants.ts';

interface Deps {
  readonly store: Pick<OidcStore, 'exchange' | 'undoExchange' | 'consume' | 'destroy' | 'destroyByGrant'>;
  readonly clock: Pick<Clock, 'nowMs'>;
  /** True when the person is suspended or departed: nothing that carries access may be stored for them. */
  readonly isClosed: (personId: string) => Promise<boolean>;
  readonly shownGrants: Pick<ShownGrants, 'noteReuse'>;
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
  /** Resolves when the decision of the request is recorded; at once where none is on its way. @throws audit.unavailable */
  recorded(request: object): Promise<void>;
  /** Records and writes what is kept back, before anything is answered for which neither `give` nor `recorded` was asked. @throws invalid_grant, audit.unavailable */
  settle(request: object): Promise<void>;
  /** At the end of a request that gave nothing: what it has used is used up all the same. */
  abandon(request: object): Promise<void>;
}

/** What can be shown once, and for which something is given in the same request. */
const EXCHANGED: ReadonlySet<string> = new Set(['AuthorizationCode', 'RefreshToken']);

/** Writes what a request uses and gives as one. @throws invalid_grant */
function createWrite({ isClosed, shownGrants, store }: Deps) {
  return async (request: object, { given, used }: Pending): Promise<void> => {
    const isFirst = await store.exchange(used, given).catch((failure: unknown) => {
      throw toProviderError(failure);
    });
    // The provider looked before; of two requests with the same code or token, the store lets one through.
    if (!isFirst) {
      // Somebody has a copy, and nobody knows which of the two it was: what came of it ends (RFC 6749 4.1.2, RFC 9700 4.14.2).
      const grantIds = new Set(given.flatMap((artifact) => artifact.grantId ?? []));
      shownGrants.noteReuse(request, grantIds);
      for (const grantId of grantIds) {
        await store.destroyByGrant(grantId);
        await store.destroy('Grant', grantId);
      }
      throw new errors.InvalidGrant('already consumed');
    }
    // Looked at after the write, as with every artifact that carries access: see the storage adapter.
    for (const personId of new Set(given.flatMap((artifact) => artifact.personId ?? []))) {
      if (!(await isClosed(personId))) continue;
      for (const { id, model } of given) await store.destroy(model, id);
      throw new errors.InvalidGrant('the session has ended');
    }
  };
}

export function createExchanges(deps: Deps): Exchanges {
  const { clock, store } = deps;
  const pending = new WeakMap<object, Pending>();
  const records = new WeakMap<object, Promise<void>>();
  const write = createWrite(deps);

  const recorded = async (request: object): Promise<void> => records.get(request);

  /**
   * What the decision permits and the decision itself wait for the disk side by side. Without a record nothing of it stays, and the client may
   * try again.
   */
  const settle = async (request: object): Promise<void> => {
    const exchange = pending.get(request);
    if (exchange === undefined) return recorded(request);
    pending.delete(request);
    const [written, record] = await Promise.allSettled([write(request, exchange), recorded(request)]);
    if (written.status === 'rejected') throw written.reason;
    if (record.status === 'fulfilled') return;
    await store.undoExchange(exchange.used, exchange.given);
    throw record.reason;
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
    abandon: async (request) => {
      const exchange = pending.get(request);
      if (exchange === undefined) return;
      pending.delete(request);
      await store.consume(exchange.used.model, exchange.used.id, exchange.used.nowMs);
    },
  };
}
