import { loadPolicyBundle } from '#adapters/rego/wasm/load-policy-bundle.ts';
import { createOpaWasmEngine } from '#adapters/rego/wasm/opa-wasm-engine.ts';
import { buildPolicyData } from '#gateway/app/policy/build-policy-data.ts';
import type { ResourceRef } from '#gateway/domain/people/person.ts';
import type { GrantId, ProfileId } from '#gateway/domain/site/ids.ts';
import { startHttpGateway, type HttpGateway, type HttpGatewayOptions } from '../http-gateway.ts';
import { ALWAYS } from './own-side.ts';

export interface OwnSideGateway extends HttpGateway {
  /** Gives everybody of the role `employee` these. */
  grant(...resources: readonly ResourceRef[]): Promise<void>;
}

/** The HTTP half of the gateway under the shipped policy. */
export async function startOwnSideGateway(options: Partial<HttpGatewayOptions> = {}): Promise<OwnSideGateway> {
  const engine = await createOpaWasmEngine(await loadPolicyBundle());
  engine.setData(buildPolicyData([], [], { always: ALWAYS }));
  const gateway = await startHttpGateway({ clients: [], ...options, engine });
  return {
    ...gateway,
    grant: async (...resources) => {
      const profileId = 'everyday' as ProfileId;
      await gateway.grants.saveProfile({ id: profileId, name: 'Everyday', resources });
      const holder = { kind: 'role', id: 'employee' } as const;
      const times = { schedule: 'always', validFromMs: null, validUntilMs: null };
      await gateway.grants.saveGrant({ id: 'grt_1' as GrantId, profileId, holder, ...times, reason: 'test' });
      engine.setData(buildPolicyData(await gateway.grants.profiles(), await gateway.grants.grants(), { always: ALWAYS }));
    },
  };
}
