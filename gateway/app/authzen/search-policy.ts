import type { DecisionInput } from '../../domain/access/decision-input.ts';
import type { PolicyData } from '../../domain/access/policy-data.ts';
import { canonicalJson } from '../../domain/canonical-json.ts';
import { GatewayError } from '../../domain/errors.ts';
import type { PolicyEngine } from '../../ports/policy-engine.ts';
import type { PolicyEngines, TracingEngine } from '../../ports/policy-engines.ts';
import type { EnsurePlan } from '../policy/ensure-plan.ts';
import { completeInput, type PersonParts } from './question-input.ts';

/** Of so many people one is asked about twice: of the engine that answers searches, and of the one that decides. */
export const COMPARED_EVERY = 32;

/** What the policy would answer about a person; everything else of the question is fixed. @throws policy.evaluation_failed */
export type AskAbout = (parts: PersonParts) => unknown;

/** How a question about many people is put to the policy. */
export interface SearchPolicy {
  readonly revision: string;
  readonly dataRevision: string;
  /** For a few people: the engine that decides. */
  askDeciding(common: DecisionInput): AskAbout;
  /**
   * For many: the second engine, which takes an input as it is instead of its text, where it stands ready with the same policy and data.
   * It is compared with the engine that decides as it goes, and never asked again after a difference.
   */
  askSearching(common: DecisionInput): Promise<AskAbout>;
}

export interface SearchPolicyDeps {
  readonly policy: Pick<PolicyEngine, 'evaluate' | 'revision' | 'dataRevision'>;
  readonly engines: Pick<PolicyEngines, 'trace'>;
  readonly ensurePlan: EnsurePlan;
  readonly currentData: () => Promise<PolicyData>;
  /** The engines answered differently: an alarm, and nothing that a search says. Never throws. */
  readonly onDifference: (revision: string) => void;
}

const utf8 = new TextEncoder();

export function createSearchPolicy(deps: SearchPolicyDeps): SearchPolicy {
  const { policy } = deps;
  const second = new SecondEngine(deps);
  const askDeciding = (common: DecisionInput): AskAbout => {
    const toJson = createWriter(common);
    return (parts) => policy.evaluate(utf8.encode(toJson(parts)));
  };
  return {
    get revision() {
      return policy.revision;
    },
    get dataRevision() {
      return policy.dataRevision;
    },
    askDeciding,
    askSearching: async (common) => {
      const deciding = askDeciding(common);
      const engine = await second.standingReady();
      if (engine === null) return deciding;
      const { revision, dataRevision } = engine;
      let asked = 0;
      return (parts) => {
        // Published meanwhile, or data changed: the rest is asked of what is in force now.
        if (policy.revision !== revision || policy.dataRevision !== dataRevision) return deciding(parts);
        const answer = engine.evaluateInput(completeInput(common, parts));
        asked += 1;
        if (asked % COMPARED_EVERY === 1) second.compare(answer, deciding(parts));
        return answer;
      };
    },
  };
}

/** The engine of the plan, made when it is first wanted and kept while its policy is in force. */
class SecondEngine {
  readonly #deps: SearchPolicyDeps;
  #engine: TracingEngine | null = null;
  #making: string | null = null;
  #distrusted: string | null = null;

  constructor(deps: SearchPolicyDeps) {
    this.#deps = deps;
  }

  /** With the data of the engine that decides; null while it is not: nobody waits for it to be made. */
  async standingReady(): Promise<TracingEngine | null> {
    const { policy, currentData } = this.#deps;
    const { revision } = policy;
    if (this.#distrusted === revision) return null;
    const engine = this.#engine;
    if (engine?.revision !== revision) {
      this.#make(revision);
      return null;
    }
    if (engine.dataRevision !== policy.dataRevision) engine.setData(await currentData());
    return engine.revision === policy.revision && engine.dataRevision === policy.dataRevision ? engine : null;
  }

  /** @throws policy.evaluation_failed when the two differ: what was found so far may be wrong */
  compare(answer: unknown, decided: unknown): void {
    if (canonicalJson(answer ?? null) === canonicalJson(decided ?? null)) return;
    const { revision } = this.#deps.policy;
    this.#distrusted = revision;
    this.#engine = null;
    this.#deps.onDifference(revision);
    throw new GatewayError('policy.evaluation_failed', 'the two engines of the policy do not agree');
  }

  #make(revision: string): void {
    if (this.#making === revision) return;
    this.#making = revision;
    const { engines, ensurePlan, currentData } = this.#deps;
    const make = async (): Promise<void> => {
      const bundle = await ensurePlan(revision);
      if (bundle === null) return;
      const engine = engines.trace(bundle);
      engine.setData(await currentData());
      this.#engine = engine;
    };
    // Without it searches take longer, and are as right: the engine that decides answers. Tried again for the next policy in force.
    make().catch(() => undefined);
  }
}

/** The input as JSON: text of what is common, with the parts of a person put in. */
function createWriter({ action, resource, context }: DecisionInput): (parts: PersonParts) => string {
  // What has no value is not written.
  const rest = JSON.stringify({ ...context, credential: undefined, authentication: undefined, presence: undefined });
  const head = `{"action":${JSON.stringify(action)},"resource":${JSON.stringify(resource)},"context":${rest.slice(0, -1)}`;
  return (parts) =>
    `${head},"credential":${JSON.stringify(parts.credential)},"authentication":${JSON.stringify(parts.authentication)},` +
    `"presence":${JSON.stringify(parts.presence)}},"subject":${JSON.stringify(parts.subject)}}`;
}
