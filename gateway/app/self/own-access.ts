import { setImmediate as nextTurn } from 'node:timers/promises';
import { parseDecision, type Decision } from '../../domain/access/decision.ts';
import type { ObligationId } from '../../domain/access/obligation.ts';
import { GatewayError } from '../../domain/errors.ts';
import type { DecisionId, PersonId } from '../../domain/site/ids.ts';
import type { AuditLog } from '../../ports/audit-log.ts';
import type { PeopleStore } from '../../ports/people-store.ts';
import type { PolicyEngine } from '../../ports/policy-engine.ts';
import { ASKABLE_TYPES, resourceIds } from '../authzen/names.ts';
import type { AskableType } from '../authzen/types.ts';
import type { GrantedResources } from './granted-resources.ts';
import { createOwnQuestions, type OwnAsker, type OwnQuestionDeps, type Question } from './own-question.ts';
import { nameResource, toOwnReasons, type OwnReason } from './resource-names.ts';

/** Resources of one page. */
export const OWN_ACCESS_LIMIT_MAX = 100;
/** Questions of all people at once; one more is refused. Each takes the thread of the logins, in slices. */
export const OWN_SEARCHES_AT_ONCE_MAX = 4;
/** A question gives way to logins after this, microseconds. */
const SLICE_US_MAX = 3_000;

export type OwnCondition = 'step_up' | 'pin' | 'second_person' | 'face';

export interface OwnAccessItem {
  readonly kind: AskableType;
  readonly id: string;
  readonly name: string;
  readonly site: string | null;
  readonly state: 'open' | 'conditional' | 'closed';
  readonly conditions: readonly OwnCondition[];
  readonly reasons: readonly OwnReason[];
}

export interface OwnAccessQuery {
  /** Null = of every kind. */
  readonly kind: AskableType | null;
  /** Null = from the beginning. */
  readonly after: string | null;
  /** 1..OWN_ACCESS_LIMIT_MAX */
  readonly limit: number;
}

/** Both throw request.rate_limited, store.unavailable, audit.unavailable, policy.evaluation_failed. */
export interface OwnAccess {
  page(asker: OwnAsker, query: OwnAccessQuery): Promise<{ readonly items: readonly OwnAccessItem[]; readonly next: string | null }>;
  /** Null = there is no such resource, or the person may not know of it. */
  one(asker: OwnAsker, kind: AskableType, id: string): Promise<OwnAccessItem | null>;
}

export interface OwnAccessDeps extends OwnQuestionDeps {
  readonly people: PeopleStore;
  readonly policy: Pick<PolicyEngine, 'evaluate' | 'revision' | 'dataRevision'>;
  readonly granted: GrantedResources;
  /** Keys of what everybody may know of, granted or not. */
  readonly listed: ReadonlySet<string>;
  readonly audit: Pick<AuditLog, 'append'>;
}

interface Place {
  readonly kind: AskableType;
  readonly id: string;
}

const UNDERSTOOD: Readonly<Record<AskableType, readonly ObligationId[]>> = {
  door: ['extended_open_time', 'pin', 'second_person', 'face'],
  app: ['step_up'],
  vpn_realm: [],
};
const utf8 = new TextEncoder();
const keyOf = ({ kind, id }: Place): string => `${kind}:${id}`;

/**
 * What is open to the person now: each answer is the policy's own, about the person's real facts, recorded as one question and opening
 * nothing. The person is taken to present the badge that serves best at a door, and the passkey of this session elsewhere.
 */
export function createOwnAccess(deps: OwnAccessDeps): OwnAccess {
  let running = 0;
  const inTurn = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (running === OWN_SEARCHES_AT_ONCE_MAX)
      throw new GatewayError('request.rate_limited', 'Too many questions at this moment. Try again.');
    running += 1;
    try {
      return await work();
    } finally {
      running -= 1;
    }
  };
  return {
    page: (asker, query) => inTurn(() => askPage(deps, asker, query)),
    one: (asker, kind, id) =>
      inTurn(async () => {
        const [place] = (await visible(deps, asker.personId)).filter((known) => known.kind === kind && known.id === id);
        const [item] = place === undefined ? [] : await judgeAll(deps, asker, [place]);
        if (item !== undefined) await record(deps, asker, { resourceType: kind, resourceId: id, items: [item] });
        return item ?? null;
      }),
  };
}

