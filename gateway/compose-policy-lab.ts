import { parentPort, workerData } from 'node:worker_threads';
import type { LabJob, LabMessage } from '#adapters/replay/lab-messages.ts';
import { createPlanTrial } from '#adapters/rego/plan/plan-trial.ts';
import { createPolicyEngines } from '#adapters/rego/policy-engines.ts';
import { createSqlPolicyStore } from '#adapters/sql/policy-store.ts';
import type { RecordsTables } from '#adapters/sql/tables.ts';
import { createAuditReader } from '#adapters/sqlite/audit/audit-reader.ts';
import { openDecisionHistory } from '#adapters/sqlite/audit/decision-history.ts';
import { openSqliteRecords } from '#adapters/sqlite/open-records.ts';
import { createExplainDecision } from './app/policy/explain/explain-decision.ts';
import { changedRows, sourceLines } from './app/policy/replay/flip-cause.ts';
import { Replay, type Baseline } from './app/policy/replay/replay-decisions.ts';
import { canonicalJson } from './domain/canonical-json.ts';
import type { Explanation } from './domain/policy/explanation.ts';
import { verifyBundle, type CompiledBundle } from './domain/policy/signed-bundle.ts';
import type { ReplayOutcome, ReplayRequest, TrialOutcome, TrialRun } from './ports/policy-lab.ts';
import type { TracingEngine } from './ports/policy-engines.ts';
import type { PolicyStore } from './ports/policy-store.ts';

/** The thread in which drafts run: it is started for one job and ends with it. */
if (parentPort === null) throw new TypeError('compose-policy-lab.ts runs as a thread of the gateway');
const parent = parentPort;
const send = (message: LabMessage): void => parent.postMessage(message);
// The gateway's own main thread wrote it.
const job = workerData as LabJob;
switch (job.kind) {
  case 'trial':
    send({ kind: 'trial', outcome: await trial(job) });
    break;
  case 'replay':
    send({ kind: 'replay', outcome: await replay(job) });
    break;
  case 'explain':
    send({ kind: 'explained', explanation: await explain(job) });
}

async function explain({ decisionId, files }: Extract<LabJob, { kind: 'explain' }>): Promise<Explanation | null> {
  const db = await openSqliteRecords<RecordsTables>({ file: files.records });
  const log = createAuditReader(files.audit);
  try {
    const store = createSqlPolicyStore(db);
    // With its plan, if there is to be one: the main thread has seen to that.
    const ensurePlan = (revision: string): Promise<CompiledBundle | null> => verified(store, revision);
    return await createExplainDecision({ store, ensurePlan, engines: createPolicyEngines(), log })(decisionId);
  } finally {
    log.close();
    await db.destroy();
  }
}

async function trial({ bundle, data, inputs, marker, stepsMax }: Extract<LabJob, { kind: 'trial' }>): Promise<TrialOutcome> {
  const place = new Int32Array(marker);
  const plan = createPlanTrial({ plan: bundle.plan, entrypoint: bundle.manifest.entrypoint, data, stepsMax, marker: place });
  send({ kind: 'places', places: plan.places });
  const authority = await createPolicyEngines().load(bundle);
  authority.setData(data);
  const runs: TrialRun[] = [];
  for (const [index, { name, input }] of inputs.entries()) {
    place[1] = index;
    try {
      const { answer, steps } = plan.run(input);
      const inputJson = new TextEncoder().encode(JSON.stringify(input));
      const startedMs = performance.now();
      const decided = authority.evaluate(inputJson);
      const tookMs = performance.now() - startedMs;
      runs.push({ name, answer: answer ?? null, steps, tookMs, agrees: canonicalJson(answer ?? null) === canonicalJson(decided ?? null) });
    } catch (failure) {
      return failed(failure, name, plan.places[(place[0] ?? 0) - 1] ?? null);
    }
  }
  return { ok: true, runs };
}

function failed(failure: unknown, name: string, place: Extract<TrialOutcome, { ok: false }>['place']): TrialOutcome {
  const cause = failure instanceof Error && failure.cause instanceof Error ? failure.cause : failure;
  const message = cause instanceof Error ? cause.message : 'the evaluation failed';
  const isSteps = message.includes('too many steps');
  const isConflict = /two values|conflict/.test(message);
  return { ok: false, fault: isSteps ? 'steps' : isConflict ? 'conflict' : 'failed', name, place, message: message.slice(0, 500) };
}

async function replay({ request, files, stepsMax }: Extract<LabJob, { kind: 'replay' }>): Promise<ReplayOutcome> {
  const db = await openSqliteRecords<RecordsTables>({ file: files.records });
  const history = openDecisionHistory(files.audit);
  try {
    const store = createSqlPolicyStore(db);
    const engines = createPolicyEngines();
    const revision = await store.find(request.revisionId);
    const bundle = revision?.revision === null || revision === null ? null : await verified(store, revision.revision);
    const content = await store.content(request.revisionId);
    if (bundle === null || content === null) return { ok: false, fault: 'failed', message: 'the revision has not been compiled' };
    const draftLines = sourceLines(content.files);
    const before = await compared(request, { store, engine: () => engines.trace(bundle, { stepsMax }) });
    const run = new Replay({
      ...(before === null ? {} : { before }),
      draft: engines.trace(bundle, { stepsMax }),
      draftLines,
      authority: await engines.load(bundle),
      baseline: createBaselines(store, draftLines),
      data: (dataRevision) => store.data(dataRevision),
      monotonicMs: () => performance.now(),
      cpuMs: threadCpuMs,
    });
    const { window, data, todayDataRevision } = request;
    for await (const { decisions, share01 } of history.read(window)) {
      for (const record of decisions) await run.add(record, data === 'today' ? todayDataRevision : record.dataRevision);
      send({ kind: 'progress', progress: { decisions: run.counts.decisions, flips: run.counts.flips, share01 } });
    }
    return { ok: true, report: run.report(window, data) };
  } finally {
    history.close();
    await db.destroy();
  }
}

/** The same policy with other data; null where decisions are compared with what was recorded. */
async function compared(
  { beforeDataRevision }: ReplayRequest,
  { store, engine }: { readonly store: PolicyStore; readonly engine: () => TracingEngine },
): Promise<TracingEngine | null> {
  const data = beforeDataRevision === undefined ? null : await store.data(beforeDataRevision);
  if (data === null) return null;
  const before = engine();
  before.setData(data);
  return before;
}

function threadCpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

async function verified(store: PolicyStore, revision: string): Promise<CompiledBundle | null> {
  const bundle = await store.bundle(revision);
  return bundle !== null && verifyBundle(bundle, revision).ok ? bundle : null;
}

/** What decided then, loaded once each; a window has few. */
function createBaselines(store: PolicyStore, draftLines: Baseline['lines']): (revision: string) => Promise<Baseline | null> {
  const engines = createPolicyEngines();
  const known = new Map<string, Promise<Baseline | null>>();
  const load = async (revision: string): Promise<Baseline | null> => {
    const [bundle, kept] = await Promise.all([verified(store, revision), store.findByRevision(revision)]);
    const content = kept === null ? null : await store.content(kept.id);
    if (bundle === null || bundle.plan === null || content === null) return null;
    const lines = sourceLines(content.files);
    return {
      engine: engines.trace(bundle),
      lines,
      changed: changedRows(lines, draftLines),
      draftChanged: changedRows(draftLines, lines),
    };
  };
  return (revision) => {
    const loaded = known.get(revision) ?? load(revision);
    known.set(revision, loaded);
    return loaded;
  };
}
