import { createPolicySigner } from '#adapters/crypto/policy-signer.ts';
import { createMemoryPolicyStore } from '#adapters/memory/policy-store.ts';
import { createMemorySecretStore } from '#adapters/memory/secret-store.ts';
import { buildPolicyData } from '#gateway/app/policy/build-policy-data.ts';
import { createCompileRevision } from '#gateway/app/policy/compile-revision.ts';
import { createEnsurePlan } from '#gateway/app/policy/ensure-plan.ts';
import { createPolicyLife } from '#gateway/app/policy/life/create-policy-life.ts';
import type { PolicyLifeDeps } from '#gateway/app/policy/life/life-deps.ts';
import { registerShipped } from '#gateway/app/policy/register-shipped.ts';
import { canonicalJson } from '#gateway/domain/canonical-json.ts';
import type { FlipGroups, ImpactReport } from '#gateway/domain/policy/impact-report.ts';
import type { RevisionContent } from '#gateway/domain/policy/revision.ts';
import type { PolicyLab } from '#gateway/ports/policy-lab.ts';
import type { PolicyPoint } from '#gateway/ports/policy-point.ts';
import type { RegoProblem, RegoSource, RegoToolchain } from '#gateway/ports/rego-toolchain.ts';

const unexpected = (): never => {
  throw new TypeError('the life of a policy asks for this nowhere');
};

/** A draft of this text is refused at its second row; tests of the other text fail. */
export const BROKEN = '# does not compile';
export const FAILING = '# does not pass';
/** A draft of this text answers what is no decision. */
export const UNUSABLE = '# answers with a word';

const faultsIn = ({ files }: Pick<RegoSource, 'files'>): readonly RegoProblem[] =>
  files
    .filter(({ text }) => text.includes(BROKEN))
    .map(({ path }) => ({ code: 'rego_parse_error', message: 'unexpected token', file: path, row: 2, col: 1 }));

/** A compiler whose modules are their own source. */
const toolchain: RegoToolchain = {
  check: unexpected,
  explain: unexpected,
  compile: async ({ files }) => {
    const problems = faultsIn({ files });
    if (problems.length > 0) return { ok: false, problems };
    return { ok: true, wasm: new TextEncoder().encode(canonicalJson(files.map(({ path, text }) => [path, text]))), plan: {} };
  },
  format: async (files) => {
    const problems = faultsIn({ files });
    return problems.length > 0
      ? { ok: false, problems }
      : { ok: true, files: files.map(({ path, text }) => ({ path, text: text.trim() })) };
  },
  test: async ({ files }) => {
    const tests = files
      .filter(({ path }) => path.endsWith('_test.rego'))
      .map(({ path, text }) => ({
        package: 'p',
        name: 'test_it',
        file: path,
        row: 3,
        pass: !text.includes(FAILING),
        skip: false,
        error: '',
      }));
    const coverage = files.map(({ path }) => ({ file: path, covered: [1], notCovered: [] }));
    return { ok: true, allPassed: tests.every(({ pass }) => pass), tests, coverage };
  },
};

const DENIED = { allow: false, permits: [], denies: ['policy.no_permit'], obligations: [], ttl_s: 0 };
const NO_GROUPS: FlipGroups = { total: 0, groups: [] };

function reportOf(revision: string, window: ImpactReport['window'], data: ImpactReport['data']): ImpactReport {
  return {
    revision,
    window,
    data,
    decisions: 10,
    replayed: 10,
    skipped: { no_input: 0, gateway_decided: 0, data_missing: 0 },
    flips: 0,
    kinds: { permit_to_deny: 0, deny_to_permit: 0, reasons_changed: 0, obligations_changed: 0 },
    reach: null,
    byPerson: NO_GROUPS,
    byDoor: NO_GROUPS,
    byApp: NO_GROUPS,
    byLine: NO_GROUPS,
    failures: { total: 0, first: null },
    engineCheck: { checked: 0, differences: 0, firstDecisionId: null },
    tookMs: 1,
    cpuMs: 1,
    decisionsPerS: 10_000,
  };
}

