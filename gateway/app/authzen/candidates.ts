import type { ActionName } from '../../domain/access/action-name.ts';
import type { PersonId } from '../../domain/site/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Holdings, HoldingsStore } from '../../ports/holdings-store.ts';
import { PEOPLE_PAGE_MAX, type PeopleStore } from '../../ports/people-store.ts';
import type { Random } from '../../ports/random.ts';
import { bestBadge, findHolder, type FindHolderDeps, type Holder } from './holder.ts';
import { createHypothesis } from './hypothesis.ts';
import { actionOf, actionsOn, askableTypeOf, resourceFacts, resourceIds, subjectKindOf } from './names.ts';
import { createQuestionInput, type QuestionInput, type QuestionInputDeps } from './question-input.ts';
import type { AskAbout, SearchPolicy } from './search-policy.ts';
import { readStated, type Stated } from './stated-facts.ts';
import type { AskableType, AuthzenClient, Candidate, Candidates, Refused, Search } from './types.ts';

export interface CandidatesDeps extends FindHolderDeps, QuestionInputDeps {
  readonly people: PeopleStore;
  readonly holdings: HoldingsStore;
  readonly searchPolicy: SearchPolicy;
  readonly clock: Clock;
  readonly random: Random;
}

/** People that are read at once: a page is read without a pause, and must not hold up a login. */
const PEOPLE_AT_ONCE = Math.min(100, PEOPLE_PAGE_MAX);

const FORBIDDEN: Refused = { kind: 'refused', status: 403, message: 'this client may not ask about this action and resource' };

interface Scene {
  readonly client: AuthzenClient;
  readonly stated: Stated;
  readonly epoch: number;
  readonly afterKey: string | null;
}

/** People, doors, apps and realms as answers to a search. Whoever is looked for is taken to present what they hold, now. */
export function createCandidates(deps: CandidatesDeps): Candidates {
  return {
    open: async (client, search, afterKey) => {
      const stated = readStated(search);
      if (stated.kind === 'refused') return stated;
      const scene: Scene = { client, stated, afterKey, epoch: await deps.people.epoch() };
      switch (search.target) {
        case 'subject':
          return openSubjects(deps, scene, search);
        case 'resource':
          return openResources(deps, scene, search);
        case 'action':
          return openActions(deps, scene, search);
      }
    },
  };
}

type Opened = AsyncIterable<readonly Candidate[]> | Refused | null;
type SearchOf<Target extends Search['target']> = Extract<Search, { readonly target: Target }>;

/** The question about one resource, for anybody. */
function prepareQuestion(deps: CandidatesDeps, scene: Scene, asked: { action: ActionName; type: AskableType; resourceId: string }) {
  const { client, stated, epoch } = scene;
  const nowMs = deps.clock.nowMs();
  return createQuestionInput(deps, {
    action: asked.action,
    resource: resourceFacts(deps.sites, asked.type, asked.resourceId),
    network: stated.network,
    pep: { id: `authzen:${client.id}`, secure: client.hasSecureReaders },
    epoch,
    nowMs,
    requestId: deps.random.id('req'),
    correlation: '',
    isHypothetical: true,
  });
}

type AskedAbout = Parameters<typeof prepareQuestion>[2];

/** For one person and several resources. */
function questionAbout(deps: CandidatesDeps, scene: Scene, asked: AskedAbout) {
  const prepared = prepareQuestion(deps, scene, asked);
  return putQuestion(deps, scene, prepared, deps.searchPolicy.askDeciding(prepared.common));
}

function putQuestion({ searchPolicy }: CandidatesDeps, { client }: Scene, prepared: QuestionInput, ask: AskAbout) {
  const test = createHypothesis({ ask, policyRevision: searchPolicy.revision, understands: client.fulfils }, prepared.common);
  return (holder: Holder) => test(prepared.of(holder));
}

