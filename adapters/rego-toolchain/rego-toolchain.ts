import { GatewayError } from '#gateway/domain/errors.ts';
import type {
  RegoCompilation,
  RegoExplanation,
  RegoFile,
  RegoRefusal,
  RegoSource,
  RegoTestRun,
  RegoToolchain,
} from '#gateway/ports/rego-toolchain.ts';
import { answerSchema, type Answer } from './answers.ts';
import { ARTIFACT_DIR, loadArtifact } from './artifact.ts';
import { createRunQueue } from './run-queue.ts';
import { prepareRun, type PreparedRun } from './prepared-run.ts';
import { createStandBy, type StandBy } from './stand-by.ts';
import type { ProgramOutcome } from './wasi-host.ts';

/** Half of what the program reads at most (requestMaxBytes in main.go). */
export const REQUEST_BYTES_MAX = 4 * 1024 * 1024;
const ANSWER_BYTES_MAX = 32 * 1024 * 1024;
const PAGE_BYTES = 64 * 1024;
/** Hundreds of cases with coverage take ten seconds on two idle cores, and a minute on busy ones. */
export const TEST_TIMEOUT_MS = 120_000;
const RUNNING_MAX = 2;
const WAITING_MAX = 16;

export interface RegoToolchainOptions {
  /** Directory with the committed compiler and its manifest. */
  readonly artifactDir?: URL;
  /** A call that takes longer is terminated. */
  readonly timeoutMs?: number;
  /** Of a run of all tests; `timeoutMs` where only that is given. */
  readonly testTimeoutMs?: number;
  /** Memory of one call, in pages of 64 KiB. */
  readonly memoryPagesMax?: number;
}

interface ToolRequest {
  readonly op: 'check' | 'compile' | 'fmt' | 'test' | 'explain';
  readonly files: readonly RegoFile[];
  readonly entrypoints?: readonly string[];
  readonly host_builtins?: readonly string[];
  readonly schemas?: Readonly<Record<string, unknown>>;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly input?: unknown;
  readonly plan?: boolean;
}

type Run = (request: ToolRequest) => Promise<Answer>;

function refusalOf(answer: Answer): RegoRefusal {
  if (answer.errors.length === 0) throw new GatewayError('policy.toolchain_failed', 'the policy compiler refused without a reason');
  return { ok: false, problems: answer.errors };
}

function partsOf(source: RegoSource): Pick<ToolRequest, 'files' | 'schemas' | 'host_builtins'> {
  return { files: source.files, schemas: source.schemas ?? {}, host_builtins: source.hostBuiltins ?? [] };
}

function compilationOf(answer: Answer): RegoCompilation | RegoRefusal {
  if (!answer.ok || answer.wasm === undefined) return refusalOf(answer);
  return { ok: true, wasm: new Uint8Array(Buffer.from(answer.wasm, 'base64')), plan: answer.plan };
}

function testRunOf(answer: Answer): RegoTestRun | RegoRefusal {
  if (answer.tests === undefined || answer.coverage === undefined) return refusalOf(answer);
  const coverage = answer.coverage.files.map((found) => ({
    file: found.file,
    covered: found.covered,
    notCovered: found.not_covered,
  }));
  return { ok: true, allPassed: answer.ok, tests: answer.tests, coverage };
}

function explanationOf(answer: Answer): RegoExplanation | RegoRefusal {
  if (answer.explanation === undefined) return refusalOf(answer);
  const { result, trace, truncated } = answer.explanation;
  return { ok: true, result, trace, truncated };
}

/** Whoever asked need not wait until the thread has ended; its place and its memory are free for the next one only then. */
function answerOf(
  enqueue: ReturnType<typeof createRunQueue>,
  ready: StandBy,
  ask: (prepared: PreparedRun) => Promise<ProgramOutcome>,
): Promise<ProgramOutcome> {
  return new Promise((resolve, reject) => {
    enqueue(async () => {
      const prepared = ready.take();
      try {
        resolve(await ask(prepared));
      } finally {
        await prepared.ended();
      }
    }).catch(reject);
  });
}

function createRun(options: RegoToolchainOptions): Run {
  const { artifactDir = ARTIFACT_DIR, timeoutMs = 20_000, memoryPagesMax = 8192 } = options;
  const { testTimeoutMs = options.timeoutMs ?? TEST_TIMEOUT_MS } = options;
  const enqueue = createRunQueue(RUNNING_MAX, WAITING_MAX);
  // One request, and then the memory is thrown away: Go collects garbage only before it meets the wall of the module's memory.
  const memoryGoalBytes = Math.floor(memoryPagesMax * PAGE_BYTES * 0.75);
  const env = ['GOGC=off', `GOMEMLIMIT=${String(memoryGoalBytes)}`];
  let standBy: Promise<StandBy> | undefined;
  const load = async (): Promise<StandBy> => {
    const module = await loadArtifact(artifactDir, memoryPagesMax);
    return createStandBy(() => prepareRun({ module, env, outputBytesMax: ANSWER_BYTES_MAX }));
  };
  const loaded = async (): Promise<StandBy> => {
    standBy ??= load();
    try {
      return await standBy;
    } catch (error) {
      standBy = undefined;
      throw error;
    }
  };
  return async (request) => {
    const stdin = new TextEncoder().encode(JSON.stringify(request));
    if (stdin.length > REQUEST_BYTES_MAX) throw new GatewayError('request.too_large', 'the policy is too large for the compiler');
    const ready = await loaded();
    const limitMs = request.op === 'test' ? testTimeoutMs : timeoutMs;
    const outcome = await answerOf(enqueue, ready, (prepared) => prepared.run(stdin, limitMs));
    // Not before: it would take the time of the one that somebody waits for.
    ready.refill();
    if (outcome.exitCode !== 0) throw new GatewayError('policy.toolchain_failed', 'the policy compiler ended without an answer');
    try {
      return answerSchema.parse(JSON.parse(new TextDecoder().decode(outcome.stdout)));
    } catch (cause) {
      throw new GatewayError('policy.toolchain_failed', 'the answer of the policy compiler cannot be read', { cause });
    }
  };
}

/** The compiler of policies/toolchain as WASI: one verified module, one thread and one instance per call, the next one started ahead. */
export function createRegoToolchain(options: RegoToolchainOptions = {}): RegoToolchain {
  const run = createRun(options);
  return {
    check: async (source) => {
      const answer = await run({ op: 'check', ...partsOf(source) });
      return answer.ok ? { ok: true } : refusalOf(answer);
    },
    compile: async ({ entrypoints, plan = false, ...source }) =>
      compilationOf(await run({ op: 'compile', ...partsOf(source), entrypoints, plan })),
    format: async (files) => {
      const answer = await run({ op: 'fmt', files });
      return answer.formatted === undefined ? refusalOf(answer) : { ok: true, files: answer.formatted };
    },
    test: async ({ data = {}, ...source }) => testRunOf(await run({ op: 'test', ...partsOf(source), data })),
    explain: async ({ entrypoint, input, data = {}, ...source }) =>
      explanationOf(await run({ op: 'explain', ...partsOf(source), entrypoints: [entrypoint], input, data })),
  };
}
