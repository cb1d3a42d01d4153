import type { PolicyData } from '../../domain/access/policy-data.ts';
import { actionFor, compareDocuments, type DataLine } from '../../domain/policy/data/compare.ts';
import { dataRevisionOf } from '../../domain/policy/data-parts.ts';
import { EMPTY_DOCUMENT, type PolicyDocument } from '../../domain/policy/data/items.ts';
import { toPolicyData, type FileData } from '../../domain/policy/data/to-policy-data.ts';
import type { SiteMap } from '../../domain/site/site-map.ts';
import type { AuditLog } from '../../ports/audit-log.ts';
import type { Clock } from '../../ports/clock.ts';
import type { PeopleStore } from '../../ports/people-store.ts';
import { VERSION_CHANGES_MAX, type DataVersion } from '../../domain/policy/data/version.ts';
import type { CurrentData, PolicyDataStore } from '../../ports/policy-data-store.ts';
import { HOST_OPERATOR_ID } from '../access/authorize-operator.ts';
import type { AuthorizeOperator, Operator } from '../access/types.ts';
import { createTurns } from '../directory/turns.ts';
import { findReferenceProblems } from './check-references.ts';
import type { ChangeSet, DataPlan, DataResult, ItemChange, PolicyDataDesk } from './types.ts';

export interface PolicyDataDeskDeps {
  readonly store: PolicyDataStore;
  readonly file: FileData;
  readonly sites: SiteMap;
  readonly people: Pick<PeopleStore, 'find'>;
  readonly authorizeOperator: AuthorizeOperator;
  readonly audit: Pick<AuditLog, 'append'>;
  readonly clock: Clock;
  /** Lets every thread that decides read the data anew, and waits for each. @throws store.unavailable */
  readonly apply: () => Promise<void>;
}

type Changed = DataResult<{ readonly version: DataVersion; readonly dataRevision: string }>;

interface Command {
  readonly operator: Operator;
  readonly reason: string;
  readonly origin: 'edited' | 'reverted';
}

/** One change at a time; the store refuses what another process was faster with. */
export function createPolicyDataDesk(deps: PolicyDataDeskDeps): PolicyDataDesk {
  const { store } = deps;
  const oneAtATime = createTurns();
  const current = async (): Promise<CurrentData> => {
    const now = await store.current();
    if (now.isRecorded) return now;
    await absorbImport(deps);
    return store.current();
  };
  const planned = async ({ baseVersion, changes }: ChangeSet): Promise<DataResult<{ readonly plan: DataPlan }>> => {
    const now = await current();
    if (now.version !== baseVersion) return { ok: false, code: 'data.changed_meanwhile' };
    const document = withoutEnded(withChanges(now.document, changes), deps.clock.nowMs());
    const problems = await findReferenceProblems(referenceDeps(deps), changes, document);
    return problems.length > 0 ? { ok: false, code: 'data.invalid', problems } : { ok: true, plan: planOf(deps, now, document) };
  };
  return {
    current,
    seen: async () => toPolicyData((await current()).document, deps.file, deps.sites),
    plan: planned,
    change: ({ operator, reason, ...changes }) =>
      oneAtATime(async () => {
        const result = await planned(changes);
        return result.ok ? bringIntoForce(deps, result.plan, { operator, reason, origin: 'edited' }) : result;
      }),
    revert: ({ baseVersion, toVersion, operator, reason }) =>
      oneAtATime(async () => {
        const [now, then] = [await current(), await store.at(toVersion)];
        if (then === null) return { ok: false, code: 'data.version_unknown' };
        if (now.version !== baseVersion) return { ok: false, code: 'data.changed_meanwhile' };
        const plan = planOf(deps, now, withoutEnded(then, deps.clock.nowMs()));
        return bringIntoForce(deps, plan, { operator, reason, origin: 'reverted' });
      }),
    versions: (page) => store.versions(page),
    diff: async (from, to) => {
      const [before, after] = await Promise.all([store.at(from), store.at(to)]);
      return before === null || after === null ? null : compareDocuments(before, after);
    },
    absorbImport: () => absorbImport(deps),
  };
}

function referenceDeps({ sites, file, people, clock }: PolicyDataDeskDeps) {
  return {
    installation: sites.installation,
    fileSchedules: new Set(Object.keys(file.schedules)),
    isPerson: async (id: Parameters<PeopleStore['find']>[0]) => (await people.find(id)) !== null,
    nowMs: clock.nowMs(),
  };
}

