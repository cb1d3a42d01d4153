import type { Deny } from '../../domain/access/decision.ts';
import type { ActionName } from '../../domain/access/action-name.ts';
import { isShipped } from '../../domain/policy/revision.ts';
import type { PolicyLife } from './life/types.ts';

/** Revisions that are looked through for the one that came with the program: it is added at every start with another program. */
const LOOKED_AT_MAX = 100;

type Reads = Pick<PolicyLife, 'activations' | 'detail' | 'list'>;

export interface UnknownAction {
  readonly activeId: string;
  /** The newest one that came with the program; null when it is further back than anybody looks. */
  readonly shippedId: string | null;
}

/**
 * Whether an operator's command was denied because the policy in force has never heard of it: one that was published before the program knew the
 * action. The policy then permits it to nobody, whatever their role. Null: the denial has another cause, or none can be told.
 */
export async function findUnknownAction(
  life: Reads,
  action: ActionName,
  { reasons }: Pick<Deny, 'reasons'>,
): Promise<UnknownAction | null> {
  if (reasons.length !== 1 || reasons[0] !== 'policy.no_permit') return null;
  const [active] = (await life.activations()).newestFirst;
  const detail = active === undefined ? null : await life.detail(active.revisionId);
  if (detail === null || detail.content.files.some(({ text }) => names(text, action))) return null;
  const newest = await life.list({ beforeId: null, limit: LOOKED_AT_MAX });
  return { activeId: detail.revision.id, shippedId: newest.find(isShipped)?.id ?? null };
}

/** By its whole name, or by the beginning that rules share: `"person."`. */
function names(text: string, action: ActionName): boolean {
  return text.includes(`"${action}"`) || text.includes(`"${action.slice(0, action.indexOf('.') + 1)}"`);
}

/** What it means and what to do next, for the operator. */
export function explainUnknownAction(action: ActionName, { activeId, shippedId }: UnknownAction): string {
  const next =
    shippedId === null
      ? 'See gatehouse policy list for the one that came with the program'
      : `In the console: Policy, Revisions, ${shippedId}, Activate. At the host: gatehouse policy publish ${shippedId} --reason "…"`;
  return (
    `The policy in force (${activeId}) is older than this program and has no rule about "${action}", so it permits it to nobody. ` +
    `${next}. It replaces the rules of your own: to keep them, add "${action}" to the operator actions of your policy and publish that.`
  );
}
