import type { ActionName } from '../../domain/access/action-name.ts';
import type { DecisionContext, DecisionInput, ResourceFacts, SubjectFacts } from '../../domain/access/decision-input.ts';
import { noPinAttempts, pinAttemptsLeft } from '../../domain/people/pin.ts';
import type { ReaderId } from '../../domain/site/ids.ts';
import type { SiteMap } from '../../domain/site/site-map.ts';
import type { AssembleInput } from '../access/assemble-input.ts';
import { authenticationFacts, badgeFacts, credentialFacts, networkFacts, NO_PIN, personFacts, presenceFacts } from '../access/facts.ts';
import type { NetworkPosture } from '../access/network-posture.ts';
import type { Authentication, NetworkEvidence } from '../access/types.ts';
import type { Holder } from './holder.ts';

export interface QuestionInputDeps {
  readonly sites: SiteMap;
  readonly assemble: AssembleInput;
  readonly network: NetworkPosture;
}

/** What a question fixes, whoever it is about. */
export interface Asked {
  readonly action: ActionName;
  readonly resource: ResourceFacts;
  readonly network: NetworkEvidence;
  readonly pep: { readonly id: string; readonly secure: boolean };
  readonly epoch: number;
  readonly nowMs: number;
  readonly requestId: string;
  readonly correlation: string;
  /** For a search: the person is taken to present what they hold, now. Nobody has, so that the answer is no permit. */
  readonly isHypothetical: boolean;
}

/** What differs from person to person. */
export interface PersonParts {
  readonly subject: SubjectFacts;
  readonly credential: DecisionContext['credential'];
  readonly authentication: DecisionContext['authentication'];
  readonly presence: DecisionContext['presence'];
}

export interface QuestionInput {
  /** A complete input, about nobody. */
  readonly common: DecisionInput;
  of(holder: Holder): PersonParts;
}

/** The input of one question, whoever it is about. */
export function createQuestionInput(deps: QuestionInputDeps, asked: Asked): QuestionInput {
  const { action, resource, nowMs, requestId, correlation, epoch } = asked;
  const common = deps.assemble({
    action,
    resource,
    subject: personFacts(null),
    channel: 'authzen',
    pep: { id: asked.pep.id, secure: asked.pep.secure },
    network: networkFacts(deps.network, asked.network, nowMs),
    epoch,
    nowMs,
    requestId,
    correlation,
  });
  return {
    common,
    of: (holder) => ({
      subject: personFacts(holder.person),
      credential: credentialOf(holder, asked),
      authentication: authenticationFacts(authenticationOf(holder, asked), nowMs),
      presence: presenceFacts(holder.presence, deps.sites, nowMs),
    }),
  };
}

/** The input about one person. */
export function completeInput(common: DecisionInput, { subject, ...facts }: PersonParts): DecisionInput {
  return { ...common, subject, context: { ...common.context, ...facts } };
}

/** Wrong PINs are counted at a reader, and none is named here: as many are left as at one where none was wrong. */
const ANY_READER = '' as ReaderId;

function credentialOf(holder: Holder, { action, nowMs, isHypothetical }: Asked): DecisionContext['credential'] {
  if (action === 'door.unlock') {
    const { badge, person, hasPin } = holder;
    const pin =
      person !== null && hasPin
        ? { ...NO_PIN, enrolled: true, attempts_left: pinAttemptsLeft(noPinAttempts(person.id, ANY_READER), nowMs) }
        : NO_PIN;
    return badgeFacts(badge, { readAtMs: nowMs, nowMs, pin });
  }
  const kind = action === 'token.refresh' ? 'session' : 'passkey';
  const isHeld = holder.signIn !== null || (holder.hasPasskey && (kind === 'passkey' || isHypothetical));
  return isHeld ? credentialFacts(kind, 'active') : { ...credentialFacts(kind, 'unknown'), known: false };
}

function authenticationOf({ signIn, hasPasskey }: Holder, { action, isHypothetical, nowMs }: Asked): Authentication | null {
  if (action === 'door.unlock') return null;
  if (!isHypothetical) return signIn;
  return hasPasskey ? { amr: ['hwk', 'user'], acr: 'urn:gatehouse:acr:passkey', userVerified: true, authenticatedAtMs: nowMs } : null;
}
