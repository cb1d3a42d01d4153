import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import { errors, type Interaction, type InteractionResults } from 'oidc-provider';
import type { Authentication } from '../app/access/types.ts';
import { GatewayError } from '../domain/errors.ts';
import type { ReasonCode } from '../domain/access/reason-code.ts';
import type { PersonId } from '../domain/site/ids.ts';
import { accessPromptSchema } from './access-check.ts';
import { describeDenial } from './denial.ts';

/** One HTTP exchange of the sign-in page; the interaction's signed cookie is read from it. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** From the URL; must be the one of the cookie. */
  readonly uid: string;
}

export interface SignInState {
  readonly clientId: string;
  readonly appName: string;
  /** Origin of the address that the app registered and named for this sign-in; null when it has none that a browser can open. */
  readonly appUrl: string | null;
  readonly prompt: 'login' | 'step_up' | 'denied';
  readonly denied: { readonly decisionId: string; readonly reasons: readonly ReasonCode[]; readonly atMs: number } | null;
}

export interface Authenticated {
  readonly personId: PersonId;
  readonly authentication: Authentication;
}

/** The sign-in page's side of the provider's interactions. Each step returns the URL at which the provider goes on. */
export interface SignInInteractions {
  /** @throws resource.unknown the interaction is unknown, expired or another browser's. Holds for every member. */
  state(exchange: Exchange): Promise<SignInState>;
  /** @throws request.conflict the page asks for no passkey now, or the browser is signed in as somebody else. */
  finishPasskey(exchange: Exchange, authenticated: Authenticated): Promise<string>;
  /** Asks the policy again, after the person has done what the denial told. */
  retry(exchange: Exchange): Promise<string>;
  /** Back to the app with `access_denied` and, after a denial, the decision to quote. */
  abort(exchange: Exchange): Promise<string>;
}

function stateOf(interaction: Interaction): Pick<SignInState, 'prompt' | 'denied'> {
  const { prompt } = interaction;
  if (prompt.name === 'login') return { prompt: interaction.session === undefined ? 'login' : 'step_up', denied: null };
  const access = accessPromptSchema.parse(prompt.details);
  if (access.kind === 'step_up') return { prompt: 'step_up', denied: null };
  return { prompt: 'denied', denied: access };
}

/** A native app's own scheme leads nowhere from a page. */
export function webOrigin(address: unknown): string | null {
  const url = typeof address === 'string' ? URL.parse(address) : null;
  return url !== null && (url.protocol === 'https:' || url.protocol === 'http:') ? url.origin : null;
}

export function createSignInInteractions(provider: Provider): SignInInteractions {
  const find = async ({ request, response, uid }: Exchange): Promise<Interaction> => {
    const gone = (cause?: unknown) =>
      new GatewayError('resource.unknown', 'This sign-in has expired. Go back to the app and start again.', { cause });
    const interaction = await provider.interactionDetails(request, response).catch((cause: unknown) => {
      if (cause instanceof errors.SessionNotFound) throw gone(cause);
      throw cause;
    });
    if (interaction.uid !== uid) throw gone();
    return interaction;
  };

  const finish = async ({ request, response }: Exchange, result: InteractionResults): Promise<string> =>
    provider.interactionResult(request, response, result, { mergeWithLastSubmission: true });

  return {
    state: async (exchange) => {
      const interaction = await find(exchange);
      const client = await provider.Client.find(String(interaction.params['client_id']));
      const clientId = client?.clientId ?? '';
      return {
        clientId,
        appName: client?.clientName ?? clientId,
        appUrl: webOrigin(interaction.params['redirect_uri']),
        ...stateOf(interaction),
      };
    },

    finishPasskey: async (exchange, { personId, authentication }) => {
      const interaction = await find(exchange);
      if (stateOf(interaction).prompt === 'denied') throw new GatewayError('request.conflict', 'This sign-in waits for no passkey.');
      const current = interaction.session?.accountId;
      if (current !== undefined && current !== personId) {
        throw new GatewayError('request.conflict', 'This browser is signed in as somebody else. Sign out there first.');
      }
      return finish(exchange, {
        login: {
          accountId: personId,
          // Stated, because a retry merges this result again and must not make the sign-in look younger than it is.
          ts: Math.floor(authentication.authenticatedAtMs / 1_000),
          amr: [...authentication.amr],
          acr: authentication.acr,
        },
      });
    },

    retry: async (exchange) => {
      const interaction = await find(exchange);
      if (stateOf(interaction).prompt !== 'denied') throw new GatewayError('request.conflict', 'There is no denial to ask about again.');
      return finish(exchange, { access: { retried: true } });
    },

    abort: async (exchange) => {
      const { denied } = stateOf(await find(exchange));
      const [reason] = denied?.reasons ?? [];
      return finish(exchange, {
        error: 'access_denied',
        error_description:
          denied === null || reason === undefined ? 'the sign-in was cancelled' : describeDenial(reason, denied.decisionId),
      });
    },
  };
}
