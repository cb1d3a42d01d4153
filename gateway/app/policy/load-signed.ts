import { GatewayError } from '../../domain/errors.ts';
import { signedText, verifyBundle, type CompiledBundle } from '../../domain/policy/signed-bundle.ts';
import type { PolicySigner } from '../../ports/policy-signer.ts';
import type { PolicyStore } from '../../ports/policy-store.ts';

export interface LoadSignedDeps {
  readonly store: Pick<PolicyStore, 'find' | 'bundle' | 'activations'>;
  readonly signer: Pick<PolicySigner, 'verify'>;
  /** A bundle was refused: somebody should look. Never throws. */
  readonly onRefused: (revisionId: string, why: string) => void;
}

export type LoadSigned = (revisionId: string) => Promise<CompiledBundle>;

/** Loads a revision only if every byte is what its manifest names, and the manifest what was signed. @throws policy.artifact_mismatch */
export function createLoadSigned(deps: LoadSignedDeps): LoadSigned {
  return async (revisionId) => {
    const why = await load(deps, revisionId);
    if (typeof why !== 'string') return why;
    deps.onRefused(revisionId, why);
    throw new GatewayError('policy.artifact_mismatch', 'The revision is not the one that was signed, and is not loaded.');
  };
}

/** The bundle, or why it must not be used. */
async function load({ store, signer }: LoadSignedDeps, revisionId: string): Promise<CompiledBundle | string> {
  const found = await store.find(revisionId);
  if (found?.revision === null || found === null) return 'unknown';
  if (found.signature === null) return 'unsigned';
  const bundle = await store.bundle(found.revision).catch(() => null);
  if (bundle === null) return 'bundle_missing';
  const verdict = verifyBundle(bundle, found.revision);
  if (!verdict.ok) return verdict.fault;
  return (await signer.verify(signedText(found.revision), found.signature)) ? bundle : 'signature_invalid';
}

/** Earlier activations that are tried when the active one is refused. */
const FALLBACKS_MAX = 20;

/**
 * What should be in force: the active revision, or when its bundle is refused the one before that still verifies. Null when there is
 * none: then what came with the program is.
 */
export async function loadActive(deps: LoadSignedDeps): Promise<CompiledBundle | null> {
  const loadSigned = createLoadSigned(deps);
  const tried = new Set<string>();
  for (const { revisionId } of await deps.store.activations(FALLBACKS_MAX)) {
    if (tried.has(revisionId)) continue;
    tried.add(revisionId);
    const bundle = await loadSigned(revisionId).catch((failure: unknown) => {
      if (failure instanceof GatewayError && failure.code === 'policy.artifact_mismatch') return null;
      throw failure;
    });
    if (bundle !== null) return bundle;
  }
  return null;
}
