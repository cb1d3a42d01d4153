import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSystemRandom } from '#adapters/crypto/system-random.ts';
import { loadPolicyBundle } from '#adapters/rego/wasm/load-policy-bundle.ts';
import { createOpaWasmEngine } from '#adapters/rego/wasm/opa-wasm-engine.ts';
import { openAuditLog } from '#adapters/sqlite/audit/open-audit-log.ts';
import { createSystemClock } from '#adapters/time/system-clock.ts';
import { createDecide } from '#gateway/app/access/decide.ts';
import type { Decide } from '#gateway/app/access/types.ts';
import type { DecisionInput } from '#gateway/domain/access/decision-input.ts';
import type { AuditLog } from '#gateway/ports/audit-log.ts';
import { dataOfManyGrants } from '#test/support/policy/many-grants.ts';
import { sampleInput } from '#test/support/sample-input.ts';
import { measureOpaServer, ratioTo } from '#test/support/peers/opa-server.ts';
import { amount, percentile, report, round } from '#test/support/bench/bench-report.ts';

/*
 * Decisions through `decide` on one core, input of the length that is reported, half permits and half denies: first with a log that acknowledges at
 * once, then with the durable log (synced, group commit), 64 in flight and alone. Where there is an `opa`, its own server is asked the same.
 */
const WARM_UP = amount(5_000);
const DECISIONS = amount(100_000);
const DURABLE = amount(40_000);
const ALONE = amount(1_000);
const OPA_S = amount(10);
const IN_FLIGHT = 64;
const GRANTS = 5_000;

const clock = createSystemClock();
const policy = await createOpaWasmEngine(await loadPolicyBundle());
const data = dataOfManyGrants(GRANTS);
policy.setData(data);

const denied: DecisionInput = {
  ...sampleInput,
  subject: { ...sampleInput.subject, properties: { ...sampleInput.subject.properties, clearance: 0 } },
};
const inputAt = (index: number): DecisionInput => (index % 2 === 0 ? sampleInput : denied);
const deciding = (audit: AuditLog): Decide => createDecide({ policy, audit, clock, random: createSystemRandom(), timeoutMs: 60_000 });
const ask = (decide: Decide, index: number) => decide({ input: inputAt(index), understands: [], mode: 'online' });

async function assertHonest(decide: Decide): Promise<void> {
  const effects = [(await ask(decide, 0)).effect, (await ask(decide, 1)).effect];
  if (effects.join() !== 'permit,deny') throw new Error(`the benchmark decides ${effects.join()} instead of permit,deny`);
}

/** Nothing is stored: what is left is the decision itself. */
const forgetful: AuditLog = {
  append: () => Promise.resolve({ seq: 1, hash: '' }),
  subscribe: () => () => undefined,
  isWritable: () => true,
  close: () => Promise.resolve(),
};

async function inProcess(): Promise<{ perS: number; samplesUs: Float64Array; cpuUs: number }> {
  const decide = deciding(forgetful);
  await assertHonest(decide);
  for (let index = 0; index < WARM_UP; index += 1) await ask(decide, index);
  const samplesUs = new Float64Array(DECISIONS);
  const cpu = process.threadCpuUsage();
  const startedUs = clock.monotonicUs();
  for (let index = 0; index < DECISIONS; index += 1) {
    const beganUs = clock.monotonicUs();
    await ask(decide, index);
    samplesUs[index] = clock.monotonicUs() - beganUs;
  }
  const { user, system } = process.threadCpuUsage(cpu);
  return { perS: DECISIONS / ((clock.monotonicUs() - startedUs) / 1e6), samplesUs, cpuUs: (user + system) / DECISIONS };
}

/** `width` callers, each asking again as soon as its answer is durable. */
async function durable(decide: Decide, count: number, width: number): Promise<{ perS: number; samplesMs: number[] }> {
  const samplesMs: number[] = [];
  let next = 0;
  const caller = async (): Promise<void> => {
    while (next < count) {
      const index = next;
      next += 1;
      const beganUs = clock.monotonicUs();
      await ask(decide, index);
      samplesMs.push((clock.monotonicUs() - beganUs) / 1_000);
    }
  };
  const startedUs = clock.monotonicUs();
  await Promise.all(Array.from({ length: width }, caller));
  return { perS: count / ((clock.monotonicUs() - startedUs) / 1e6), samplesMs };
}

const plain = await inProcess();
const folder = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'));
try {
  const audit = await openAuditLog({ file: join(folder, 'audit.db') });
  const decide = deciding(audit);
  await assertHonest(decide);
  await durable(decide, WARM_UP, IN_FLIGHT);
  const loaded = await durable(decide, DURABLE, IN_FLIGHT);
  const alone = await durable(decide, ALONE, 1);
  const verdict = await audit.verify();
  await audit.close();
  if (!verdict.ok || verdict.entries !== 2 + WARM_UP + DURABLE + ALONE) throw new Error('the log does not hold what was acknowledged');
  const opa = await measureOpaServer({ data, inputs: [sampleInput, denied], allows: [true, false], seconds: OPA_S });
  report({
    decisions_per_s: Math.round(plain.perS),
    p50_us: round(percentile(plain.samplesUs, 0.5)),
    p99_us: round(percentile(plain.samplesUs, 0.99)),
    // Of this thread: what a busy machine does not change much.
    cpu_us: round(plain.cpuUs),
    durable_per_s: Math.round(loaded.perS),
    durable_ack_p50_ms: round(percentile(loaded.samplesMs, 0.5), 2),
    durable_ack_p99_ms: round(percentile(loaded.samplesMs, 0.99), 2),
    durable_alone_ack_p50_ms: round(percentile(alone.samplesMs, 0.5), 2),
    durable_alone_ack_p99_ms: round(percentile(alone.samplesMs, 0.99), 2),
    input_bytes: JSON.stringify(sampleInput).length,
    in_flight: IN_FLIGHT,
    grants: GRANTS,
    opa_server: opa,
    ratio_to_opa: ratioTo(opa, plain.perS),
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
