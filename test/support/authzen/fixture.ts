import { createMemoryAuditLog } from '#adapters/memory/audit-log.ts';
import { createSystemRandom } from '#adapters/crypto/system-random.ts';
import { createSystemClock } from '#adapters/time/system-clock.ts';
import { createFindClient } from '#gateway/app/authzen/clients.ts';
import { createPageTokens } from '#gateway/app/authzen/page-token.ts';
import { createSearch } from '#gateway/app/authzen/search.ts';
import type { Candidate, Candidates, Entity, Question, Search, SearchResult } from '#gateway/app/authzen/types.ts';
import { createAuthzenFace } from '#gateway/http/authzen/authzen-face.ts';
import { createMetadata } from '#gateway/http/authzen/metadata.ts';
import { createLogger } from '#gateway/platform/logger.ts';
import { someAuthzenClient } from './client.ts';
import { closeServer, listenLater } from '../listen-later.ts';
import { bothEngines } from '../policy/two-engines.ts';

/*
 * The fixture of the AuthZEN certification scenario: two users, two records, three actions. It knows no doors, so that it stands behind
 * the same face, semantics and paging with a policy of its own, compiled when it starts.
 */
const POLICY = `package p

default allow := false

decision := {"allow": allow}

allow if {
	input.action.name == "read"
	input.subject.known
	input.resource.known
}

allow if {
	input.action.name == "write"
	input.subject.id == "alice"
	input.resource.status == "active"
}

allow if {
	input.action.name == "write"
	input.subject.role == "admin"
	input.resource.status == "archived"
}

allow if {
	input.action.name == "delete"
	input.action.soft == true
	input.subject.id == "alice"
	input.resource.known
}
`;

type Properties = Readonly<Record<string, unknown>>;
const USERS: Readonly<Record<string, Properties>> = { alice: {}, bob: { role: 'admin' } };
const RECORDS: Readonly<Record<string, Properties>> = { 'record-1': { status: 'active' }, 'record-2': { status: 'archived' } };
const ACTIONS = ['delete', 'read', 'write'] as const;

const isKnown = (type: string, id: string): boolean =>
  (type === 'user' && Object.hasOwn(USERS, id)) || (type === 'record' && Object.hasOwn(RECORDS, id));

/** What is stored of an entity, and over it what the request says: the scenario wants stated properties to count. */
function resolve({ type, id, properties = {} }: Entity): Properties {
  const stored = type === 'user' ? USERS[id] : RECORDS[id];
  return { ...stored, ...properties, id, known: isKnown(type, id) };
}

function toInput({ subject, action, resource }: Omit<Question, 'context'>) {
  return { subject: resolve(subject), resource: resolve(resource), action: { ...action.properties, name: action.name } };
}

/** Every question that the search stands for, by key. */
function questionsOf(
  search: Search,
): readonly { readonly key: string; readonly result: SearchResult; readonly question: Question }[] | null {
  const { context } = search;
  switch (search.target) {
    case 'subject': {
      const { subject, action, resource } = search;
      if (subject.type !== 'user' || !isKnown(resource.type, resource.id)) return null;
      return Object.keys(USERS).map((id) => ({
        key: id,
        result: { type: 'user', id },
        question: { subject: { ...subject, id }, action, resource, context },
      }));
    }
    case 'resource': {
      const { subject, action, resource } = search;
      if (resource.type !== 'record' || !isKnown(subject.type, subject.id)) return null;
      return Object.keys(RECORDS).map((id) => ({
        key: id,
        result: { type: 'record', id },
        question: { subject, action, resource: { ...resource, id }, context },
      }));
    }
    case 'action': {
      const { subject, resource } = search;
      if (!isKnown(subject.type, subject.id) || !isKnown(resource.type, resource.id)) return null;
      return ACTIONS.map((name) => ({ key: name, result: { name }, question: { subject, action: { name }, resource, context } }));
    }
  }
}

/** The face over the fixture, on a port of the system's choice. */
export async function startAuthzenFixture() {
  const engines = await bothEngines(POLICY);
  const allows = (question: Omit<Question, 'context'>): boolean => {
    const input = toInput(question);
    const [wasm, plan] = [engines.wasm(input), engines.plan(input)] as { allow: boolean }[];
    if (wasm?.allow !== plan?.allow) throw new Error('the engines disagree');
    return wasm?.allow === true;
  };
  const candidates: Candidates = {
    open: async (_client, search, afterKey) => {
      const questions = questionsOf(search);
      if (questions === null) return null;
      const left = questions.filter(({ key }) => afterKey === null || key > afterKey);
      return oneBatch(left.map(({ key, result, question }) => ({ key, result, test: () => (allows(question) ? [] : null) })));
    },
  };
  const clock = createSystemClock();
  const random = createSystemRandom();
  const audit = createMemoryAuditLog({ clock });
  const listener = await listenLater();
  const face = createAuthzenFace({
    metadata: async () => createMetadata(listener.origin),
    publicUrl: listener.origin,
    findClient: createFindClient([someAuthzenClient()]),
    evaluate: async (_client, question) => ({ kind: 'decided', decision: allows(question) }),
    search: createSearch({
      candidates,
      tokens: createPageTokens(random.bytes(32)),
      people: { epoch: () => Promise.resolve(0) },
      policy: { revision: 'fixture', dataRevision: 'fixture' },
      channel: 'authzen',
      audit,
      clock,
      random,
    }),
    log: createLogger({ level: 'error' }),
  });
  listener.serve((request, response) => face.handle(request, response));
  return { origin: listener.origin, close: () => closeServer(listener.server) };
}

async function* oneBatch(candidates: readonly Candidate[]): AsyncGenerator<readonly Candidate[]> {
  yield candidates;
}
