import Provider, { errors, type Adapter, type AdapterFactory, type AdapterPayload, type KoaContextWithOIDC } from 'oidc-provider';
import { toBudgets, toRetryAfterS } from '../../domain/request-budget.ts';
import { networkOf } from '../../http/middleware/client-network.ts';
import type { Clock } from '../../ports/clock.ts';
import { comeAgain } from '../provider-error.ts';
import type { MachineCheck } from '../decisions/machine-check.ts';
import { createPollPace } from './poll-pace.ts';
import { createStrangerLimits, type StrangerLimitName, type StrangerLimits } from './stranger-limits.ts';
import type { ClientIp } from '../types.ts';

/**
 * Limits within OIDC_LIMIT_WINDOW_S of those who have shown who they are: a client by its credential, a person by their session or token.
 * A stranger who names somebody else's client or person counts at their own address alone, so that nobody is shut out by name. Doors ask
 * none of this.
 */
export const OIDC_LIMIT_WINDOW_S = 60;
export const OIDC_LIMITS = {
  /** Codes, refresh tokens and machine tokens that a client exchanges. */
  clientToken: 60_000,
  /** Tokens that a client asks about. */
  clientIntrospection: 120_000,
  /** Requests that a client with a credential pushes, begins for a device, or begins over the back channel: each is stored. */
  clientPushed: 6_000,
  /** Wrong secrets for a client from one address. */
  secretFailure: 60,
  /** Sign-ins of a person at apps, single sign-on included: each is decided and recorded. */
  personSignIn: 300,
  /** Sign-ins that a person who is signed in begins: each is stored until it ends. */
  personInteraction: 300,
  /** Refreshes for a person by one client, over all devices: one app that asks without end keeps nobody out of another. */
  personRefresh: 1_200,
  /** Back-channel requests of one client to one person: each is a message that the person is shown. */
  personAsked: 30,
  /** Wrong device codes of a person, and of an address where nobody is signed in. */
  userCodeFailure: 30,
  /** Clients that one initial access token registers. */
  registration: 30,
} as const;
/** Keys that are remembered for each limit. */
export const OIDC_LIMIT_KEYS_MAX = 50_000;

export type OidcLimitName = keyof typeof OIDC_LIMITS;

interface Deps {
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly clientIp: ClientIp;
  readonly limits?: Readonly<Record<OidcLimitName, number>>;
  readonly strangers?: StrangerLimits;
  /** The request of the provider that is under way; replaced in tests. */
  readonly current?: () => KoaContextWithOIDC | undefined;
}

export interface RequestLimits {
  /** Before a decision about a person in a request of the provider. @throws temporarily_unavailable (429) */
  countPerson(personId: string): void;
  /** Counts machines' tokens before they are decided and recorded. */
  wrapMachines(machines: MachineCheck): MachineCheck;
  /** The provider's storage: what is looked up and stored there says what a request is about. */
  wrap(factory: AdapterFactory): AdapterFactory;
  /** Limits guesses of secrets. */
  watchSecrets(provider: Provider): void;
}

const tooMany = (ctx: KoaContextWithOIDC | undefined, waitMs: number): Error =>
  comeAgain(429, 'too many requests, come again later', { ctx, afterS: toRetryAfterS(waitMs) });

const isPublic = ({ oidc }: KoaContextWithOIDC): boolean => oidc.client?.['clientAuthMethod'] === 'none';

/** The counts, and whom the request under way counts for. */
function createCounters(deps: Deps) {
  const { clientIp, clock, current = () => Provider.ctx, limits = OIDC_LIMITS, strangers = createStrangerLimits(clock) } = deps;
  const budgets = toBudgets(limits, { windowMs: OIDC_LIMIT_WINDOW_S * 1_000, keysMax: OIDC_LIMIT_KEYS_MAX });
  const counted = new WeakSet();
  const addressOf = (ctx: KoaContextWithOIDC): string => networkOf(clientIp(ctx.req)) ?? 'unknown';

  const take = (name: OidcLimitName, key: string): void => {
    const waitMs = budgets[name].take(key, clock.nowMs());
    if (waitMs > 0) throw tooMany(current(), waitMs);
  };

  /** A public client shows nothing: anybody may use its name, so it is counted by address. */
  const clientKey = (ctx: KoaContextWithOIDC): string | null => {
    const { client } = ctx.oidc;
    if (client === undefined) return null;
    return isPublic(ctx) ? `${client.clientId} ${addressOf(ctx)}` : client.clientId;
  };

  /** Once for a request, however often it looks. */
  const isCountedNow = (ctx: KoaContextWithOIDC): boolean => {
    if (counted.has(ctx.oidc)) return false;
    counted.add(ctx.oidc);
    return true;
  };

  return {
    current,
    addressOf,
    take,
    giveBack: (name: OidcLimitName, key: string): void => budgets[name].giveBack(key, clock.nowMs()),
    countClient: (name: OidcLimitName): void => {
      const ctx = current();
      const key = ctx === undefined ? null : clientKey(ctx);
      if (ctx !== undefined && key !== null && isCountedNow(ctx)) take(name, key);
    },
    /** Of somebody who has shown nothing. */
    countStranger: (name: StrangerLimitName): void => {
      const ctx = current();
      if (ctx === undefined || !isCountedNow(ctx)) return;
      const waitMs = strangers.take(name, clientIp(ctx.req));
      if (waitMs > 0) throw tooMany(ctx, waitMs);
    },
  };
}

