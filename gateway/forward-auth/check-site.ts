import { RELY_MS_MAX, relianceMs, type ReliedAnswer, type RelyOn } from '../app/access/relied-answers.ts';
import type { AuthorizeApp, AuthorizeAppRequest } from '../app/access/types.ts';
import type { Deny } from '../domain/access/decision.ts';
import type { DecisionId } from '../domain/site/ids.ts';
import type { Website } from '../domain/site/website.ts';
import type { Person } from '../domain/people/person.ts';
import type { PeopleStore } from '../ports/people-store.ts';
import { denyOf } from '../oidc/decisions/denial.ts';
import type { SiteSession, SiteSignIn } from '../oidc/sign-in/site-sign-in.ts';

/** A denial is kept so long, so that the requests of one page are one decision. */
export const SITE_DENIAL_MS = 5_000;
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
  readonly relyOn: RelyOn<SiteAnswer>;
  readonly people: Pick<PeopleStore, 'find'>;
}

/** The decision about one request at a website. Every request looks the session up; the policy is asked when its last answer is no longer good. */
export function createCheckSite({ authorizeApp, people, relyOn, signIn }: Deps): CheckSite {
  const ask = async (website: Website, question: AuthorizeAppRequest): Promise<ReliedAnswer<SiteAnswer>> => {
    const decision = await authorizeApp(question);
    const deny = denyOf(decision);
    if (deny !== null) return { answer: { kind: 'denied', deny }, goodForMs: SITE_DENIAL_MS };
    const person = await people.find(question.personId);
    if (person === null) return { answer: { kind: 'sign_in' }, goodForMs: 0 };
    const identityToken = await signIn.signIdentity({
      person,
      audience: website.origin,
      decisionId: decision.id,
      ttlS: RELY_MS_MAX / 1_000 + IDENTITY_TTL_S,
    });
    return {
      answer: { kind: 'permit', visitor: { person, identityToken, decisionId: decision.id } },
      goodForMs: relianceMs(decision),
    };
  };

  return async ({ ip, session, website }) => {
    if (session === null || session.clientId !== website.clientId) return { kind: 'sign_in' };
    const authentication = await signIn.find(session);
    if (authentication === null) return { kind: 'sign_in' };
    const question: AuthorizeAppRequest = {
      // Somebody is there, but the proxy can show them no more than yes or no.
      action: 'token.refresh',
      personId: session.personId,
      clientId: website.clientId,
      network: { source: 'request', ip },
      authentication,
      sessionUid: session.sessionUid,
      correlation: session.grantId,
    };
    return relyOn(question, () => ask(website, question));
  };
}
