import type { PolicyData } from '../../domain/access/policy-data.ts';
import type { Person } from '../../domain/people/person.ts';
import type { PolicyEngine } from '../../ports/policy-engine.ts';

/** Keys (`door:ID`, `app:ID`, `vpn_realm:ID`) of what any grant of the person names, whether or not it holds now. */
export type GrantedResources = (person: Person) => Promise<ReadonlySet<string>>;

interface Deps {
  readonly policy: Pick<PolicyEngine, 'dataRevision'>;
  readonly currentData: () => Promise<PolicyData>;
}

/** Reads the policy data once for each of its revisions: it holds everybody's grants. @throws store.unavailable */
export function createGrantedResources({ policy, currentData }: Deps): GrantedResources {
  let kept: { readonly dataRevision: string; readonly data: Promise<PolicyData> } | null = null;

  const dataOfNow = (): Promise<PolicyData> => {
    const { dataRevision } = policy;
    if (kept?.dataRevision === dataRevision) return kept.data;
    const data = currentData();
    kept = { dataRevision, data };
    // What could not be read is read again for the next question.
    data.catch(() => (kept = null));
    return data;
  };

  return async ({ id, groups, roles }) => {
    const { grants, profiles } = (await dataOfNow()).gatehouse;
    const holders = [`person:${id}`, ...groups.map((group) => `group:${group}`), ...roles.map((role) => `role:${role}`)];
    const held = holders.flatMap((holder) => (Object.hasOwn(grants, holder) ? (grants[holder] ?? []) : []));
    const named = held.flatMap(({ profile }) => (Object.hasOwn(profiles, profile) ? Object.keys(profiles[profile] ?? {}) : []));
    return new Set(named);
  };
}
