import type { ActionName } from '../../domain/access/action-name.ts';
import { decisionInputSchema, type DecisionContext, type DecisionInput } from '../../domain/access/decision-input.ts';
import { noPinAttempts, pinAttemptsLeft } from '../../domain/people/pin.ts';
import type { PersonId, ReaderId } from '../../domain/site/ids.ts';
import type { SiteMap } from '../../domain/site/site-map.ts';
import { tryParse } from '../../domain/try-parse.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Holdings, HoldingsStore } from '../../ports/holdings-store.ts';
import type { PeopleStore } from '../../ports/people-store.ts';
import type { Random } from '../../ports/random.ts';
import type { AssembleInput } from '../access/assemble-input.ts';
import { authenticationFacts, badgeFacts, credentialFacts, networkFacts, NO_PIN, personFacts, presenceFacts } from '../access/facts.ts';
import type { NetworkPosture } from '../access/network-posture.ts';
import type { Authentication } from '../access/types.ts';
import { bestBadge } from '../authzen/holder.ts';
import { resourceFacts } from '../authzen/names.ts';
import type { AskableType } from '../authzen/types.ts';

/** Who asks about themselves, from where and how they are signed in: the facts of the answer. */
export interface OwnAsker {
  readonly personId: PersonId;
  readonly ip: string | null;
  readonly authentication: Authentication;
}

export interface OwnQuestionDeps {
  readonly sites: SiteMap;
  readonly people: Pick<PeopleStore, 'epoch'>;
  readonly holdings: Pick<HoldingsStore, 'find'>;
  readonly assemble: AssembleInput;
  readonly network: NetworkPosture;
  readonly clock: Clock;
  readonly random: Random;
}

export interface Question {
  readonly input: DecisionInput;
  readonly isValid: boolean;
}

const ACTIONS: Readonly<Record<AskableType, ActionName>> = { door: 'door.unlock', app: 'app.login', vpn_realm: 'vpn.connect' };
/** Wrong PINs are counted at a reader, and none is named here: as many are left as at one where none was wrong. */
const ANY_READER = '' as ReaderId;

/** The question that the person's next badge or login would put, by the facts of now. @throws store.unavailable */
export async function createOwnQuestions(deps: OwnQuestionDeps, asker: OwnAsker): Promise<(kind: AskableType, id: string) => Question> {
  const nowMs = deps.clock.nowMs();
  // The epoch is read first: facts read after it are at least as new.
  const epoch = await deps.people.epoch();
  const held = await deps.holdings.find(asker.personId);
  const requestId = deps.random.id('req');
  const common = {
    subject: personFacts(held?.person ?? null),
    // Neither a reader nor an app's request: whoever reads the question in a rule can tell that it is one.
    channel: 'portal',
    pep: { id: 'portal', secure: true },
    epoch,
    nowMs,
    requestId,
    correlation: '',
    presence: presenceFacts(held?.presence ?? null, deps.sites, nowMs),
  } as const;
  const present = {
    network: networkFacts(deps.network, { source: 'request', ip: asker.ip }, nowMs),
    authentication: authenticationFacts(asker.authentication, nowMs),
  };
  return (kind, id) => {
    const input = deps.assemble({
      ...common,
      // At a door nobody is signed in, and the browser is nowhere near it.
      ...(kind === 'door' ? {} : present),
      action: ACTIONS[kind],
      resource: resourceFacts(deps.sites, kind, id),
      credential: kind === 'door' ? bestBadgeFacts(held, nowMs) : credentialFacts('passkey', 'active'),
    });
    return { input, isValid: tryParse(decisionInputSchema, input).success };
  };
}

function bestBadgeFacts(held: Holdings | null, nowMs: number): DecisionContext['credential'] {
  const pin =
    held?.hasPin === true
      ? { ...NO_PIN, enrolled: true, attempts_left: pinAttemptsLeft(noPinAttempts(held.person.id, ANY_READER), nowMs) }
      : NO_PIN;
  return badgeFacts(bestBadge(held?.badges ?? [], nowMs), { readAtMs: nowMs, nowMs, pin });
}
