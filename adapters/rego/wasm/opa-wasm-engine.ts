import type { PolicyData } from '#gateway/domain/access/policy-data.ts';
import { GatewayError } from '#gateway/domain/errors.ts';
import type { PolicyEngine } from '#gateway/ports/policy-engine.ts';
import { canonicalAnswer } from '../canonical-answer.ts';
import { DataDocument, patchTexts } from '../data-document.ts';
import type { PolicyBundle } from './load-policy-bundle.ts';
import { EVALUATION_PAGES_MAX, PolicyInstance } from './policy-instance.ts';

/** Patches leak in OPA (issue 5785): after so many, or so many bytes of them, the next one gets a new instance. */
export const PATCHES_MAX = 1_000;
export const PATCHED_BYTES_MAX = 1024 * 1024;

interface Loaded {
  readonly document: DataDocument;
  readonly instance: PolicyInstance;
  readonly patches: number;
  readonly patchedBytes: number;
}

const utf8 = new TextEncoder();

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
    return this.#active.document.revision;
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

  patchData(path: readonly string[], value: unknown): void {
    try {
      const { pathJson, valueJson } = patchTexts(path, value);
      const { document, instance, patches, patchedBytes } = this.#active;
      const patched = document.patched(path, valueJson);
      const bytes = patchedBytes + pathJson.length + (valueJson?.length ?? 0);
      if (this.#isTainted || patches === PATCHES_MAX || bytes > PATCHED_BYTES_MAX) {
        this.#active = this.#loaded(patched);
        this.#isTainted = false;
        return;
      }
      // Broken off in the middle, the instance may hold anything: the next evaluation builds it anew from the document that counts.
      this.#isTainted = true;
      instance.patch(utf8.encode(pathJson), valueJson === undefined ? undefined : utf8.encode(valueJson));
      this.#active = { document: patched, instance, patches: patches + 1, patchedBytes: bytes };
      this.#isTainted = false;
    } catch (cause) {
      throw new GatewayError('policy.load_failed', 'the data of the policy could not be changed', { cause });
    }
  }

  #load(data: PolicyData): Loaded {
    try {
      return this.#loaded(DataDocument.of(data));
    } catch (cause) {
      throw new GatewayError('policy.load_failed', 'the policy could not be loaded', { cause });
    }
  }

  #rebuild(): void {
    this.#active = this.#loaded(this.#active.document);
    this.#isTainted = false;
  }

  #loaded(document: DataDocument): Loaded {
    const instance = new PolicyInstance({
      module: this.#module,
      entrypoint: this.#entrypoint,
      dataJson: utf8.encode(document.text),
      evaluationPagesMax: this.#evaluationPagesMax,
    });
    return { document, instance, patches: 0, patchedBytes: 0 };
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

export interface WasmPolicy {
  /** An engine of its own over the compiled module: what a swap or a rollback takes. @throws policy.load_failed */
  instantiate(data: PolicyData): PolicyEngine;
}

interface WasmOptions {
  readonly evaluationPagesMax?: number;
}

/** Compiles a verified bundle once and for all. @throws policy.load_failed */
export async function openWasmPolicy(bundle: PolicyBundle, options: WasmOptions = {}): Promise<WasmPolicy> {
  const module = await WebAssembly.compile(bundle.wasm).catch((cause: unknown) => {
    throw new GatewayError('policy.load_failed', 'the policy is no WebAssembly module', { cause });
  });
  const pagesMax = options.evaluationPagesMax ?? EVALUATION_PAGES_MAX;
  return { instantiate: (data) => new OpaWasmEngine({ ...bundle, data }, module, pagesMax) };
}

/** Compiles a verified bundle and loads its own data. @throws policy.load_failed */
export async function createOpaWasmEngine(bundle: PolicyBundle, options: WasmOptions = {}): Promise<PolicyEngine> {
  const engine = (await openWasmPolicy(bundle, options)).instantiate(bundle.data);
  warmUp(engine);
  return engine;
}
