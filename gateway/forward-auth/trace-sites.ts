import type { SignInWatch } from '../app/apps/sign-in-watch.ts';
import type { Website } from '../domain/site/website.ts';
import type { SiteAnswer } from './check-site.ts';

/** Answers of the same kind that come this soon after one another are told once: a page is many requests. */
export const SITE_TRACE_MS = 2_000;
/** Longest address of a proxy's that is kept to be shown. */
const PRESENTED_CHARS_MAX = 300;

/** Lets the watch know what proxies ask, for whoever puts a website behind one. */
export interface SiteTrace {
  answered(website: Website, answer: SiteAnswer): void;
  /** The proxy asks about the sign-in of these websites in place of passing it on. */
  roundsNotPassed(websites: readonly Website[]): void;
  unknownWebsite(origin: string): void;
  untrustedProxy(address: string): void;
}

export function createSiteTrace(watch: SignInWatch, nowMs: () => number): SiteTrace {
  const lastOf = new Map<string, { readonly said: string; readonly atMs: number }>();
  /** One entry a website, whose number is bounded. */
  const isNew = (clientId: string, said: string): boolean => {
    const last = lastOf.get(clientId);
    if (last?.said === said && nowMs() - last.atMs < SITE_TRACE_MS) return false;
    lastOf.set(clientId, { said, atMs: nowMs() });
    return true;
  };
  return {
    answered: ({ clientId }, answer) => {
      if (answer.kind === 'permit') {
        const personId = answer.visitor.person.id;
        if (isNew(clientId, `permit ${personId}`)) watch.note(clientId, { kind: 'tokens_given', personId });
      } else if (answer.kind === 'denied') {
        const { id: decisionId, reasons } = answer.deny;
        const problem = { code: 'denied', reasons, decisionId, personId: null } as const;
        if (isNew(clientId, `denied ${decisionId}`)) watch.note(clientId, { kind: 'problem', problem });
      } else if (isNew(clientId, 'sign_in')) watch.note(clientId, { kind: 'asked' });
    },
    roundsNotPassed: (websites) => {
      for (const { clientId } of websites) {
        if (isNew(clientId, 'rounds')) watch.note(clientId, { kind: 'problem', problem: { code: 'rounds_not_passed' } });
      }
    },
    unknownWebsite: (origin) =>
      watch.noteStranger({ kind: 'problem', problem: { code: 'unknown_website', presented: origin.slice(0, PRESENTED_CHARS_MAX) } }),
    untrustedProxy: (address) =>
      watch.noteStranger({ kind: 'problem', problem: { code: 'untrusted_proxy', presented: address.slice(0, PRESENTED_CHARS_MAX) } }),
  };
}
