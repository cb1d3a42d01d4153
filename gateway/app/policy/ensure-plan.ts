import { verifyBundle, type CompiledBundle } from '../../domain/policy/signed-bundle.ts';
import type { PolicyStore } from '../../ports/policy-store.ts';
import type { CompileRevision } from './compile-revision.ts';

/** A verified bundle with its plan; null when it is not kept, altered, or this program's compiler makes another one of its texts. */
export type EnsurePlan = (revision: string) => Promise<CompiledBundle | null>;

/** What came with the program has no plan until somebody asks a question that needs it. It is kept then. */
export function createEnsurePlan({ store, compile }: { readonly store: PolicyStore; readonly compile: CompileRevision }): EnsurePlan {
  return async (revision) => {
    const bundle = await store.bundle(revision);
    if (bundle === null || !verifyBundle(bundle, revision).ok) return null;
    if (bundle.plan !== null) return bundle;
    const found = await store.findByRevision(revision);
    const content = found === null ? null : await store.content(found.id);
    const compiled = content === null ? null : await compile(content.files);
    // Only the plan of the very same module says what that module does.
    if (compiled?.ok !== true || compiled.bundle.manifest.revision !== revision) return null;
    const whole = { ...bundle, plan: compiled.bundle.plan };
    await store.keepBundle(revision, whole);
    return whole;
  };
}