async function openSubjects(deps: CandidatesDeps, scene: Scene, { subject, action, resource }: SearchOf<'subject'>): Promise<Opened> {
  const [name, type] = [actionOf(action.name), askableTypeOf(resource.type)];
  // Who holds a badge is found by person: badge numbers are nothing to be listed.
  if (name === null || type === null || subjectKindOf(subject.type) !== 'person') return null;
  if (!scene.client.mayAsk(name, type, resource.id)) return FORBIDDEN;
  if (!resourceFacts(deps.sites, type, resource.id).properties.known) return null;
  const prepared = prepareQuestion(deps, scene, { action: name, type, resourceId: resource.id });
  const ask = putQuestion(deps, scene, prepared, await deps.searchPolicy.askSearching(prepared.common));
  const nowMs = deps.clock.nowMs();
  return readPeople(deps, scene.afterKey, (held) => ({
    key: held.person.id,
    result: { type: subject.type, id: held.person.id },
    test: () => ask(toHolder(held, nowMs)),
  }));
}

async function* readPeople(
  deps: CandidatesDeps,
  afterKey: string | null,
  toCandidate: (held: Holdings) => Candidate,
): AsyncGenerator<readonly Candidate[]> {
  // A key is an id that an earlier page ended with.
  let after = afterKey as PersonId | null;
  for (;;) {
    const page = await deps.holdings.page({ after, limit: PEOPLE_AT_ONCE });
    if (page.length > 0) yield page.map(toCandidate);
    if (page.length < PEOPLE_AT_ONCE) return;
    after = page.at(-1)?.person.id ?? null;
  }
}

const toHolder = ({ person, badges, hasPin, hasPasskey, presence }: Holdings, nowMs: number): Holder => ({
  person,
  badge: bestBadge(badges, nowMs),
  hasPin,
  hasPasskey,
  presence,
  signIn: null,
});

async function openResources(deps: CandidatesDeps, scene: Scene, { subject, action, resource }: SearchOf<'resource'>): Promise<Opened> {
  const [name, type] = [actionOf(action.name), askableTypeOf(resource.type)];
  if (name === null || type === null) return null;
  const { client, afterKey } = scene;
  const ids = resourceIds(deps.sites, type).filter((id) => client.mayAsk(name, type, id));
  if (ids.length === 0 && !client.mayAsk(name, type, null)) return FORBIDDEN;
  const { holder } = await findHolder(deps, subject, { at: name === 'door.unlock' ? 'door' : 'system', nowMs: deps.clock.nowMs() });
  if (holder.person === null) return null;
  const left = ids.filter((id) => afterKey === null || id > afterKey);
  return oneBatch(
    left.map((id) => ({
      key: id,
      result: { type: resource.type, id },
      test: () => questionAbout(deps, scene, { action: name, type, resourceId: id })(holder),
    })),
  );
}

async function openActions(deps: CandidatesDeps, scene: Scene, { subject, resource }: SearchOf<'action'>): Promise<Opened> {
  const type = askableTypeOf(resource.type);
  if (type === null) return null;
  const { client, afterKey } = scene;
  const actions = actionsOn(type).filter((action) => client.mayAsk(action, type, resource.id));
  if (actions.length === 0) return FORBIDDEN;
  if (!resourceFacts(deps.sites, type, resource.id).properties.known) return null;
  const { holder } = await findHolder(deps, subject, { at: type === 'door' ? 'door' : 'system', nowMs: deps.clock.nowMs() });
  if (holder.person === null) return null;
  const left = actions.toSorted().filter((name) => afterKey === null || name > afterKey);
  return oneBatch(
    left.map((name) => ({
      key: name,
      result: { name },
      test: () => questionAbout(deps, scene, { action: name, type, resourceId: resource.id })(holder),
    })),
  );
}

async function* oneBatch(candidates: readonly Candidate[]): AsyncGenerator<readonly Candidate[]> {
  yield candidates;
}
