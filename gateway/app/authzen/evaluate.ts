import type { Decision } from '../../domain/access/decision.ts';
import type { ActionName } from '../../domain/access/action-name.ts';
import type { Clock } from '../../ports/clock.ts';
import type { PeopleStore } from '../../ports/people-store.ts';
import type { Random } from '../../ports/random.ts';
import { inCompany } from '../access/in-company.ts';
import type { Refuse } from '../access/refuse.ts';
import type { Decide } from '../access/types.ts';
import { toEvaluation } from './answer-context.ts';
import { findHolder, type FindHolderDeps } from './holder.ts';
import { actionOf, askableTypeOf, resourceFacts, subjectKindOf } from './names.ts';
import { completeInput, createQuestionInput, type QuestionInputDeps } from './question-input.ts';
import { readStated, type Stated } from './stated-facts.ts';
import type { AskableType, AuthzenClient, Evaluate, Question } from './types.ts';

export interface EvaluateDeps extends FindHolderDeps, QuestionInputDeps {
  readonly people: PeopleStore;
  readonly decide: Decide;
  readonly refuse: Refuse;
  readonly clock: Clock;
  readonly random: Random;
}

/** How often a decision is repeated because a revocation was committed while it was made. */
const EPOCH_RETRIES_MAX = 3;

interface Understood {
  readonly client: AuthzenClient;
  readonly question: Question;
  readonly action: ActionName;
  readonly type: AskableType;
  readonly stated: Stated;
  readonly correlation: string;
}

/**
 * One question of a remote enforcement point, through the same `decide` as doors and logins: the gateway resolves person, credential,
 * presence and sign-in itself. Names that are none of ours are a recorded deny, as AuthZEN wants, and not an error.
 */
export function createEvaluate(deps: EvaluateDeps): Evaluate {
  return async (client, question, correlation) => {
    const stated = readStated(question);
    if (stated.kind === 'refused') return stated;
    const action = actionOf(question.action.name);
    const type = askableTypeOf(question.resource.type);
    if (action === null || type === null) return toEvaluation(await refuseUnknown(deps, action, question));
    if (!client.mayAsk(action, type, question.resource.id)) {
      return { kind: 'refused', status: 403, message: 'this client may not ask about this action and resource' };
    }
    const isKnown = subjectKindOf(question.subject.type) !== null && resourceFacts(deps.sites, type, question.resource.id).properties.known;
    if (!isKnown) return toEvaluation(await refuseUnknown(deps, action, question));
    return toEvaluation(await decideUnderCurrentEpoch(deps, { client, question, action, type, stated, correlation }));
  };
}

/** Names of the caller's own: bounded for the record, and never longer than an id there may be. */
const toRecordedId = (id: string): string => (id === '' ? 'unknown' : id.slice(0, 128));

function refuseUnknown(deps: EvaluateDeps, action: ActionName | null, { subject, resource }: Question): Promise<Decision> {
  const type = askableTypeOf(resource.type);
  const isResource = type !== null && resourceFacts(deps.sites, type, resource.id).properties.known;
  const reason = subjectKindOf(subject.type) === null ? 'subject.unknown' : isResource ? 'policy.no_permit' : 'resource.unknown';
  return deps.refuse({
    action: action ?? 'unknown',
    channel: 'authzen',
    personId: null,
    resource: { type: type ?? 'unknown', id: toRecordedId(resource.id) },
    reason,
  });
}

/** A permit counts only if no revocation was committed since its facts were read. Never throws: unreadable facts are a deny. */
async function decideUnderCurrentEpoch(deps: EvaluateDeps, asked: Understood): Promise<Decision> {
  try {
    for (let attempt = 0; attempt < EPOCH_RETRIES_MAX; attempt += 1) {
      const decision = await decideOnce(deps, asked);
      if (decision.effect === 'deny' || (await deps.people.epoch()) === decision.epoch) return decision;
    }
    return await refuse(deps, asked, 'pdp.late');
  } catch {
    return refuse(deps, asked, 'store.unavailable'); // Nobody gets in because the store is down.
  }
}

function refuse(deps: EvaluateDeps, { action, type, question }: Understood, reason: 'pdp.late' | 'store.unavailable'): Promise<Decision> {
  return deps.refuse({ action, channel: 'authzen', personId: null, resource: { type, id: toRecordedId(question.resource.id) }, reason });
}

async function decideOnce(deps: EvaluateDeps, asked: Understood): Promise<Decision> {
  const { client, question, action, type, stated, correlation } = asked;
  await inCompany();
  const nowMs = deps.clock.nowMs();
  const { holder, epoch } = await findHolder(deps, question.subject, { at: action === 'door.unlock' ? 'door' : 'system', nowMs });
  const prepared = createQuestionInput(deps, {
    action,
    resource: resourceFacts(deps.sites, type, question.resource.id),
    network: stated.network,
    pep: { id: `authzen:${client.id}`, secure: client.hasSecureReaders },
    epoch,
    nowMs,
    requestId: deps.random.id('req'),
    correlation,
    isHypothetical: false,
  });
  return deps.decide({ input: completeInput(prepared.common, prepared.of(holder)), understands: client.fulfils, mode: 'online' });
}
