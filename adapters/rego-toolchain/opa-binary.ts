import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { GatewayError } from '#gateway/domain/errors.ts';
import { tryParse } from '#gateway/domain/try-parse.ts';
import type {
  RegoFile,
  RegoFileCoverage,
  RegoProblem,
  RegoRefusal,
  RegoSource,
  RegoTestResult,
  RegoToolchain,
  RegoTraceStep,
} from '#gateway/ports/rego-toolchain.ts';
import { NATIVE_BUILTINS } from './native-builtins.ts';
import { coverageSchema, evaluationSchema, jsonIn, problemsIn, testsSchema } from './opa-answers.ts';
import { readBundleFile } from './opa-bundle.ts';
import { runOpa, withFolder, type ProgramAnswer } from './opa-program.ts';
import { createRunQueue } from './run-queue.ts';
import { REQUEST_BYTES_MAX } from './rego-toolchain.ts';

const BUNDLE_BYTES_MAX = 32 * 1024 * 1024;
const TRACE_MAX = 5_000;
const TEXT_MAX = 200;
const RUNNING_MAX = 2;
const WAITING_MAX = 16;
/** Names go into a folder: nothing that leads out of it or that the program would take for an option. */
const PATH = /^(?!.*(?:^|\/)\.)[\w][\w./-]*\.rego$/;

export interface OpaBinaryOptions {
  /** Path of the program. */
  readonly program: string;
  readonly timeoutMs?: number;
}

/** The `opa` program of the machine behind the same port: for comparison, and where somebody trusts no build but OPA's own. */
export function createOpaBinaryToolchain({ program, timeoutMs = 20_000 }: OpaBinaryOptions): RegoToolchain {
  return new OpaBinary(program, timeoutMs);
}

type Compiled = RegoSource & { readonly entrypoints: readonly string[]; readonly plan?: boolean };
type WithData = RegoSource & { readonly data?: Readonly<Record<string, unknown>> };
type Explained = WithData & { readonly entrypoint: string; readonly input: unknown };

class OpaBinary implements RegoToolchain {
  readonly #program: string;
  readonly #timeoutMs: number;
  readonly #enqueue = createRunQueue(RUNNING_MAX, WAITING_MAX);

  constructor(program: string, timeoutMs: number) {
    this.#program = program;
    this.#timeoutMs = timeoutMs;
  }

  async check(source: RegoSource): ReturnType<RegoToolchain['check']> {
    return this.#within(source, {}, async (folder) => refused(await this.#problemsOf(folder, source)) ?? { ok: true });
  }

