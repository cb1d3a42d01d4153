import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSystemRandom } from '#adapters/crypto/system-random.ts';
import { createPolicyEngines } from '#adapters/rego/policy-engines.ts';
import { createRegoToolchain } from '#adapters/rego-toolchain/rego-toolchain.ts';
import { createPolicyLab } from '#adapters/replay/policy-lab.ts';
import { openAuditLog } from '#adapters/sqlite/audit/open-audit-log.ts';
import { createSystemClock } from '#adapters/time/system-clock.ts';
import { createDecide } from '#gateway/app/access/decide.ts';
import { createDraftCompiler } from '#gateway/compose-policy-life.ts';
import { dataFiles, openRecords } from '#gateway/compose-records.ts';
import { readShippedContent } from '#gateway/compose-shipped-policy.ts';
import type { DecisionInput } from '#gateway/domain/access/decision-input.ts';
import type { RevisionContent } from '#gateway/domain/policy/revision.ts';
import { amount, report, round } from '#test/support/bench/bench-report.ts';
import { measureOpaServer, ratioTo } from '#test/support/peers/opa-server.ts';
import { sampleRevision } from '#test/support/policy/revisions.ts';
import { dataOfManyGrants } from '#test/support/policy/many-grants.ts';
import { sampleInput } from '#test/support/sample-input.ts';

/*
 * Replay of recorded decisions under a draft, as impact does it: the log in pages from its file, each record checked against its schema,
 * decided again in the second engine, flips traced to their lines and checked in the engine that decides. One thread, so one core.
 * Where there is an `opa`, its own server is asked the same questions one by one, on all cores and without reading a log.
 */
const DECISIONS = amount(100_000);
const OPA_S = amount(10);
const IN_FLIGHT = 256;
const GRANTS = 5_000;
const PEOPLE = 500;
/** One in so many asks with a clearance that the draft does not take any more. */
const FLIP_EVERY = 200;

const clock = createSystemClock();
const data = dataOfManyGrants(GRANTS);

function inputAt(index: number): DecisionInput {
  const clearance = index % 2 === 1 ? 0 : index % FLIP_EVERY === 0 ? 3 : 4;
  const { subject } = sampleInput;
  return { ...sampleInput, subject: { ...subject, id: `usr_p${index % PEOPLE}`, properties: { ...subject.properties, clearance } } };
}

/** The shipped policy, with one more rule. */
async function draftContent(): Promise<RevisionContent> {
  const { files, tests } = await readShippedContent();
  const rule = '\ndoor_reasons contains "door.clearance_too_low" if {\n\tnot facts.at_least(input.subject.properties.clearance, 4)\n}\n';
  const changed = files.map((file) => (file.path === 'access/doors.rego' ? { ...file, text: `${file.text}${rule}` } : file));
  return { files: changed, tests };
}

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'));
try {
  const records = await openRecords(folder);
  const compile = await createDraftCompiler(createRegoToolchain({ timeoutMs: 120_000 }));
  const keep = async (id: string, content: RevisionContent) => {
    const compiled = await compile(content.files);
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.findings));
    const { revision } = compiled.bundle.manifest;
    await records.policies.keepBundle(revision, compiled.bundle);
    await records.policies.add(sampleRevision({ id, revision, state: 'tested' }), content);
    return compiled.bundle;
  };
  const active = await keep('rev_active', await readShippedContent());
  await keep('rev_draft', await draftContent());
  const policy = await createPolicyEngines().load(active);
  policy.setData(data);
  await records.policies.keepData(data, clock.nowMs());

  const audit = await openAuditLog({ file: dataFiles(folder).audit });
  const decide = createDecide({ policy, audit, clock, random: createSystemRandom(), timeoutMs: 600_000 });
  for (let done = 0; done < DECISIONS; done += IN_FLIGHT) {
    const width = Math.min(IN_FLIGHT, DECISIONS - done);
    await Promise.all(
      Array.from({ length: width }, (_, index) =>
        decide({ input: inputAt(done + index), understands: ['extended_open_time', 'pin'], mode: 'online' }),
      ),
    );
  }
  await audit.close();
  const lab = createPolicyLab({
    workerUrl: new URL('../../gateway/compose-policy-lab.ts', import.meta.url),
    files: { records: dataFiles(folder).records, audit: dataFiles(folder).audit },
  });
  const window = { fromMs: 0, toMs: clock.nowMs() + 1_000 };
  const request = { revisionId: 'rev_draft', window, data: 'then', todayDataRevision: policy.dataRevision } as const;
  const outcome = await lab.replay(request, { signal: new AbortController().signal, onProgress: () => undefined });
  await records.close();
  if (!outcome.ok) throw new Error(outcome.message);
  const { decisions, replayed, flips, decisionsPerS, tookMs, cpuMs, byLine, engineCheck } = outcome.report;
  if (decisions !== DECISIONS || replayed !== DECISIONS) throw new Error('the replay does not decide what was recorded');
  if (flips !== DECISIONS / FLIP_EVERY) throw new Error(`${flips} flips instead of ${DECISIONS / FLIP_EVERY}`);
  if (engineCheck.differences > 0) throw new Error('the engines differ');
  const perS = replayed / (cpuMs / 1_000);
  const inputs = Array.from({ length: PEOPLE }, (_, index) => inputAt(index));
  const opa = await measureOpaServer({ data, inputs, allows: [true, false], seconds: OPA_S });
  report({
    decisions_per_s_core: Math.round(perS),
    decisions,
    flips,
    decisions_per_s: decisionsPerS,
    seconds: round(tookMs / 1_000, 2),
    first_line: `${byLine.groups[0]?.key ?? ''} ${byLine.groups[0]?.cause?.text ?? ''}`,
    engines_compared: engineCheck.checked,
    opa_server: opa,
    ratio_to_opa: ratioTo(opa, perS),
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
