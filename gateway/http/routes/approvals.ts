import type { Router } from 'express';
import { explainReasonIn } from '../../domain/access/reason-text-in.ts';
import { pageLanguage, pageTexts } from '../../oidc/pages/page-language.ts';
import { emptySchema } from '../contract/common.ts';
import { answerSchema, approvalOutcomeSchema, pendingApprovalsSchema } from '../contract/oidc-admin.ts';
import { assertionOptionsSchema } from '../contract/sign-in.ts';
import { parseBody, parseId } from '../middleware/parse.ts';
import { respond } from '../middleware/respond.ts';
import type { RouteDeps } from './deps.ts';
import { finishCeremony } from './finish-ceremony.ts';

const LIST_FLOW = 'approvals';
/** A challenge belongs to one request and one answer: what was signed to refuse cannot approve. */
const flowOf = (id: string, answer: string): string => `approval:${answer}:${id}`;

/**
 * What apps ask a person over the back channel (CIBA), and connections that wait at a VPN. No session: the passkey says who looks, and a passkey answers each request, so
 * that a browser somebody left open approves nothing.
 */
export function registerApprovalRoutes(router: Router, deps: RouteDeps): void {
  const { addresses, authentication, identity, vpn } = deps;

  router.post('/approvals/options', async (request, response) => {
    await deps.rateLimits.count('challenge', request);
    parseBody(emptySchema, request);
    const { ceremonyId, options } = await authentication.begin(LIST_FLOW);
    respond(response, assertionOptionsSchema, { ceremonyId, options: { ...options } });
  });

  router.post('/approvals', async (request, response) => {
    const { personId } = await finishCeremony(deps, LIST_FLOW, request);
    const [asked, connections] = await Promise.all([identity.backChannel.pendingOf(personId), vpn?.pending.pendingOf(personId) ?? []]);
    const { connectionFrom } = pageTexts[pageLanguage(request.headers)];
    const waiting = connections.map(({ about, realmName, ...one }) => ({
      ...one,
      appName: realmName,
      bindingMessage: `${connectionFrom} ${about.length === 0 ? '?' : about.join(' · ')}`,
    }));
    respond(response, pendingApprovalsSchema, { requests: [...asked.map((one) => ({ ...one })), ...waiting] });
  });

  router.post('/approvals/:id/options', async (request, response) => {
    await deps.rateLimits.count('challenge', request);
    const { answer } = parseBody(answerSchema, request);
    const { ceremonyId, options } = await authentication.begin(flowOf(parseId(request), answer));
    respond(response, assertionOptionsSchema, { ceremonyId, options: { ...options } });
  });

  for (const answer of ['approve', 'refuse'] as const) {
    router.post(`/approvals/:id/${answer}`, async (request, response) => {
      const requestId = parseId(request);
      const authenticated = await finishCeremony(deps, flowOf(requestId, answer), request);
      const ip = addresses.clientIp(request);
      const answered =
        (await vpn?.pending.answer({ ...authenticated, requestId, answer })) ??
        (await identity.backChannel.answer({ ...authenticated, ip, requestId, answer }));
      respond(response, approvalOutcomeSchema, {
        outcome: answered.outcome,
        decisionId: answered.outcome === 'denied' ? answered.decisionId : null,
        reasons: answered.outcome === 'denied' ? answered.reasons.map((code) => explainReasonIn(pageLanguage(request.headers), code)) : [],
      });
    });
  }
}