  async compile({ entrypoints, plan = false, ...source }: Compiled): ReturnType<RegoToolchain['compile']> {
    return this.#within(source, {}, async (folder) => {
      const refusal = refused(await this.#problemsOf(folder, source));
      if (refusal !== undefined) return refusal;
      const wasm = await this.#build(folder, 'wasm', entrypoints);
      if (!(wasm instanceof Uint8Array)) return wasm;
      const planned = plan ? await this.#build(folder, 'plan', entrypoints) : undefined;
      if (planned !== undefined && !(planned instanceof Uint8Array)) return planned;
      const plans: unknown = planned === undefined ? undefined : JSON.parse(new TextDecoder().decode(fileIn(planned, 'plan.json')));
      return { ok: true, wasm: fileIn(wasm, 'policy.wasm'), plan: plans };
    });
  }

  async format(files: readonly RegoFile[]): ReturnType<RegoToolchain['format']> {
    return this.#within({ files }, {}, async (folder) => {
      const formatted: RegoFile[] = [];
      for (const { path } of files) {
        const parsed = await this.#opa(folder, 'parse', '--format=json', path);
        if (parsed.exitCode !== 0) return { ok: false, problems: problemsIn([parsed.stdout, parsed.stderr]) };
        formatted.push({ path, text: (await this.#opa(folder, 'fmt', path)).stdout });
      }
      return { ok: true, files: formatted };
    });
  }

  async test({ data = {}, ...source }: WithData): ReturnType<RegoToolchain['test']> {
    return this.#within(source, { 'policy/data.json': data }, async (folder) => {
      const refusal = refused(await this.#problemsOf(folder, source));
      if (refusal !== undefined) return refusal;
      const answer = await this.#opa(folder, 'test', '--format=json', '--capabilities=../capabilities.json', '.');
      const parsed = tryParse(testsSchema, jsonIn(answer.stdout.slice(0, answer.stdout.lastIndexOf(']') + 1)));
      if (!parsed.success) return { ok: false, problems: problemsIn([answer.stdout, answer.stderr]) };
      const tests = parsed.data
        .map(testResultOf)
        .sort((left, right) => (left.file === right.file ? left.row - right.row : left.file < right.file ? -1 : 1));
      // The program gives coverage only where every test passes; asked for one by one, those that fail count too.
      const query = tests.map(({ package: where, name }) => `count([1 | ${where}.${name}]) >= 0`).join('; ');
      const covered = await this.#opa(folder, 'eval', '--format=json', '--coverage', '--data=.', query === '' ? 'true' : query);
      const coverage = coverageOf(coverageSchema.parse(jsonIn(covered.stdout)));
      return { ok: true, allPassed: tests.every(({ pass, skip }) => pass || skip), tests, coverage };
    });
  }

  /** Its trace names every variable at every step: a long one ends by the time limit. */
  async explain({ entrypoint, input, data = {}, ...source }: Explained): ReturnType<RegoToolchain['explain']> {
    return this.#within(source, { 'policy/data.json': data, 'input.json': input }, async (folder) => {
      const refusal = refused(await this.#problemsOf(folder, source));
      if (refusal !== undefined) return refusal;
      const built = await this.#build(folder, 'plan', [entrypoint]);
      if (!(built instanceof Uint8Array)) return built;
      const flags = ['--format=json', '--explain=full', '--disable-indexing', '--disable-early-exit', '--data=.', '--input=../input.json'];
      const answer = await this.#opa(folder, 'eval', ...flags, `data.${entrypoint.replaceAll('/', '.')}`);
      if (answer.exitCode !== 0) return { ok: false, problems: problemsIn([answer.stdout, answer.stderr]) };
      const { result, explanation } = evaluationSchema.parse(jsonIn(answer.stdout));
      const trace = traceOf(explanation, source.files);
      return { ok: true, result: result[0]?.expressions[0]?.value, trace: trace.slice(0, TRACE_MAX), truncated: trace.length > TRACE_MAX };
    });
  }

  async #opa(folder: string, ...args: readonly string[]): Promise<ProgramAnswer> {
    return runOpa(this.#program, args, join(folder, 'policy'), this.#timeoutMs);
  }

  async #capabilities(hostBuiltins: readonly string[]): Promise<string> {
    const { stdout } = await runOpa(this.#program, ['capabilities', '--current'], '/', this.#timeoutMs);
    const current = JSON.parse(stdout) as { readonly builtins: readonly { readonly name: string }[] };
    const allowed = new Set([...NATIVE_BUILTINS, ...hostBuiltins, 'internal.test_case']);
    return JSON.stringify({ ...current, builtins: current.builtins.filter(({ name }) => allowed.has(name)), allow_net: [] });
  }

  async #within<Result>(
    source: RegoSource,
    others: Readonly<Record<string, unknown>>,
    use: (folder: string) => Promise<Result | RegoRefusal>,
  ): Promise<Result | RegoRefusal> {
    if (JSON.stringify([source, others]).length > REQUEST_BYTES_MAX) throw new GatewayError('request.too_large', 'the policy is too large');
    const refusal = refused(misnamed(source.files));
    if (refusal !== undefined) return refusal;
    const schemas = Object.entries(source.schemas ?? {}).map(([name, schema]) => [`schemas/${name}.json`, JSON.stringify(schema)] as const);
    const texts = Object.entries(others).map(([name, value]) => [name, JSON.stringify(value)] as const);
    return this.#enqueue(async () => {
      const allowed = await this.#capabilities(source.hostBuiltins ?? []);
      return withFolder(source.files, new Map([...schemas, ...texts, ['capabilities.json', allowed]]), use);
    });
  }

  async #problemsOf(folder: string, source: RegoSource): Promise<readonly RegoProblem[]> {
    const schema = source.schemas === undefined ? [] : ['--schema=../schemas'];
    const answer = await this.#opa(folder, 'check', '--strict', '--format=json', '--capabilities=../capabilities.json', ...schema, '.');
    if (answer.exitCode !== 0) return problemsIn([answer.stdout, answer.stderr]);
    const input = source.schemas?.['input'];
    if (input === undefined) return [];
    // Annotated rules are checked; the others are when annotations are set aside and the one schema holds everywhere.
    return withFolder(source.files.map(unannotated), new Map([['schema.json', JSON.stringify(input)]]), async (bare) => {
      const everywhere = await this.#opa(bare, 'check', '--format=json', '--schema=../schema.json', '.');
      return everywhere.exitCode === 0 ? [] : problemsIn([everywhere.stdout, everywhere.stderr]);
    });
  }

  async #build(folder: string, target: string, entrypoints: readonly string[]): Promise<Uint8Array | RegoRefusal> {
    const named = entrypoints.map((entrypoint) => `--entrypoint=${entrypoint}`);
    const flags = [`--target=${target}`, '--prune-unused', '--capabilities=../capabilities.json', '--output=../bundle.tar.gz'];
    const answer = await this.#opa(folder, 'build', ...flags, ...named, '.');
    if (answer.exitCode !== 0) return { ok: false, problems: problemsIn([answer.stderr, answer.stdout]) };
    return new Uint8Array(await readFile(join(folder, 'bundle.tar.gz')));
  }
}

