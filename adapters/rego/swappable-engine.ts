import type { PolicyEngine } from '#gateway/ports/policy-engine.ts';

/** An engine whose policy can be exchanged between two decisions. */
export interface SwappableEngine extends PolicyEngine {
  /**
   * From the next evaluation on the other engine decides, with the data that it has: give it the current data first. Nothing is loaded
   * here, so nothing can fail. Returns the engine that decided until now, for the way back.
   */
  swap(next: PolicyEngine): PolicyEngine;
}

/** Publishing and rolling back is the exchange of one pointer: evaluations are synchronous, so that none is ever under way. */
export function createSwappableEngine(first: PolicyEngine): SwappableEngine {
  let active = first;
  return {
    get revision() {
      return active.revision;
    },
    get dataRevision() {
      return active.dataRevision;
    },
    evaluate: (inputJson) => active.evaluate(inputJson),
    setData: (data) => active.setData(data),
    patchData: (path, value) => active.patchData(path, value),
    swap: (next) => {
      const previous = active;
      active = next;
      return previous;
    },
  };
}
