import type { DecisionInput } from '../../domain/access/decision-input.ts';
import type { Clock } from '../../ports/clock.ts';
import type { PeopleStore } from '../../ports/people-store.ts';
import type { Random } from '../../ports/random.ts';
import type { AssembleInput } from './assemble-input.ts';
import { decideGathered } from './decide-gathered.ts';
import { authenticationFacts, credentialFacts, HOST_OPERATOR, networkFacts, operatedFacts, personFacts } from './facts.ts';
import type { NetworkPosture } from './network-posture.ts';
import type { Refuse } from './refuse.ts';
import type { AuthorizeOperator, AuthorizeOperatorRequest, Decide } from './types.ts';

export interface AuthorizeOperatorDeps {
  readonly people: PeopleStore;
  readonly network: NetworkPosture;
  readonly assemble: AssembleInput;
  readonly decide: Decide;
  readonly refuse: Refuse;
  readonly clock: Clock;
  readonly random: Random;
}

/** Identifier of the operator behind the control socket. */
export const HOST_OPERATOR_ID = 'local';

/** Operator commands pass the same gate as doors and logins. Never throws: unreadable facts are a deny. */
export function createAuthorizeOperator(deps: AuthorizeOperatorDeps): AuthorizeOperator {
  return (request) => {
    const { action, operator, reason: operatorReason, target: resource } = request;
    const about = { action, channel: operator.channel, personId: operator.id, resource };
    return decideGathered(deps, { gather: () => gather(deps, request), about, understands: [], mode: 'operator', operatorReason });
  };
}

async function gather(deps: AuthorizeOperatorDeps, request: AuthorizeOperatorRequest): Promise<DecisionInput> {
  const nowMs = deps.clock.nowMs();
  const { operator, target } = request;
  const isHost = operator.id === HOST_OPERATOR_ID;
  const epoch = await deps.people.epoch();
  const subject = isHost ? HOST_OPERATOR : personFacts(await deps.people.find(operator.id));
  return deps.assemble({
    action: request.action,
    subject,
    resource: operatedFacts(target),
    channel: operator.channel,
    pep: { id: isHost ? 'control-socket' : operator.channel, secure: true },
    epoch,
    nowMs,
    requestId: deps.random.id('req'),
    correlation: '',
    credential: credentialFacts(request.action === 'console.sign_in' ? 'passkey' : 'session', 'active'),
    authentication: authenticationFacts(operator.authentication, nowMs),
    network: networkFacts(deps.network, isHost ? { source: 'none' } : { source: 'request', ip: operator.ip }, nowMs),
    operator: {
      acting: true,
      has_reason: request.reason.trim().length > 0,
      target: target.type === 'person' ? target.id : '',
      first_operator: request.firstOperatorId ?? '',
    },
  });
}
