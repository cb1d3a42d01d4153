import { HOST_BUILTINS } from '../../domain/access/host-builtins.ts';
import { canonicalJson } from '../../domain/canonical-json.ts';
import { uncoveredFindings } from '../../domain/policy/lint/lint-revision.ts';
import { findTooLarge } from '../../domain/policy/lint/text-limits.ts';
import { COVERAGE_MIN_01, FAILED_TESTS_MAX, type FailedTest, type TestReport } from '../../domain/policy/reports.ts';
import type { RevisionContent } from '../../domain/policy/revision.ts';
import type { CompiledBundle } from '../../domain/policy/signed-bundle.ts';
import type { PolicyLab } from '../../ports/policy-lab.ts';
import type { RegoFileCoverage, RegoToolchain } from '../../ports/rego-toolchain.ts';
import { readCases, type RevisionCase } from './policy-cases.ts';

export interface TestDeps {
  readonly toolchain: Pick<RegoToolchain, 'test'>;
  readonly lab: Pick<PolicyLab, 'trial'>;
  readonly schemas: Readonly<Record<string, unknown>>;
  readonly monotonicMs: () => number;
}

export type TestRevision = (content: RevisionContent, bundle: CompiledBundle) => Promise<TestReport>;

type Part = Pick<TestReport, 'tests' | 'failures' | 'coverage'>;

/** Rego tests in OPA's own engine with line coverage, and every case in both of ours. */
export function createTestRevision(deps: TestDeps): TestRevision {
  return async (content, bundle) => {
    const startedMs = deps.monotonicMs();
    const read = readCases(content.tests);
    const faults = read?.ok === false ? [failure('cases', { file: read.file }, read.message)] : [];
    const cases = read?.ok === true ? read.cases : [];
    const rego = await runRego(deps, content, { ...(read?.ok === true ? read.data : {}), cases: cases.map(toTestData) });
    const compared = read?.ok === true ? await runCases(deps, bundle, { data: read.data, cases }) : { differences: 0, failures: [] };
    const own = new Set(content.files.map(({ path }) => path));
    const coverage = rego.coverage.filter(({ file }) => own.has(file));
    const coverage01 = shareOf(coverage);
    const lowCoverage =
      coverage01 >= COVERAGE_MIN_01
        ? []
        : [failure('coverage', {}, `tests reach ${percent(coverage01)} of the lines, ${percent(COVERAGE_MIN_01)} are needed`)];
    const failures = [...faults, ...rego.failures, ...compared.failures, ...lowCoverage];
    return {
      tests: rego.tests,
      cases: cases.length,
      failed: failures.length,
      failures: failures.slice(0, FAILED_TESTS_MAX),
      differences: compared.differences,
      coverage: [...coverage],
      coverage01,
      findings: [...uncoveredFindings(coverage, content.files)],
      tookMs: Math.round(deps.monotonicMs() - startedMs),
    };
  };
}

const toTestData = ({ description, document, want }: RevisionCase) => ({ description, document, want });

async function runRego(deps: TestDeps, content: RevisionContent, data: Readonly<Record<string, unknown>>): Promise<Part> {
  const tests = content.tests.filter(({ path }) => path.endsWith('.rego'));
  if (tests.length === 0) return { tests: 0, failures: [], coverage: [] };
  const tooLarge = findTooLarge(tests);
  if (tooLarge.length > 0) return { tests: 0, coverage: [], failures: tooLarge.map((found) => failure(found.code, found, found.message)) };
  const files = [...content.files, ...tests];
  const run = await deps.toolchain.test({ files, schemas: deps.schemas, hostBuiltins: HOST_BUILTINS, data });
  if (!run.ok) {
    return {
      tests: 0,
      coverage: [],
      failures: run.problems.map(({ code, message, file, row }) => failure(code, { file, row }, message)),
    };
  }
  const failed = run.tests.filter(({ pass, skip }) => !pass && !skip);
  return {
    tests: run.tests.filter(({ skip }) => !skip).length,
    failures: failed.map(({ name, file, row, error }) => ({
      name,
      file,
      row,
      message: error === '' ? 'is not true' : error.slice(0, 2_000),
    })),
    coverage: run.coverage.map(toCoverage),
  };
}

function toCoverage({ file, covered, notCovered }: RegoFileCoverage): Part['coverage'][number] {
  return { file, covered: [...covered], notCovered: [...notCovered] };
}

async function runCases(
  { lab }: TestDeps,
  bundle: CompiledBundle,
  { data, cases }: { readonly data: Parameters<PolicyLab['trial']>[0]['data']; readonly cases: readonly RevisionCase[] },
): Promise<Pick<TestReport, 'differences' | 'failures'>> {
  const tried = await lab.trial({
    bundle,
    data,
    inputs: cases.map(({ description, document }) => ({ name: description, input: document })),
  });
  if (!tried.ok) {
    const faulty = cases.find(({ description }) => description === tried.name) ?? {};
    const where = tried.place === null ? '' : ` at ${tried.place.file}:${tried.place.row}`;
    return { differences: 0, failures: [failure(tried.name, faulty, `${tried.message}${where}`)] };
  }
  const differing = tried.runs.filter(({ agrees }) => !agrees);
  const failures = cases.flatMap((each, index) => {
    const { description, want } = each;
    const run = tried.runs[index];
    if (run?.agrees === false) return [failure(description, each, 'the two engines answer differently')];
    return run !== undefined && isAnswered(run.answer, want) ? [] : [failure(description, each, `answered ${JSON.stringify(run?.answer)}`)];
  });
  return { differences: differing.length, failures };
}

/** Lists of an answer stand for sets. */
function isAnswered(answer: unknown, want: Readonly<Record<string, unknown>>): boolean {
  if (typeof answer !== 'object' || answer === null) return false;
  const given = answer as Readonly<Record<string, unknown>>;
  return Object.entries(want).every(([key, value]) => comparable(given[key]) === comparable(value));
}

function comparable(value: unknown): string {
  return Array.isArray(value) ? JSON.stringify(value.map((each) => canonicalJson(each)).sort()) : JSON.stringify(value);
}

function shareOf(coverage: Part['coverage']): number {
  const covered = coverage.reduce((sum, file) => sum + file.covered.length, 0);
  const all = covered + coverage.reduce((sum, file) => sum + file.notCovered.length, 0);
  return all === 0 ? 0 : Math.round((covered / all) * 1_000) / 1_000;
}

const percent = (share01: number): string => `${Math.round(share01 * 100)} %`;

function failure(name: string, { file = '', row = 0 }: { readonly file?: string; readonly row?: number }, message: string): FailedTest {
  return { name, file, row, message: message.slice(0, 2_000) };
}
