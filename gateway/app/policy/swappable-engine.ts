import { canonicalJson } from '../../domain/canonical-json.ts';
import type { PolicyData } from '../../domain/access/policy-data.ts';
import type { PolicyEngine } from '../../ports/policy-engine.ts';

/** Evaluations that may wait for the candidate; beyond it they are left out and counted, so that a decision never waits for a shadow. */
export const SHADOW_QUEUE_MAX = 1_000;
/** Evaluations of the candidate in one turn of the event loop. */
export const SHADOW_PER_TURN = 4;

export interface ShadowDifference {
  readonly inputJson: Uint8Array;
  readonly active: unknown;
  /** Undefined also when it failed. */
  readonly candidate: unknown;
}

export interface ShadowCounts {
  readonly compared: number;
  readonly differences: number;
  /** Evaluations of the candidate that ended in an error: each is a difference. */
  readonly failures: number;
  /** Left out because the queue was full. */
  readonly dropped: number;
}

/** The engine that everybody asks, whose policy can be exchanged between two decisions. */
export interface SwappableEngine extends PolicyEngine {
  /** Keeps an engine up to date with the data from now on, so that it can be swapped in at any moment; null ends that. */
  standBy(engine: PolicyEngine | null): void;
  /** From the next evaluation on. A pointer swap: no evaluation sees two policies. */
  swap(engine: PolicyEngine): void;
  /** Also asks a candidate, off the path of decisions; null ends that. */
  shadow(candidate: { readonly engine: PolicyEngine; readonly onDifference: (difference: ShadowDifference) => void } | null): void;
  /** Of the shadow run that goes on, or of the last one. */
  shadowCounts(): ShadowCounts;
}

export function createSwappableEngine(first: PolicyEngine): SwappableEngine {
  return new Swappable(first);
}

const NOTHING: ShadowCounts = { compared: 0, differences: 0, failures: 0, dropped: 0 };

class Swappable implements SwappableEngine {
  #active: PolicyEngine;
  #standby: PolicyEngine | null = null;
  #candidate: Parameters<SwappableEngine['shadow']>[0] = null;
  #queue: { readonly inputJson: Uint8Array; readonly active: unknown }[] = [];
  #isDraining = false;
  #counts: { -readonly [Name in keyof ShadowCounts]: number } = { ...NOTHING };

  constructor(first: PolicyEngine) {
    this.#active = first;
  }

  get revision(): string {
    return this.#active.revision;
  }

  get dataRevision(): string {
    return this.#active.dataRevision;
  }

  evaluate(inputJson: Uint8Array): unknown {
    const answer = this.#active.evaluate(inputJson);
    if (this.#candidate !== null) this.#compareLater(inputJson, answer);
    return answer;
  }

  setData(data: PolicyData): void {
    this.#active.setData(data);
    this.#others().forEach((engine) => engine.setData(data));
  }

  patchData(path: readonly string[], value: unknown): void {
    this.#active.patchData(path, value);
    this.#others().forEach((engine) => engine.patchData(path, value));
  }

  standBy(engine: PolicyEngine | null): void {
    this.#standby = engine;
  }

  swap(engine: PolicyEngine): void {
    this.#active = engine;
    if (this.#standby === engine) this.#standby = null;
  }

  shadow(candidate: Parameters<SwappableEngine['shadow']>[0]): void {
    this.#candidate = candidate;
    this.#queue = [];
    if (candidate !== null) this.#counts = { ...NOTHING };
  }

  shadowCounts(): ShadowCounts {
    return { ...this.#counts };
  }

  #others(): readonly PolicyEngine[] {
    return [this.#standby, this.#candidate?.engine ?? null].filter((engine) => engine !== null);
  }

  #compareLater(inputJson: Uint8Array, active: unknown): void {
    if (this.#queue.length >= SHADOW_QUEUE_MAX) {
      this.#counts.dropped += 1;
      return;
    }
    // The caller's buffer is the caller's again after the call.
    this.#queue.push({ inputJson: Uint8Array.from(inputJson), active });
    if (this.#isDraining) return;
    this.#isDraining = true;
    setImmediate(() => this.#drain());
  }

  #drain(): void {
    for (const { inputJson, active } of this.#queue.splice(0, SHADOW_PER_TURN)) this.#compare(inputJson, active);
    this.#isDraining = this.#queue.length > 0;
    if (this.#isDraining) setImmediate(() => this.#drain());
  }

  #compare(inputJson: Uint8Array, active: unknown): void {
    if (this.#candidate === null) return;
    const { engine, onDifference } = this.#candidate;
    let answer: unknown;
    try {
      answer = engine.evaluate(inputJson);
    } catch {
      // Counted: the candidate would have denied here.
      this.#counts.failures += 1;
    }
    this.#counts.compared += 1;
    if (canonicalJson(answer ?? null) === canonicalJson(active ?? null)) return;
    this.#counts.differences += 1;
    onDifference({ inputJson, active, candidate: answer });
  }
}
