import type { FindUpstreamPerson } from '../app/upstream/find-person.ts';
import { GatewayError } from '../domain/errors.ts';
import type { PersonId } from '../domain/site/ids.ts';
import type { Exchange, SignInInteractions } from '../oidc/sign-in/interactions.ts';
import type { Logger } from '../platform/logger.ts';
import type { AuditLog } from '../ports/audit-log.ts';
import type { Clock } from '../ports/clock.ts';
import { toAuthentication } from './assurance.ts';
import type { Transaction, Transactions } from './transactions.ts';
import type { UpstreamClient } from './upstream-client.ts';
import { UpstreamFailure, type UpstreamProblem } from './upstream-failure.ts';

export interface UpstreamOffer {
  readonly id: string;
  readonly name: string;
}

/** What the sign-in page can offer at this moment of a sign-in. */
export interface SignInOffers {
  readonly upstreams: readonly UpstreamOffer[];
  /** Whether a passkey is of use now. */
  readonly passkey: boolean;
  /** Name of the provider at which the person has signed in already, before the passkey. */
  readonly signedInAt: string | null;
}

/** The sign-in page's side of identity providers outside. */
export interface UpstreamSignIn {
  /** @throws resource.unknown as `SignInInteractions` */
  offers(exchange: Exchange): Promise<SignInOffers>;
  /** Where the browser goes: to the provider, or back to the page with what is wrong. @throws resource.unknown, request.conflict */
  begin(exchange: Exchange, upstreamId: string): Promise<string>;
  /**
   * The browser is back. Everything that can be wrong with the answer is recorded, and told on the sign-in page.
   * @throws resource.unknown the sign-in is another browser's, or has expired
   */
  finish(exchange: Exchange, answer: URLSearchParams): Promise<string>;
}

export interface UpstreamSignInDeps {
  readonly clients: ReadonlyMap<string, UpstreamClient>;
  readonly transactions: Transactions;
  readonly interactions: SignInInteractions;
  readonly findPerson: FindUpstreamPerson;
  readonly audit: Pick<AuditLog, 'append'>;
  readonly clock: Clock;
  readonly log: Logger;
}

const pageOf = ({ uid }: Exchange, problem: UpstreamProblem): string =>
  `/signin/${encodeURIComponent(uid)}?problem=${encodeURIComponent(problem)}`;

export function createUpstreamSignIn(deps: UpstreamSignInDeps): UpstreamSignIn {
  const { clients, interactions, transactions } = deps;
  const all = [...clients.values()].map(({ config }) => config);
  const isBefore = all.some(({ mode }) => mode === 'before_passkey');

  /** Nothing is granted: the failure is told, and the sign-in stays where it was. */
  const told = async (exchange: Exchange, upstreamId: string, failure: unknown): Promise<string> => {
    if (!(failure instanceof UpstreamFailure)) throw failure;
    const { cause, problem } = failure;
    deps.log.warn('upstream.sign_in_failed', { upstreamId, problem, said: saidBy(cause) });
    await record(deps, { upstreamId, problem, personId: null });
    return pageOf(exchange, problem);
  };

  return {
    offers: async (exchange) => {
      const { upstreamSignIn } = await interactions.state(exchange);
      const proof = isBefore && upstreamSignIn !== 'none' ? await transactions.proofOf(exchange.uid) : null;
      const signedInAt = proof === null ? null : (clients.get(proof.origin.upstreamId)?.config.name ?? null);
      const offered = upstreamSignIn === 'none' || proof !== null ? [] : all;
      return {
        upstreams: offered.map(({ id, name }) => ({ id, name })),
        passkey: !isBefore || upstreamSignIn === 'none' || proof !== null,
        signedInAt,
      };
    },

    begin: async (exchange, upstreamId) => {
      const { upstreamSignIn } = await interactions.state(exchange);
      if (upstreamSignIn === 'none') throw new GatewayError('request.conflict', 'This sign-in asks for your passkey.');
      const client = clients.get(upstreamId);
      if (client === undefined) throw new GatewayError('resource.unknown', 'There is no such identity provider.');
      const transaction = await transactions.begin({ upstreamId, uid: exchange.uid, isFresh: upstreamSignIn === 'fresh' });
      return client.begin(transaction).then(
        ({ href }) => href,
        (failure: unknown) => told(exchange, upstreamId, failure),
      );
    },

    finish: async (exchange, answer) => {
      // The cookie first: what another browser sends uses nothing up.
      await interactions.state(exchange);
      const transaction = await transactions.take(answer.get('state') ?? '');
      const client = transaction === null || transaction.uid !== exchange.uid ? undefined : clients.get(transaction.upstreamId);
      if (transaction === null || client === undefined) return told(exchange, 'unknown', new UpstreamFailure('upstream.expired'));
      const { upstreamId } = transaction;
      try {
        return await conclude(deps, exchange, { client, transaction, answer });
      } catch (failure) {
        return told(exchange, upstreamId, failure);
      }
    },
  };
}

interface Answer {
  readonly client: UpstreamClient;
  readonly transaction: Transaction;
  readonly answer: URLSearchParams;
}

/** @throws UpstreamFailure */
async function conclude(deps: UpstreamSignInDeps, exchange: Exchange, { answer, client, transaction }: Answer): Promise<string> {
  const { upstreamId } = transaction;
  const identity = await client.finish(answer, transaction);
  const { issuedAtMs, sid, subject } = identity;
  const found = await deps.findPerson({ upstreamId, subject, claims: identity.claims }, client.config.account);
  if (!found.ok) {
    await record(deps, { upstreamId, problem: found.code, personId: found.personId });
    return pageOf(exchange, found.code);
  }
  const { personId } = found;
  const origin = { upstreamId, subject, sid, issuedAtMs };
  if (client.config.mode === 'instead_of_passkey') {
    const authentication = toAuthentication(identity, client.config.ratings);
    return deps.interactions.finishUpstream(exchange, { personId, authentication }, origin).catch((failure: unknown) => {
      if (failure instanceof GatewayError && (failure.code === 'sign_in.other_person' || failure.code === 'request.conflict'))
        throw new UpstreamFailure('upstream.other_person', failure);
      throw failure;
    });
  }
  await deps.transactions.keepProof(exchange.uid, { personId, origin });
  return `/signin/${encodeURIComponent(exchange.uid)}`;
}

async function record(
  { audit, clock }: UpstreamSignInDeps,
  { personId, problem, upstreamId }: { readonly upstreamId: string; readonly problem: UpstreamProblem; readonly personId: PersonId | null },
): Promise<void> {
  await audit.append({
    type: 'credential',
    occurredAtMs: clock.nowMs(),
    event: 'authentication_failed',
    kind: 'upstream_account',
    personId,
    credentialId: `upstream:${upstreamId}`,
    cause: problem,
    operatorId: null,
  });
}

/** The provider's own error code, as far as it is one (RFC 6749 4.1.2.1); its prose stays outside the log. */
function saidBy(cause: unknown): string {
  const { code, error } = (typeof cause === 'object' && cause !== null ? cause : {}) as {
    readonly code?: unknown;
    readonly error?: unknown;
  };
  const said = typeof error === 'string' ? error : typeof code === 'string' ? code : '';
  return /^[A-Za-z0-9_]{1,64}$/.test(said) ? said : '';
}
