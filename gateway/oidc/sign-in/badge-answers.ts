import type { Authentication } from '../../app/access/types.ts';
import type { AuditRecord, DecisionRecord } from '../../domain/audit/record.ts';
import type { DecisionId, PersonId, ReaderId } from '../../domain/site/ids.ts';
import type { Logger } from '../../platform/logger.ts';
import type { AuditLog } from '../../ports/audit-log.ts';
import { BADGE_ACR } from '../decisions/acr.ts';
import type { BackChannelSignIns } from './back-channel-sign-in.ts';

/** How long before the badge the app may have asked: who badges later meant the door alone. */
export const BADGE_ANSWER_WINDOW_S = 120;
/** Permits at such readers whose doors have not moved yet; the oldest is forgotten. */
export const BADGES_IN_FLIGHT_MAX = 64;

interface Deps {
  readonly audit: Pick<AuditLog, 'subscribe'>;
  readonly backChannel: Pick<BackChannelSignIns, 'openToBadge' | 'answer'>;
  /** Readers at which a badge says yes to what an app asks. */
  readonly readers: ReadonlySet<ReaderId>;
  readonly log: Logger;
}

interface Badge {
  readonly decisionId: DecisionId;
  readonly personId: PersonId;
  readonly authentication: Authentication;
}

/** What the badge proved. A card alone is one factor; with its PIN, compared at the reader, it is two. */
function badgeOf({ decisionId, input, occurredAtMs, personId }: DecisionRecord): Badge | null {
  if (personId === null || input === null) return null;
  const hasPin = input.context.credential.pin.ok;
  return {
    decisionId: decisionId as DecisionId,
    personId: personId as PersonId,
    authentication: {
      amr: hasPin ? ['badge', 'pin', 'mfa'] : ['badge'],
      acr: BADGE_ACR,
      userVerified: hasPin,
      authenticatedAtMs: occurredAtMs,
    },
  };
}

/**
 * Back-channel sign-ins (CIBA) that a badge answers, for shared places where nobody has a browser of their own. The reader's door decided
 * first, and moved; the app is then a decision of its own. A badge is no consent to what its holder has not seen: it answers only one request,
 * of an app that takes badges, asked shortly before. Where two wait, none is answered.
 */
export class BadgeAnswers {
  readonly #deps: Deps;
  readonly #permitted = new Map<string, Badge>();

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Listens to the log; returns the end of it. */
  follow(): () => void {
    if (this.#deps.readers.size === 0) return () => undefined;
    return this.#deps.audit.subscribe(({ record }) => this.#onRecord(record));
  }

  #onRecord(record: AuditRecord): void {
    if (record.type === 'decision') return this.#onDecision(record);
    if (record.type !== 'outcome') return;
    const badge = this.#permitted.get(record.decisionId);
    this.#permitted.delete(record.decisionId);
    if (badge === undefined || record.outcome !== 'unlocked') return;
    this.#answer(badge).catch((failure: unknown) =>
      this.#deps.log.error('oidc.badge_answer_failed', { decisionId: badge.decisionId }, failure),
    );
  }

  #onDecision(record: DecisionRecord): void {
    const readerId = record.input?.context.pep.id;
    if (record.action !== 'door.unlock' || record.effect !== 'permit' || !this.#deps.readers.has(readerId as ReaderId)) return;
    const badge = badgeOf(record);
    if (badge === null) return;
    this.#permitted.set(record.decisionId, badge);
    const [oldest] = this.#permitted.keys();
    if (this.#permitted.size > BADGES_IN_FLIGHT_MAX && oldest !== undefined) this.#permitted.delete(oldest);
  }

  async #answer({ authentication, decisionId, personId }: Badge): Promise<void> {
    const { backChannel, log } = this.#deps;
    const badgedAtMs = authentication.authenticatedAtMs;
    const open = (await backChannel.openToBadge(personId)).filter(
      ({ askedAtMs }) => askedAtMs <= badgedAtMs && badgedAtMs - askedAtMs <= BADGE_ANSWER_WINDOW_S * 1_000,
    );
    const [request, another] = open;
    if (request === undefined) return;
    if (another !== undefined) return log.warn('oidc.badge_ambiguous', { decisionId, requests: open.length });
    await backChannel.answer({ personId, authentication, ip: null, requestId: request.id, answer: 'approve' });
  }
}
