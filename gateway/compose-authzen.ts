import type { JWK } from 'jose';
import { createPolicyEngines } from '#adapters/rego/policy-engines.ts';
import { createCandidates } from './app/authzen/candidates.ts';
import { createFindClient } from './app/authzen/clients.ts';
import { createEvaluate, type EvaluateDeps } from './app/authzen/evaluate.ts';
import { createPageTokens } from './app/authzen/page-token.ts';
import { createSearch } from './app/authzen/search.ts';
import { createSearchPolicy, type SearchPolicyDeps } from './app/authzen/search-policy.ts';
import { createWhoCan, type AskWhoCan } from './app/authzen/who-can.ts';
import { createAuthzenFace, type AuthzenFace } from './http/authzen/authzen-face.ts';
import { createSignedMetadata } from './http/authzen/metadata.ts';
import { loadProviderKeys, type ProviderKeys } from './oidc/keys/signing-keys.ts';
import { OIDC_PATH } from './oidc/types.ts';
import type { Config } from './platform/config/config.ts';
import type { Logger } from './platform/logger.ts';
import type { AuditLog } from './ports/audit-log.ts';
import type { HoldingsStore } from './ports/holdings-store.ts';
import type { PolicyEngine } from './ports/policy-engine.ts';
import type { SecretStore } from './ports/secret-store.ts';

export interface AuthzenParts extends EvaluateDeps, Pick<SearchPolicyDeps, 'ensurePlan' | 'currentData'> {
  readonly config: Pick<Config, 'publicUrl' | 'authzen'>;
  readonly holdings: HoldingsStore;
  readonly policy: PolicyEngine;
  readonly audit: AuditLog;
  readonly secrets: SecretStore;
  /** The keys in force; absent = those of now for good. */
  readonly keys?: () => ProviderKeys;
  readonly log: Logger;
}

export interface Authzen {
  /** Null when nobody is configured to ask: the addresses then do not exist. */
  readonly authzen: AuthzenFace | null;
  readonly whoCan: AskWhoCan;
}

const PAGE_KEY_NAME = 'authzen/page-key';
const PAGE_KEY_LENGTH_BYTES = 32;

/** Decisions for remote enforcement points, and the question who can pass a door now. @throws secret.unavailable */
export async function composeAuthzen(parts: AuthzenParts): Promise<Authzen> {
  const { config, log, random, secrets } = parts;
  const searchPolicy = createSearchPolicy({
    ...parts,
    engines: createPolicyEngines(),
    onDifference: (sourceId) => reportDifference(parts, sourceId),
  });
  const candidates = createCandidates({ ...parts, searchPolicy });
  const whoCan = createWhoCan({ ...parts, candidates });
  const { clients } = config.authzen;
  if (clients.length === 0) return { authzen: null, whoCan };
  const tokens = createPageTokens(await secrets.readOrCreate(PAGE_KEY_NAME, () => random.bytes(PAGE_KEY_LENGTH_BYTES)));
  const loaded = await loadProviderKeys({ secrets, random, clock: parts.clock });
  const authzen = createAuthzenFace({
    metadata: createCurrentMetadata(parts, parts.keys ?? (() => loaded)),
    publicUrl: config.publicUrl,
    findClient: createFindClient(clients),
    evaluate: createEvaluate(parts),
    search: createSearch({ ...parts, candidates, tokens, channel: 'authzen' }),
    log,
  });
  return { authzen, whoCan };
}

/** Signed once for each key: one that was rotated or retired signs nothing any more. */
function createCurrentMetadata({ clock, config }: AuthzenParts, keys: () => ProviderKeys) {
  const issuer = `${config.publicUrl}${OIDC_PATH}`;
  const sign = (key: JWK) => ({ kid: key.kid, metadata: createSignedMetadata(config.publicUrl, { key, issuer }, clock.nowMs()) });
  let signed: ReturnType<typeof sign> | null = null;
  return async (): Promise<Readonly<Record<string, unknown>>> => {
    const [key] = keys().signing;
    if (key === undefined) throw new TypeError('the provider has no key');
    if (signed === null || signed.kid !== key.kid) signed = sign(key);
    return signed.metadata;
  };
}

/** The log says it, and so does the operator's console: one of the two engines has a defect. */
function reportDifference({ audit, clock, log }: AuthzenParts, sourceId: string): void {
  log.error('policy.engines_differ', { sourceId });
  const alarm = { type: 'alarm', code: 'policy.engines_differ', sourceType: 'policy', sourceId, active: true } as const;
  // A log that fails now says so by itself; the search that found the difference fails either way.
  audit.append({ ...alarm, occurredAtMs: clock.nowMs() }).catch(() => undefined);
}
