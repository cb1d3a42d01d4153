import { createPolicySigner } from '#adapters/crypto/policy-signer.ts';
import { createSystemRandom } from '#adapters/crypto/system-random.ts';
import { createPolicyEngines } from '#adapters/rego/policy-engines.ts';
import { createSystemClock } from '#adapters/time/system-clock.ts';
import { createAssembleInput } from './app/access/assemble-input.ts';
import { createDecide } from './app/access/decide.ts';
import { createRefuse } from './app/access/refuse.ts';
import { createAddedApps } from './app/apps/added-apps.ts';
import { createCurrentData, createReloadPolicyData } from './app/policy/build-policy-data.ts';
import { createLoadSigned, loadActive } from './app/policy/load-signed.ts';
import { findLoggedActivation, type ActivationLog } from './app/policy/logged-activation.ts';
import { createPolicyPoint } from './app/policy/policy-point.ts';
import { createSwappableEngine } from './app/policy/swappable-engine.ts';
import { POINTER_MOVED } from './app/policy/watch-activation.ts';
import type { Records } from './compose-records.ts';
import { loadShippedBundle } from './compose-shipped-policy.ts';
import type { AuditRecord } from './domain/audit/record.ts';
import { createLiveSiteMap } from './domain/site/live-site-map.ts';
import type { Config } from './platform/config/config.ts';
import { toPolicySchedules } from './platform/config/policy-schedules.ts';
import type { AuditLog } from './ports/audit-log.ts';

/** What every thread that decides has: the policy in force with the grants of now, and the way to a recorded decision. */
export async function composeDecisions(config: Config, records: Records, audit: AuditLog & ActivationLog) {
  const clock = createSystemClock();
  const random = createSystemRandom();
  const sites = createLiveSiteMap(config.installation);
  const addedApps = createAddedApps({ store: records.apps, sites });
  const engines = createPolicyEngines();
  const signer = createPolicySigner(records.secrets);
  // What the log cannot take now it will not take from a decision either, which is then a deny: nothing is lost that matters more.
  const record = (entry: AuditRecord): void => void audit.append(entry).catch(() => undefined);
  const raise = (code: string, sourceId: string): void =>
    record({ type: 'alarm', occurredAtMs: clock.nowMs(), code, sourceType: 'policy', sourceId, active: true });
  const onRefused = (sourceId: string, why: string): void => raise(`policy.${why}`, sourceId);
  const loading = { store: records.policies, signer, onRefused };
  const logged = await findLoggedActivation(audit);
  const active = await loadActive({ ...loading, logged, onMoved: (sourceId) => raise(POINTER_MOVED, sourceId) });
  const policy = createSwappableEngine(await engines.load(active ?? (await loadShippedBundle())));
  const policyDataFile = { schedules: toPolicySchedules(config.schedules), holidays: config.holidays };
  const currentData = createCurrentData({ policyData: records.policyData, file: policyDataFile, sites });
  const keepData = (data: Awaited<ReturnType<typeof currentData>>) => records.policies.keepData(data, clock.nowMs());
  const reloadData = createReloadPolicyData({ currentData, policy, keepData });
  // The apps first: ready policies that hold everywhere hold at each of them.
  const reloadPolicyData = async (): Promise<void> => {
    await addedApps.reload();
    await reloadData();
  };
  await reloadPolicyData();
  return {
    clock,
    random,
    sites,
    addedApps,
    policy,
    policyPoint: createPolicyPoint({ engine: policy, engines, loadSigned: createLoadSigned(loading), currentData, record, clock }),
    currentData,
    policyDataFile,
    signer,
    reloadPolicyData,
    people: records.people,
    holdings: records.holdings,
    presence: records.presences,
    assemble: createAssembleInput(sites, config.holidays),
    decide: createDecide({ policy, audit, clock, random, timeoutMs: config.decide.timeoutMs }),
    refuse: createRefuse({ policy, audit, clock, random }),
  };
}