async function askPage(deps: OwnAccessDeps, asker: OwnAsker, { kind, after, limit }: OwnAccessQuery): ReturnType<OwnAccess['page']> {
  const known = await visible(deps, asker.personId);
  const left = known.filter((place) => (kind === null || place.kind === kind) && (after === null || keyOf(place) > after));
  const items = await judgeAll(deps, asker, left.slice(0, limit));
  await record(deps, asker, { resourceType: kind, resourceId: null, items });
  const last = items.at(-1);
  return { items, next: left.length > limit && last !== undefined ? keyOf(last) : null };
}

/** What the person may know of, ordered by its key. */
async function visible({ sites, people, granted, listed }: OwnAccessDeps, personId: PersonId): Promise<readonly Place[]> {
  const person = await people.find(personId);
  if (person === null) return [];
  const held = await granted(person);
  const all = ASKABLE_TYPES.flatMap((kind) => resourceIds(sites, kind).map((id) => ({ kind, id })));
  return all
    .filter((place) => held.has(keyOf(place)) || listed.has(keyOf(place)))
    .sort((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1));
}

async function judgeAll(deps: OwnAccessDeps, asker: OwnAsker, places: readonly Place[]): Promise<readonly OwnAccessItem[]> {
  const questions = await createOwnQuestions(deps, asker);
  const items: OwnAccessItem[] = [];
  let sliceStartedUs = deps.clock.monotonicUs();
  for (const place of places) {
    const named = nameResource(deps.sites, place.kind, place.id);
    if (named !== null) items.push({ ...place, ...named, ...toState(deps, place, judge(deps, place, questions(place.kind, place.id))) });
    if (deps.clock.monotonicUs() - sliceStartedUs < SLICE_US_MAX) continue;
    await nextTurn();
    sliceStartedUs = deps.clock.monotonicUs();
  }
  return items;
}

/** Through the same gates as a decision. It is recorded nowhere and has no id that anything could be opened by. */
function judge({ policy }: OwnAccessDeps, { kind }: Place, { input, isValid }: Question): Decision {
  const stamp = { id: 'hypothesis' as DecisionId, policyRevision: policy.revision, epoch: input.context.epoch };
  if (!isValid) throw new GatewayError('policy.evaluation_failed', 'the question does not fit its schema');
  return parseDecision(policy.evaluate(utf8.encode(JSON.stringify(input))), stamp, UNDERSTOOD[kind]);
}

function toState({ sites }: OwnAccessDeps, place: Place, decision: Decision): Pick<OwnAccessItem, 'state' | 'conditions' | 'reasons'> {
  if (decision.effect === 'deny') return { state: 'closed', conditions: [], reasons: toOwnReasons(sites, place, decision.reasons) };
  // A longer time at the door asks nothing of the person.
  const conditions = decision.obligations.flatMap(({ id }): OwnCondition[] => (id === 'extended_open_time' ? [] : [id]));
  return { state: conditions.length === 0 ? 'open' : 'conditional', conditions, reasons: [] };
}

async function record(
  { audit, clock, random, policy, people }: OwnAccessDeps,
  { personId }: OwnAsker,
  asked: { readonly resourceType: string | null; readonly resourceId: string | null; readonly items: readonly OwnAccessItem[] },
): Promise<void> {
  await audit.append({
    type: 'access_search',
    occurredAtMs: clock.nowMs(),
    searchId: random.id('sea'),
    channel: 'portal',
    askedBy: personId,
    target: 'resource',
    action: null,
    personId,
    resourceType: asked.resourceType,
    resourceId: asked.resourceId,
    considered: asked.items.length,
    found: asked.items.filter(({ state }) => state !== 'closed').length,
    policyRevision: policy.revision,
    dataRevision: policy.dataRevision,
    epoch: await people.epoch(),
  });
}
