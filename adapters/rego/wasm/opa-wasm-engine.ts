import { createHash } from 'node:crypto';
import type { PolicyData } from '#gateway/domain/access/policy-data.ts';
import { canonicalJson } from '#gateway/domain/canonical-json.ts';
import { GatewayError } from '#gateway/domain/errors.ts';
import type { PolicyEngine } from '#gateway/ports/policy-engine.ts';
import { canonicalAnswer } from '../canonical-answer.ts';
import type { PolicyBundle } from './load-policy-bundle.ts';
import { EVALUATION_PAGES_MAX, PolicyInstance } from './policy-instance.ts';

interface Loaded {
  readonly dataRevision: string;
  readonly dataJson: Uint8Array;
  readonly instance: PolicyInstance;
}

class OpaWasmEngine implements PolicyEngine {
  readonly revision: string;
  readonly #module: WebAssembly.Module;
  readonly #entrypoint: string;
  readonly #evaluationPagesMax: number;
  #active: Loaded;
  #isTainted = false;

  constructor(bundle: PolicyBundle, module: WebAssembly.Module, evaluationPagesMax: number) {
    this.revision = bundle.manifest.revision;
    this.#module = module;
    this.#entrypoint = bundle.manifest.entrypoint;
    this.#evaluationPagesMax = evaluationPagesMax;
    this.#active = this.#load(bundle.data);
  }

  get dataRevision(): string {
    return this.#active.dataRevision;
  }

  evaluate(inputJson: Uint8Array): unknown {
    try {
      if (this.#isTainted) this.#rebuild();
      return canonicalAnswer(this.#active.instance.evaluate(inputJson));
    } catch (cause) {
      // A policy that was interrupted inside may leave its heap in any state: the next evaluation starts on a new one.
      this.#isTainted = true;
      throw new GatewayError('policy.evaluation_failed', 'the policy could not be evaluated', { cause });
    }
  }

  setData(data: PolicyData): void {
    this.#active = this.#load(data);
    this.#isTainted = false;
  }

  #load(data: PolicyData): Loaded {
    try {
      const text = canonicalJson(data);
      const dataJson = new TextEncoder().encode(text);
      const dataRevision = createHash('sha256').update(dataJson).digest('hex');
      return { dataRevision, dataJson, instance: this.#instantiate(dataJson) };
    } catch (cause) {
      throw new GatewayError('policy.load_failed', 'the policy could not be loaded', { cause });
    }
  }

  #rebuild(): void {
    this.#active = { ...this.#active, instance: this.#instantiate(this.#active.dataJson) };
    this.#isTainted = false;
  }

  #instantiate(dataJson: Uint8Array): PolicyInstance {
    return new PolicyInstance({
      module: this.#module,
      entrypoint: this.#entrypoint,
      dataJson,
      evaluationPagesMax: this.#evaluationPagesMax,
    });
  }
}

/** The runtime compiles the module's functions when they first run, 15 to 30 ms that the first person at a door would wait for. */
const WARM_UP_EVALUATIONS = 50;
const NOTHING = new TextEncoder().encode('{}');

function warmUp(engine: PolicyEngine): void {
  try {
    for (let round = 0; round < WARM_UP_EVALUATIONS; round += 1) engine.evaluate(NOTHING);
  } catch {
    // What a policy makes of an empty input is its own business: real inputs have passed the schema.
  }
}

/** Compiles a verified bundle and loads its own data. @throws policy.load_failed */
export async function createOpaWasmEngine(
  bundle: PolicyBundle,
  options: { readonly evaluationPagesMax?: number } = {},
): Promise<PolicyEngine> {
  const module = await WebAssembly.compile(bundle.wasm).catch((cause: unknown) => {
    throw new GatewayError('policy.load_failed', 'the policy is no WebAssembly module', { cause });
  });
  const engine = new OpaWasmEngine(bundle, module, options.evaluationPagesMax ?? EVALUATION_PAGES_MAX);
  warmUp(engine);
  return engine;
}
