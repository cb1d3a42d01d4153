import { GatewayError } from '../../domain/errors.ts';
import { signedText, verifyBundle, type CompiledBundle } from '../../domain/policy/signed-bundle.ts';
import type { PolicySigner } from '../../ports/policy-signer.ts';
import type { PolicyStore } from '../../ports/policy-store.ts';
import { findMovedPointer, type LoggedActivation } from './logged-activation.ts';

export interface LoadSignedDeps {
  readonly store: Pick<PolicyStore, 'find' | 'bundle'>;
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

export interface LoadActiveDeps extends LoadSignedDeps {
  readonly store: Pick<PolicyStore, 'find' | 'bundle' | 'activations' | 'activation'>;
  /** What the log says was brought into force last; null when it says nothing. */
  readonly logged: LoggedActivation | null;
  /** The stored pointer stands elsewhere. Never throws. */
  readonly onMoved: (revisionId: string) => void;
}

/**
 * What should be in force: the revision that was brought into force last, or when its bundle is refused the one before that still
 * verifies. Null when there is none: then what came with the program is.
 *
 * Where the stored pointer and the log differ, the log counts. Whoever can write the database could otherwise bring back an old revision
 * with a hole in it, signed as it is, without an operator's decision. Nobody is locked out by that: what the log names decided until a
 * moment ago, and where it cannot be loaded what the store names is tried as before. An activation whose record was lost in a crash is
 * to be made again, and the alarm says so.
 */
export async function loadActive(deps: LoadActiveDeps): Promise<CompiledBundle | null> {
  const { store, logged } = deps;
  const loadSigned = createLoadSigned(deps);
  const moved = await findMovedPointer(store, logged);
  if (moved !== null) deps.onMoved(moved);
  const inForce = (await store.activations(FALLBACKS_MAX)).map(({ revisionId }) => revisionId);
  for (const revisionId of new Set(logged === null ? inForce : [logged.revisionId, ...inForce])) {
    const bundle = await loadSigned(revisionId).catch((failure: unknown) => {
      if (failure instanceof GatewayError && failure.code === 'policy.artifact_mismatch') return null;
      throw failure;
    });
    if (bundle === null) continue;
    // The alarm about another bundle under the logged name was raised above.
    if (revisionId !== logged?.revisionId || bundle.manifest.revision === logged.revision) return bundle;
  }
  return null;
}
