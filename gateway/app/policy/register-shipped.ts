import type { AuditLog } from '../../ports/audit-log.ts';
import type { Clock } from '../../ports/clock.ts';
import type { PolicySigner } from '../../ports/policy-signer.ts';
import type { PolicyStore } from '../../ports/policy-store.ts';
import { contentHash } from '../../domain/policy/content-hash.ts';
import { isShipped, SHIPPED_AUTHOR, type PolicyRevision, type RevisionContent } from '../../domain/policy/revision.ts';
import { signedText, type CompiledBundle } from '../../domain/policy/signed-bundle.ts';

export interface RegisterShippedDeps {
  readonly store: PolicyStore;
  readonly signer: PolicySigner;
  readonly audit: Pick<AuditLog, 'append'>;
  readonly clock: Clock;
  /** The policy that came with the program, its committed hashes verified. */
  readonly shipped: { readonly bundle: CompiledBundle; readonly content: RevisionContent };
}

/**
 * Makes the policy that came with the program a revision like others: revision zero of a new installation. A program with another one
 * brings it into force only where nobody has published one of their own.
 */
export async function registerShipped(deps: RegisterShippedDeps): Promise<void> {
  const { store, clock, shipped } = deps;
  const revision = (await store.find(shippedId(shipped.bundle))) ?? (await addShipped(deps));
  const pointer = await store.activation();
  if (pointer?.revisionId === revision.id) return;
  const active = pointer === null ? null : await store.find(pointer.revisionId);
  if (active !== null && !isShipped(active)) return;
  const nowMs = clock.nowMs();
  // Before the pointer moves: what the log does not know of is not in force.
  await deps.audit.append({ ...recordOf(revision, nowMs), event: 'activated', detail: 'came with the program' });
  await store.activate({
    expectedNumber: pointer?.number ?? 0,
    to: { ...revision, state: 'active', activatedAtMs: nowMs },
    superseded: active === null ? null : { ...active, state: 'superseded' },
    activatedAtMs: nowMs,
  });
}

/** An operator's revision of the same content is another one. */
const shippedId = ({ manifest }: CompiledBundle): string => `rev_shipped_${manifest.revision.slice(0, 16)}`;

async function addShipped({ store, signer, audit, clock, shipped }: RegisterShippedDeps): Promise<PolicyRevision> {
  const { bundle, content } = shipped;
  const hash = bundle.manifest.revision;
  const nowMs = clock.nowMs();
  const revision: PolicyRevision = {
    id: shippedId(bundle),
    state: 'superseded',
    contentHash: contentHash(content),
    authorId: SHIPPED_AUTHOR,
    createdAtMs: nowMs,
    parentId: null,
    note: 'Came with the program',
    revision: hash,
    approval: null,
    signature: { ...(await signer.sign(signedText(hash))), operatorId: SHIPPED_AUTHOR, atMs: nowMs },
    emergency: null,
    activatedAtMs: nowMs,
  };
  await audit.append({ ...recordOf(revision, nowMs), event: 'shipped' });
  await store.keepBundle(hash, bundle);
  await store.add(revision, content);
  return revision;
}

const recordOf = ({ id, revision }: PolicyRevision, occurredAtMs: number) =>
  ({
    type: 'policy_revision',
    occurredAtMs,
    revisionId: id,
    revision,
    operatorId: null,
    reason: '',
    detail: '',
    decisionId: null,
  }) as const;