type Counters = ReturnType<typeof createCounters>;

/** What a client exchanges at the token endpoint. */
const EXCHANGED: ReadonlySet<string> = new Set(['AuthorizationCode', 'RefreshToken', 'DeviceCode', 'BackchannelAuthenticationRequest']);
const POLLED: ReadonlySet<string> = new Set(['DeviceCode', 'BackchannelAuthenticationRequest']);
const PUSHED: ReadonlySet<string> = new Set(['PushedAuthorizationRequest', 'DeviceCode', 'BackchannelAuthenticationRequest']);

const PUSHING_ROUTES: ReadonlySet<string> = new Set(['pushed_authorization_request', 'device_authorization', 'backchannel_authentication']);

function beforeFind(counters: Counters, model: string): void {
  const route = counters.current()?.oidc.route;
  if (route === 'introspection') counters.countClient('clientIntrospection');
  else if (route === 'revocation' || (route === 'token' && EXCHANGED.has(model))) counters.countClient('clientToken');
}

function beforeStore(counters: Counters, model: string, { accountId, clientId }: AdapterPayload): void {
  const { countClient, countStranger, take } = counters;
  const ctx = counters.current();
  if (ctx === undefined) return;
  const { entities, route, session } = ctx.oidc;
  // A sign-in that goes on was counted when it began.
  if (model === 'Interaction' && route === 'authorization') {
    if (session?.accountId === undefined) countStranger('signIn');
    else take('personInteraction', session.accountId);
  }
  if (PUSHED.has(model) && PUSHING_ROUTES.has(route)) {
    if (isPublic(ctx)) countStranger('pushed');
    else countClient('clientPushed');
  }
  if (model === 'BackchannelAuthenticationRequest' && route === 'backchannel_authentication' && accountId !== undefined) {
    take('personAsked', `${clientId ?? ''} ${accountId}`);
  }
  const initial = entities?.InitialAccessToken;
  if (model === 'Client' && route === 'registration' && initial !== undefined) take('registration', initial.jti);
}

/** Whoever is signed in is counted as themselves: what others try at the same address does not hold them up. */
async function findUserCode(counters: Counters, inner: Adapter, userCode: string): Promise<AdapterPayload | undefined> {
  const ctx = counters.current();
  if (ctx === undefined) return (await inner.findByUserCode(userCode)) ?? undefined;
  const key = ctx.oidc.session?.accountId ?? counters.addressOf(ctx);
  // Counted first and given back, so that a burst of guesses in parallel is no longer than the limit.
  counters.take('userCodeFailure', key);
  const found = await inner.findByUserCode(userCode);
  if (found === undefined || found === null) return undefined;
  counters.giveBack('userCodeFailure', key);
  return found;
}

interface SecretHolder {
  readonly clientId: string;
}
type CompareSecret = (this: SecretHolder, actual: string) => boolean | Promise<boolean>;

function watchSecrets(counters: Counters, prototype: { compareClientSecret: CompareSecret }): void {
  const { compareClientSecret: compare } = prototype;
  prototype.compareClientSecret = async function compareWithin(this: SecretHolder, actual: string): Promise<boolean> {
    const ctx = counters.current();
    const key = `${this.clientId} ${ctx === undefined ? '' : counters.addressOf(ctx)}`;
    counters.take('secretFailure', key);
    const isRight = await compare.call(this, actual);
    if (isRight) counters.giveBack('secretFailure', key);
    return isRight;
  };
}

export function createRequestLimits(deps: Deps): RequestLimits {
  const counters = createCounters(deps);
  const pace = createPollPace(deps.clock);
  const isPolledTooFast = (model: string, id: string): boolean =>
    POLLED.has(model) && counters.current()?.oidc.route === 'token' && pace.isTooFast(id);

  return {
    countPerson: (personId) => {
      const { client, route } = counters.current()?.oidc ?? {};
      if (route === undefined || route === 'introspection') return;
      if (route === 'token') counters.take('personRefresh', `${client?.clientId ?? ''} ${personId}`);
      else counters.take('personSignIn', personId);
    },
    wrapMachines: (machines) => ({
      ...machines,
      assert: async (token) => {
        counters.countClient('clientToken');
        return machines.assert(token);
      },
    }),
    wrap: (factory) => (model) => {
      const inner: Adapter = factory(model);
      return {
        ...inner,
        find: async (id) => {
          beforeFind(counters, model);
          if (isPolledTooFast(model, id)) throw new errors.SlowDown();
          return inner.find(id);
        },
        findByUserCode: (userCode) => findUserCode(counters, inner, userCode),
        upsert: async (id, payload, expiresInS) => {
          beforeStore(counters, model, payload);
          await inner.upsert(id, payload, expiresInS);
        },
      };
    },
    watchSecrets: (provider) => watchSecrets(counters, provider.Client.prototype),
  };
}