/** Part by part: a hundred thousand grants are gone through once, however many of them change. */
function withChanges(document: PolicyDocument, changes: readonly ItemChange[]): PolicyDocument {
  const parts = [...Map.groupBy(changes, ({ part }) => part)].map(([part, ofPart]) => {
    const items = new Map<string, unknown>(Object.entries(document[part]));
    for (const { id, value } of ofPart) {
      if (value === null) items.delete(id);
      else items.set(id, value);
    }
    return [part, Object.fromEntries(items)] as const;
  });
  return { ...document, ...Object.fromEntries(parts) };
}

/** Exceptions that are over decide nothing any more. */
function withoutEnded(document: PolicyDocument, nowMs: number): PolicyDocument {
  const exceptions = Object.entries(document.exceptions).filter(([, { untilMs }]) => untilMs > nowMs);
  return { ...document, exceptions: Object.fromEntries(exceptions) };
}

function planOf({ file, sites }: PolicyDataDeskDeps, now: CurrentData, document: PolicyDocument): DataPlan {
  const lines = compareDocuments(now.document, document);
  const data = (of: PolicyDocument): PolicyData => toPolicyData(of, file, sites);
  return { now, document, lines, action: actionFor(lines), before: data(now.document), after: data(document) };
}

/** The decision is recorded before; the version names it. */
async function bringIntoForce(deps: PolicyDataDeskDeps, plan: DataPlan, { operator, reason, origin }: Command): Promise<Changed> {
  const { action, lines, now, document, after } = plan;
  if (lines.length === 0) return { ok: false, code: 'data.nothing_to_do' };
  const target = { type: 'policy', id: 'data' } as const;
  const decision = await deps.authorizeOperator({ action, operator, target, reason, firstOperatorId: null });
  if (decision.effect === 'deny') return { ok: false, code: 'request.forbidden', deny: decision };
  const version = entryOf(deps, now, { lines, origin, operatorId: operator.id, reason, decisionId: decision.id });
  if (!(await deps.store.commit({ from: now, document, entry: version }))) return { ok: false, code: 'data.changed_meanwhile' };
  const dataRevision = dataRevisionOf(after);
  await record(deps, version, dataRevision);
  await deps.apply();
  return { ok: true, version, dataRevision };
}

function entryOf(
  { clock }: PolicyDataDeskDeps,
  { version }: CurrentData,
  about: Pick<DataVersion, 'origin' | 'operatorId' | 'reason' | 'decisionId'> & { readonly lines: readonly DataLine[] },
): DataVersion {
  const { lines, ...entry } = about;
  return {
    ...entry,
    version: version + 1,
    atMs: clock.nowMs(),
    changes: lines.slice(0, VERSION_CHANGES_MAX).map(({ part, id, kind }) => ({ part, id, kind })),
    changeCount: lines.length,
    opens: lines.some(({ opens }) => opens),
  };
}

const EVENTS = { edited: 'data_changed', reverted: 'data_reverted', imported: 'data_imported' } as const;
const DETAIL_MAX = 500;

async function record({ audit, clock }: PolicyDataDeskDeps, version: DataVersion, dataRevision: string): Promise<void> {
  const named = version.changes.map(({ part, id, kind }) => `${kind} ${part}/${id}`).join(', ');
  const detail = `version ${version.version}, ${version.changeCount} changes${version.opens ? ', opens' : ''}: ${named}`;
  await audit.append({
    type: 'policy_revision',
    occurredAtMs: clock.nowMs(),
    event: EVENTS[version.origin],
    revisionId: 'data',
    revision: dataRevision,
    operatorId: version.operatorId,
    reason: version.reason,
    detail: detail.slice(0, DETAIL_MAX),
    decisionId: version.decisionId,
  });
}

async function absorbImport(deps: PolicyDataDeskDeps): Promise<boolean> {
  const now = await deps.store.current();
  if (now.isRecorded) return false;
  const before = (await deps.store.at(now.version)) ?? EMPTY_DOCUMENT;
  const lines = compareDocuments(before, now.document);
  if (lines.length === 0 && now.version > 0) return false;
  const about = { lines, origin: 'imported', operatorId: HOST_OPERATOR_ID, reason: '', decisionId: null } as const;
  const version = entryOf(deps, now, about);
  if (!(await deps.store.commit({ from: now, document: now.document, entry: version }))) return false;
  await record(deps, version, dataRevisionOf(toPolicyData(now.document, deps.file, deps.sites)));
  return true;
}