/** Replays wait from `hold` to `release`, so that a test can look at one that runs. */
function createLab(store: PolicyLifeDeps['store']) {
  let gate = { promise: Promise.resolve(), resolve: (): void => undefined };
  const replays = { hold: (): void => void (gate = Promise.withResolvers<void>()), release: (): void => gate.resolve() };
  const lab: PolicyLab = {
    trial: async ({ bundle, inputs }) => {
      const answer = new TextDecoder().decode(bundle.wasm).includes(UNUSABLE) ? 'allow' : DENIED;
      return { ok: true, runs: inputs.map(({ name }) => ({ name, answer, agrees: true, steps: 1, tookMs: 1 })) };
    },
    replay: async ({ revisionId, window, data }, { signal, onProgress }) => {
      onProgress({ decisions: 5, flips: 0, share01: 0.5 });
      await Promise.race([gate.promise, new Promise((resolve) => signal.addEventListener('abort', resolve))]);
      if (signal.aborted) return { ok: false, fault: 'cancelled', message: 'It was cancelled.' };
      const found = await store.find(revisionId);
      return { ok: true, report: reportOf(found?.revision ?? '', window, data) };
    },
  };
  return { lab, replays };
}

function createPoint() {
  const given = { prepared: '', inForce: '', shadowed: null as string | null };
  const point: PolicyPoint = {
    prepare: async (revisionId) => void (given.prepared = revisionId),
    swap: async (revisionId) => void (given.inForce = revisionId),
    shadow: async (revisionId) => void (given.shadowed = revisionId),
    shadowReport: async () => ({ compared: 3, differences: 1, failures: 0, dropped: 0 }),
  };
  return { point, given };
}

/** The whole life of a policy on memory adapters. Only compiler, laboratory and deciding threads are the test's own. */
export async function createPolicyLifeSite(
  deps: Pick<PolicyLifeDeps, 'authorizeOperator' | 'audit' | 'clock' | 'random'>,
  shipped: RevisionContent = draftContent('# as shipped'),
) {
  const store = createMemoryPolicyStore();
  const signer = createPolicySigner(createMemorySecretStore());
  const data = buildPolicyData([], [], {});
  const compile = createCompileRevision({
    toolchain,
    opaVersion: 'test',
    schemas: {},
    dataJson: canonicalJson(data),
    entrypoint: 'gatehouse/access/decision',
  });
  const compiled = await compile(shipped.files);
  if (!compiled.ok) throw new TypeError('what is shipped compiles');
  const { bundle } = compiled;
  await registerShipped({ store, signer, audit: deps.audit, clock: deps.clock, shipped: { bundle, content: shipped } });
  const { lab, replays } = createLab(store);
  const [doors, main] = [createPoint(), createPoint()];
  const policyLife = createPolicyLife({
    ...deps,
    store,
    signer,
    toolchain,
    compile,
    ensurePlan: createEnsurePlan({ store, compile }),
    schemas: {},
    lab,
    points: { doors: doors.point, main: main.point },
    policy: { revision: bundle.manifest.revision, dataRevision: 'd'.repeat(64) },
    currentData: () => Promise.resolve(data),
  });
  return { policyLife, store, replays, doors: doors.given, main: main.given };
}
export type PolicyLifeSite = Awaited<ReturnType<typeof createPolicyLifeSite>>;

/** A draft that says `remark`, with one test that says another. */
export function draftContent(remark: string, testRemark = ''): RevisionContent {
  return {
    files: [{ path: 'access/decision.rego', text: `package gatehouse.access\n${remark}\n` }],
    tests: [{ path: 'tests/decision_test.rego', text: `package gatehouse.access_test\n${testRemark}\n` }],
  };
}
