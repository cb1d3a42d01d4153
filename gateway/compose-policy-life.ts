import { createPolicySigner } from '#adapters/crypto/policy-signer.ts';
import { ARTIFACT_DIR, readArtifactManifest } from '#adapters/rego-toolchain/artifact.ts';
import { policySchemaFiles } from '#adapters/rego-toolchain/policy-schemas.ts';
import { createRegoToolchain } from '#adapters/rego-toolchain/rego-toolchain.ts';
import { createPolicyExplainer } from '#adapters/replay/policy-explainer.ts';
import { createPolicyLab } from '#adapters/replay/policy-lab.ts';
import { createSystemClock } from '#adapters/time/system-clock.ts';
import type { AuthorizeOperator } from './app/access/types.ts';
import { createCompileRevision, type CompileRevision } from './app/policy/compile-revision.ts';
import { createEnsurePlan, type EnsurePlan } from './app/policy/ensure-plan.ts';
import { createExplainApart } from './app/policy/explain/explain-apart.ts';
import type { ExplainDecision } from './app/policy/explain/explain-decision.ts';
import { createPolicyLife } from './app/policy/life/create-policy-life.ts';
import type { PolicyLife } from './app/policy/life/types.ts';
import { registerShipped } from './app/policy/register-shipped.ts';
import type { composeDecisions } from './compose-decisions.ts';
import { dataFiles, type Records } from './compose-records.ts';
import { loadShippedBundle, readShippedContent } from './compose-shipped-policy.ts';
import type { Config } from './platform/config/config.ts';
import type { AuditLog, AuditReader } from './ports/audit-log.ts';
import type { DoorNode } from './ports/door-node.ts';
import type { PolicyLab } from './ports/policy-lab.ts';
import type { RegoToolchain } from './ports/rego-toolchain.ts';

/** Before anything decides: what came with the program is a revision, and the first one is in force. */
export async function composeShippedPolicy(records: Records, audit: AuditLog): Promise<void> {
  const [bundle, content] = await Promise.all([loadShippedBundle(), readShippedContent()]);
  const signer = createPolicySigner(records.secrets);
  await registerShipped({ store: records.policies, signer, audit, clock: createSystemClock(), shipped: { bundle, content } });
}

export interface PolicyLifeParts extends Pick<
  Awaited<ReturnType<typeof composeDecisions>>,
  'policy' | 'policyPoint' | 'currentData' | 'signer' | 'clock' | 'random'
> {
  readonly config: Config;
  readonly records: Records;
  readonly audit: AuditLog & AuditReader;
  readonly doorNode: DoorNode;
  readonly authorizeOperator: AuthorizeOperator;
}

/** JSON Schemas that type drafts: those that the gateway itself validates with. */
export function policySchemas(): Readonly<Record<string, unknown>> {
  const files = policySchemaFiles();
  const read = (name: string): unknown => JSON.parse(files.get(`${name}.schema.json`) ?? 'null');
  return { input: read('input'), data: read('data') };
}

/** Compiles drafts exactly as the committed policy was compiled. */
export async function createDraftCompiler(toolchain: RegoToolchain): Promise<CompileRevision> {
  const { dataJson, manifest } = await loadShippedBundle();
  const { opa_version: opaVersion } = await readArtifactManifest(ARTIFACT_DIR);
  return createCompileRevision({ toolchain, opaVersion, schemas: policySchemas(), dataJson, entrypoint: manifest.entrypoint });
}

function threadOf(dataDir: string) {
  const { records, audit } = dataFiles(dataDir);
  return { workerUrl: new URL('./compose-policy-lab.ts', import.meta.url), files: { records, audit } };
}

/** The thread in which drafts run. */
export const createLab = (dataDir: string) => createPolicyLab(threadOf(dataDir));
/** The thread in which decisions are explained. */
const createExplainer = (dataDir: string) => createPolicyExplainer(threadOf(dataDir));

export async function composePolicyLife(parts: PolicyLifeParts): Promise<{
  readonly policyLife: PolicyLife;
  readonly explainDecision: ExplainDecision;
  readonly ensurePlan: EnsurePlan;
  readonly lab: PolicyLab;
}> {
  const { config, records, audit, doorNode, policyPoint } = parts;
  const toolchain = createRegoToolchain();
  const compile = await createDraftCompiler(toolchain);
  const store = records.policies;
  const ensurePlan = createEnsurePlan({ store, compile });
  const lab = createLab(config.dataDir);
  // One: it knows which shadow run goes on, and lets one activation wait for the other.
  const policyLife = createPolicyLife({
    ...parts,
    store,
    toolchain,
    compile,
    ensurePlan,
    schemas: policySchemas(),
    lab,
    points: { doors: doorNode.policyPoint, main: policyPoint },
  });
  // The alarm was raised when the policy was loaded; where the store fails now, the watch tries again.
  await policyLife.settlePointer().catch(() => undefined);
  await keepThreadsTogether(policyLife, parts);
  return {
    ensurePlan,
    lab,
    policyLife,
    explainDecision: createExplainApart({ ensurePlan, explainer: createExplainer(config.dataDir), log: audit }),
  };
}

/** A thread that starts anew reads what is in force by itself; what changed in that moment, and shadow runs, it learns here. */
async function keepThreadsTogether(policyLife: PolicyLife, { audit, clock }: PolicyLifeParts): Promise<void> {
  const alarm = (code: string) => (): Promise<unknown> =>
    // A log that cannot take it has said so already.
    audit
      .append({ type: 'alarm', occurredAtMs: clock.nowMs(), code, sourceType: 'policy', sourceId: 'doors', active: true })
      .catch(() => undefined);
  audit.subscribe(({ record }) => {
    if (record.type !== 'system' || record.event !== 'door_node_started') return;
    policyLife.doorsRestarted().catch(alarm('policy.doors_behind'));
  });
  // A candidate that cannot be loaded decides nothing: the gateway starts without its run.
  await policyLife.resumeShadow().catch(alarm('policy.shadow_not_resumed'));
}
