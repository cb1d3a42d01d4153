import type { Request } from 'express';
import { GatewayError } from '../../domain/errors.ts';
import type { AuthenticationOutcome } from '../../webauthn/authentication.ts';
import { ceremonyResponseSchema } from '../contract/sign-in.ts';
import { parseBody } from '../middleware/parse.ts';
import type { RouteDeps } from './deps.ts';

type Deps = Pick<RouteDeps, 'authentication' | 'rateLimits'>;

/** The browser's answer to a challenge of `flow`, counted twice: as an answer, and more strictly when it is refused. @throws authentication.failed */
export async function finishCeremony(
  { authentication, rateLimits }: Deps,
  flow: string,
  request: Request,
): Promise<Extract<AuthenticationOutcome, { ok: true }>> {
  await rateLimits.count('ceremony', request);
  const { ceremonyId, response } = parseBody(ceremonyResponseSchema, request);
  return rateLimits.countFailure('failedCeremony', request, async () => {
    const outcome = await authentication.finish(flow, ceremonyId, response);
    if (outcome.ok) return outcome;
    throw new GatewayError('authentication.failed', 'This passkey was not accepted. Try again, or ask for a new enrolment.');
  });
}
