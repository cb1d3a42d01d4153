import type { Deny } from '../../domain/access/decision.ts';
import type { AreaId, DecisionId, ReaderId } from '../../domain/site/ids.ts';
import type { SiteMap } from '../../domain/site/site-map.ts';
import type { DoorNode } from '../../ports/door-node.ts';
import type { BeginOutcome, OperationRequest } from '../../ports/reader-operations.ts';
import type { AuthorizeOperator, AuthorizeOperatorRequest, Operator } from '../access/types.ts';

/** What an operator does to a reader gives access as surely as an enrolment does: the policy wants a fresh passkey and a reason. */
export const READER_MAINTAIN = 'reader.maintain';
const SITE_PREFIX = 'site:';

export type ReaderScope = { readonly kind: 'reader' | 'line' | 'area' | 'site'; readonly id: string } | { readonly kind: 'all' };

export interface OrderCommand {
  readonly operator: Operator;
  /** 3..500 characters. */
  readonly reason: string;
  readonly request: OperationRequest;
  /** What the decision is about: a reader's id, `site:ID`, `area:ID`, `line:ID` or `all`. */
  readonly about: string;
}

export type OrderOutcome =
  { readonly ok: true; readonly decisionId: DecisionId; readonly begun: BeginOutcome } | { readonly ok: false; readonly deny: Deny };

export interface OrderDeps {
  readonly authorizeOperator: AuthorizeOperator;
  readonly sites: SiteMap;
  readonly doorNode: Pick<DoorNode, 'operations'>;
}

export interface OrderReaderOperation {
  begin(command: OrderCommand): Promise<OrderOutcome>;
  /** Null: there is no such operation. */
  cancel(
    operator: Operator,
    operationId: string,
  ): Promise<{ readonly ok: true; readonly cancelled: boolean } | { readonly ok: false; readonly deny: Deny } | null>;
}

/** Decided and recorded like every command of an operator, then carried out where the readers are. @throws store.unavailable */
export function createOrderReaderOperation({ authorizeOperator, sites, doorNode }: OrderDeps): OrderReaderOperation {
  const decide = (operator: Operator, about: string, reason: string) =>
    authorizeOperator({ action: READER_MAINTAIN, operator, target: toTarget(sites, about), reason, firstOperatorId: null });
  return {
    async begin({ operator, reason, request, about }) {
      const decision = await decide(operator, about, reason);
      if (decision.effect === 'deny') return { ok: false, deny: decision };
      const order = { operatorId: operator.id, decisionId: decision.id, request };
      return { ok: true, decisionId: decision.id, begun: await doorNode.operations.begin(order) };
    },
    async cancel(operator, operationId) {
      const operation = await doorNode.operations.find(operationId);
      if (operation === null) return null;
      const decision = await decide(operator, operation.readers[0]?.readerId ?? operationId, `cancel ${operationId}`);
      if (decision.effect === 'deny') return { ok: false, deny: decision };
      return { ok: true, cancelled: await doorNode.operations.cancel(operationId) };
    },
  };
}

/** The readers of a scope; empty when there is no such thing. An area is that of the doors that lead into it, or into one inside of it. */
export function readersOf(sites: SiteMap, scope: ReaderScope): readonly ReaderId[] {
  const { readers } = sites.installation;
  const chosen = readers.filter(({ id, busId, doorId }) => {
    if (scope.kind === 'all') return true;
    if (scope.kind === 'reader') return id === scope.id;
    if (scope.kind === 'line') return busId === scope.id;
    const door = sites.door(doorId);
    if (scope.kind === 'site') return door?.siteId === scope.id;
    // Branded where it enters, and only compared.
    return door !== undefined && sites.areaChain(door.toAreaId).includes(scope.id as AreaId);
  });
  return chosen.map(({ id }) => id);
}

function toTarget(sites: SiteMap, about: string): AuthorizeOperatorRequest['target'] {
  // Branded where it enters, and only looked up.
  if (sites.reader(about as ReaderId) !== undefined) return { type: 'reader', id: about };
  return { type: 'site', id: about.startsWith(SITE_PREFIX) ? about.slice(SITE_PREFIX.length) : about };
}
