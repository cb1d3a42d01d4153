import type { DecisionId } from '#gateway/domain/site/ids.ts';
import { createIdentityProvider as createReal, type IdentityProvider } from '#gateway/oidc/identity-provider.ts';

/*
 * Stands in for the gateway's identity provider where a benchmark asks what deciding and recording costs: the same in everything else. It
 * permits everybody everything and records nothing.
 */
export function createIdentityProvider(deps: Parameters<typeof createReal>[0]): Promise<IdentityProvider> {
  const permit = {
    id: 'dec_undecided' as DecisionId,
    policyRevision: 'none',
    epoch: 0,
    effect: 'permit',
    permits: ['app.granted'],
  } as const;
  return createReal({
    ...deps,
    authorizeApp: async () => ({ ...permit, obligations: [], ttlS: 300 }),
    relyOn: async (_question, ask) => (await ask()).answer,
    audit: {
      append: async () => ({ seq: 0, hash: '' }),
      subscribe: (listener) => deps.audit.subscribe(listener),
      isWritable: () => deps.audit.isWritable(),
      close: () => deps.audit.close(),
    },
  });
}
