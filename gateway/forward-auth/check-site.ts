import type { AuthorizeApp } from '../app/access/types.ts';
import type { Deny } from '../domain/access/decision.ts';
import type { DecisionId } from '../domain/site/ids.ts';
import type { Website } from '../domain/site/website.ts';
import type { Person } from '../domain/people/person.ts';
import type { Clock } from '../ports/clock.ts';
import type { PeopleStore } from '../ports/people-store.ts';
import type { PolicyEngine } from '../ports/policy-engine.ts';
import { denyOf } from '../oidc/denial.ts';
import type { SiteSession, SiteSignIn } from '../oidc/site-sign-in.ts';

/** The policy is asked again for a session after this time: the longest that a change of facts needs which ends no session by itself. */
export const SITE_RECHECK_MS = 30_000;
/** A denial is kept so long, so that the requests of one page are one decision. */
export const SITE_DENIAL_MS = 5_000;
/** Sessions whose last answer is kept. With more, the one that was asked about longest ago is asked anew. */
export const SITE_ANSWERS_MAX = 20_000;
/** The identity token outlives the time between two decisions, and not much more. */
const IDENTITY_TTL_S = 60;

export interface Visitor {
  readonly person: Person;
  readonly identityToken: string;
  readonly decisionId: DecisionId;
}

export type SiteAnswer =
  | { readonly kind: 'permit'; readonly visitor: Visitor }
  /** Nobody is signed in to the website, or not any more. */
  | { readonly kind: 'sign_in' }
  | { readonly kind: 'denied'; readonly deny: Deny };

export type CheckSite = (question: {
  readonly website: Website;
  readonly session: SiteSession | null;
  /** Address of the browser; null when it cannot be told. */
  readonly ip: string | null;
}) => Promise<SiteAnswer>;

interface Deps {
  readonly signIn: SiteSignIn;
  readonly authorizeApp: AuthorizeApp;
  readonly people: PeopleStore;
  readonly policy: Pick<PolicyEngine, 'revision' | 'dataRevision'>;
  readonly clock: Clock;
}

interface Kept {
  readonly atMs: number;
  /** What the answer rests on beside the session: address, policy, data, epoch. */
  readonly basis: string;
  readonly answer: Promise<SiteAnswer>;
  goodForMs: number;
}

/** The decision about one request at a website. Every request looks the session up; the policy is asked when its last answer is no longer good. */
export function createCheckSite(deps: Deps): CheckSite {
  const { authorizeApp, clock, people, policy, signIn } = deps;
  const kept = new Map<string, Kept>();

  const ask = async (website: Website, session: SiteSession, ip: string | null): Promise<SiteAnswer> => {
    const authentication = await signIn.find(session);
    if (authentication === null) return { kind: 'sign_in' };
    const decision = await authorizeApp({
      // Somebody is there, but the proxy can show them no more than yes or no.
      action: 'token.refresh',
      personId: session.personId,
      clientId: website.clientId,
      network: { source: 'request', ip },
      authentication,
      sessionUid: session.sessionUid,
      correlation: session.grantId,
    });
    const deny = denyOf(decision);
    if (deny !== null) return { kind: 'denied', deny };
    const person = await people.find(session.personId);
    if (person === null) return { kind: 'sign_in' };
    const identityToken = await signIn.signIdentity({
      person,
      audience: website.origin,
      decisionId: decision.id,
      ttlS: SITE_RECHECK_MS / 1_000 + IDENTITY_TTL_S,
    });
    return { kind: 'permit', visitor: { person, identityToken, decisionId: decision.id } };
  };

  const keep = (key: string, entry: Kept): void => {
    kept.delete(key);
    kept.set(key, entry);
    const [oldest] = kept.keys();
    if (kept.size > SITE_ANSWERS_MAX && oldest !== undefined) kept.delete(oldest);
  };

  return async ({ ip, session, website }) => {
    if (session === null || session.clientId !== website.clientId) return { kind: 'sign_in' };
    if ((await signIn.find(session)) === null) return { kind: 'sign_in' };
    const basis = [ip ?? '', policy.revision, policy.dataRevision, await people.epoch()].join(' ');
    const nowMs = clock.nowMs();
    const last = kept.get(session.grantId);
    if (last !== undefined && last.basis === basis && nowMs - last.atMs < last.goodForMs && nowMs >= last.atMs) return last.answer;
    const entry: Kept = { atMs: nowMs, basis, answer: ask(website, session, ip), goodForMs: SITE_RECHECK_MS };
    keep(session.grantId, entry);
    const answer = await entry.answer.catch((failure: unknown) => {
      // A failure is nobody's answer: the next request asks again.
      kept.delete(session.grantId);
      throw failure;
    });
    if (answer.kind === 'denied') entry.goodForMs = SITE_DENIAL_MS;
    if (answer.kind === 'sign_in') entry.goodForMs = 0;
    return answer;
  };
}