function refused(problems: readonly RegoProblem[]): RegoRefusal | undefined {
  return problems.length === 0 ? undefined : { ok: false, problems };
}

function fileIn(bundle: Uint8Array, name: string): Uint8Array {
  const bytes = readBundleFile(bundle, name, BUNDLE_BYTES_MAX);
  if (bytes === undefined) throw new GatewayError('policy.toolchain_failed', `opa built no ${name}`);
  return bytes;
}

function testResultOf(one: z.infer<typeof testsSchema>[number]): RegoTestResult {
  const { file, row } = one.location;
  const pass = !one.fail && !one.skip && one.error === undefined;
  return { package: one.package, name: one.name, file, row, pass, skip: one.skip, error: one.error?.message ?? '' };
}

function misnamed(files: readonly RegoFile[]): readonly RegoProblem[] {
  const problem = (message: string, file: string): RegoProblem => ({ code: 'request_invalid', message, file, row: 0, col: 0 });
  if (files.length === 0) return [problem('no files', '')];
  const twice = files.filter(({ path }, at) => files.findIndex((file) => file.path === path) < at);
  const odd = files.filter(({ path }) => !PATH.test(path));
  return [
    ...twice.map(({ path }) => problem('two files with the same path', path)),
    ...odd.map(({ path }) => problem('no path of a policy', path)),
  ];
}

/** The same rows and columns without METADATA. */
function unannotated({ path, text }: RegoFile): RegoFile {
  return { path, text: text.replaceAll(/^([ \t]*#[ \t]*)METADATA[ \t]*$/gm, '$1METADATE') };
}

function coverageOf({ coverage }: ReturnType<typeof coverageSchema.parse>): readonly RegoFileCoverage[] {
  return Object.entries(coverage.files)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([file, found]) => {
      const [covered, notCovered] = [found.covered, found.not_covered].map((ranges) => [
        ...new Set(ranges.flatMap(({ start, end }) => Array.from({ length: end.row - start.row + 1 }, (_, index) => start.row + index))),
      ]);
      return { file, covered: (covered ?? []).filter((row) => notCovered?.includes(row) !== true), notCovered: notCovered ?? [] };
    });
}

function traceOf(events: ReturnType<typeof evaluationSchema.parse>['explanation'], files: readonly RegoFile[]): readonly RegoTraceStep[] {
  const depths = new Map<number, number>();
  const lines = new Map(files.map(({ path, text }) => [path, text.split('\n')]));
  return events.flatMap(({ Op, Location, QueryID, ParentID }) => {
    if (!depths.has(QueryID)) depths.set(QueryID, (depths.get(ParentID) ?? 0) + 1);
    const op = Op.toLowerCase();
    if (Location === null || Location.file === '' || (op !== 'enter' && op !== 'exit' && op !== 'fail')) return [];
    const { file, row } = Location;
    const col = Math.max(1, Location.col);
    const text = (lines.get(file)?.[row - 1] ?? '').slice(col - 1, col - 1 + TEXT_MAX);
    return [{ op, depth: depths.get(QueryID) ?? 1, file, row, col, text } satisfies RegoTraceStep];
  });
}
