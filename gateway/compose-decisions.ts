import { createSystemRandom } from '#adapters/crypto/system-random.ts';
import { loadPolicyBundle } from '#adapters/rego/wasm/load-policy-bundle.ts';
import { createOpaWasmEngine } from '#adapters/rego/wasm/opa-wasm-engine.ts';
import { createSystemClock } from '#adapters/time/system-clock.ts';
import { createAssembleInput } from './app/access/assemble-input.ts';
import { createDecide } from './app/access/decide.ts';
import { createRefuse } from './app/access/refuse.ts';
import { createReloadPolicyData } from './app/policy/build-policy-data.ts';
import type { Records } from './compose-records.ts';
import { createSiteMap } from './domain/site/site-map.ts';
import type { Config } from './platform/config/config.ts';
import { toPolicySchedules } from './platform/config/policy-schedules.ts';
import type { AuditLog } from './ports/audit-log.ts';

/** What every thread that decides has: the verified policy with the grants of now, and the way to a recorded decision. */
export async function composeDecisions(config: Config, records: Records, audit: AuditLog) {
  const clock = createSystemClock();
  const random = createSystemRandom();
  const sites = createSiteMap(config.installation);
  const policy = await createOpaWasmEngine(await loadPolicyBundle());
  const reloadPolicyData = createReloadPolicyData({ grants: records.grants, policy, schedules: toPolicySchedules(config.schedules) });
  await reloadPolicyData();
  return {
    clock,
    random,
    sites,
    policy,
    reloadPolicyData,
    people: records.people,
    presence: records.presences,
    assemble: createAssembleInput(sites, config.holidays),
    decide: createDecide({ policy, audit, clock, random, timeoutMs: config.decide.timeoutMs }),
    refuse: createRefuse({ policy, audit, clock, random }),
  };
}
