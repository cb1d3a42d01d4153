import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import { errors, type Interaction, type InteractionResults } from 'oidc-provider';
import type { UpstreamOrigin } from '../../app/upstream/sessions.ts';
import { GatewayError } from '../../domain/errors.ts';
import type { PersonId } from '../../domain/site/ids.ts';
import { isAcr, type Acr } from '../decisions/acr.ts';
import { acrPromptSchema } from '../decisions/acr-check.ts';
import { describeDenial } from '../decisions/denial.ts';
import { stateOf, toState, upstreamSignInOf, type SignInPrompt, type SignInState } from './interaction-state.ts';
import { assertSamePerson, loginOf, resultOfPasskey, type Authenticated, type BeforePasskey, type PasskeyOf } from './passkey-result.ts';
import { createSignInMarks, type SignInMarks } from './sign-in-marks.ts';

/** One HTTP exchange of the sign-in page; the interaction's signed cookie is read from it. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** From the URL; must be the one of the cookie. */
  readonly uid: string;
}

/** The sign-in page's side of the provider's interactions. Each step returns the URL at which the provider goes on. */
export interface SignInInteractions {
  /** @throws resource.unknown the interaction is unknown, expired or another browser's. Holds for every member. */
  state(exchange: Exchange): Promise<SignInState>;
  /**
   * @throws request.conflict the page asks for no passkey now; sign_in.key_synced a passkey is asked for that is bound to a device;
   * sign_in.other_person the browser, or the provider that comes first, is signed in as somebody else; sign_in.upstream_first nobody is
   * signed in there.
   */
  finishPasskey(exchange: Exchange, authenticated: Authenticated): Promise<string>;
  /**
   * As `finishPasskey`, by somebody else than whom this browser is signed in as, who has asked for it: that session ends, in every app. It
   * is a sign-in of its own, whatever the page was for: at a provider that comes first, it comes first for them as well.
   */
  finishOtherPasskey(exchange: Exchange, authenticated: Authenticated): Promise<string>;
  /** In place of a passkey. @throws request.conflict the page takes none now; sign_in.other_person */
  finishUpstream(exchange: Exchange, authenticated: Authenticated, origin: UpstreamOrigin): Promise<string>;
  /**
   * Goes on with a key that was used in place of a face: the session then is of that sign-in.
   * @throws request.conflict no face is asked for; sign_in.other_person
   */
  finishKey(exchange: Exchange, authenticated: Authenticated): Promise<string>;
  /**
   * Goes on after the person has done what a denial or a demand told, or has said yes: everything is asked again.
   * @throws sign_in.badge_not_seen a badge is asked for, and no reader has seen it; request.conflict
   */
  retry(exchange: Exchange): Promise<string>;
  /** Back to the app with `access_denied` and, after a denial, the decision to quote. */
  abort(exchange: Exchange): Promise<string>;
}

/** Prompts that the person resolves elsewhere, or by a yes; what the provider calls them. */
const RETRIED_PROMPTS: Readonly<Partial<Record<SignInPrompt, string>>> = {
  denied: 'access',
  badge: 'acr',
  confirm: 'consent',
};

/** @throws sign_in.badge_not_seen */
async function assertBadged({ prompt, session }: Interaction, hasBadged: HasBadged): Promise<void> {
  const { acr } = acrPromptSchema.parse(prompt.details);
  // Branded where it enters: the provider keeps ids of our people.
  if (session === undefined || !isAcr(acr) || (await hasBadged(session.accountId as PersonId, acr))) return;
  throw new GatewayError('sign_in.badge_not_seen', 'No reader has seen your badge yet. Hold it to a reader, then try again.');
}

/** @throws resource.unknown the sign-in is another browser's, or has expired */
async function findInteraction(provider: Provider, marks: SignInMarks, { request, response, uid }: Exchange): Promise<Interaction> {
  const gone = (cause?: unknown) =>
    new GatewayError('resource.unknown', 'This sign-in has expired. Go back to the app and start again.', { cause });
  const interaction = await provider.interactionDetails(request, response).catch((cause: unknown) => {
    if (cause instanceof errors.SessionNotFound) throw gone(cause);
    throw cause;
  });
  if (interaction.uid !== uid || !marks.has(request, uid)) throw gone();
  return interaction;
}

/** Whether a reader has seen the person as this context wants it. */
type HasBadged = (personId: PersonId, acr: Acr) => Promise<boolean>;

interface Deps {
  readonly provider: () => Provider;
  readonly hasBadged: HasBadged;
  readonly publicUrl: string;
  readonly before: BeforePasskey | null;
}

export function createSignInInteractions({ before, hasBadged, provider: current, publicUrl }: Deps): SignInInteractions {
  const marks = createSignInMarks(publicUrl);
  const find = async (exchange: Exchange): Promise<Interaction> => findInteraction(current(), marks, exchange);
  const finish = async ({ request, response }: Exchange, result: InteractionResults): Promise<string> =>
    current().interactionResult(request, response, result, { mergeWithLastSubmission: true });

  const finishPasskey = async (exchange: Exchange, authenticated: Authenticated, by: PasskeyOf): Promise<string> =>
    finish(exchange, await resultOfPasskey(await find(exchange), authenticated, { before, by }));

  return {
    state: async (exchange) => {
      const interaction = await find(exchange);
      const client = await current().Client.find(String(interaction.params['client_id']));
      return toState(interaction, client);
    },

    finishPasskey: (exchange, authenticated) => finishPasskey(exchange, authenticated, 'same_person'),
    finishOtherPasskey: (exchange, authenticated) => finishPasskey(exchange, authenticated, 'anybody'),

    finishUpstream: async (exchange, { authentication, personId }, origin) => {
      const interaction = await find(exchange);
      if (upstreamSignInOf(interaction) === 'none') throw new GatewayError('request.conflict', 'This sign-in asks for your passkey.');
      assertSamePerson(interaction, stateOf(interaction).prompt, personId);
      return finish(exchange, { login: loginOf({ personId, authentication }), select_account: {}, upstream: origin });
    },

    finishKey: async (exchange, { authentication, credentialId, personId }) => {
      const interaction = await find(exchange);
      const isAsked = ['face', 'denied'].includes(stateOf(interaction).prompt);
      if (!isAsked || interaction.session === undefined) throw new GatewayError('request.conflict', 'This sign-in waits for no key.');
      if (interaction.session.accountId !== personId) throw new GatewayError('sign_in.other_person', 'This key is somebody else’s.');
      const login = loginOf({ personId, authentication });
      return finish(exchange, { login, passkey: credentialId, [interaction.prompt.name]: { retried: true } });
    },

    retry: async (exchange) => {
      const interaction = await find(exchange);
      const { prompt } = stateOf(interaction);
      // An app's wish and the policy both ask for a face.
      const resolved = prompt === 'face' ? interaction.prompt.name : RETRIED_PROMPTS[prompt];
      if (resolved === undefined) throw new GatewayError('request.conflict', 'This sign-in waits for a passkey.');
      if (prompt === 'badge') await assertBadged(interaction, hasBadged);
      return finish(exchange, { [resolved]: { retried: true } });
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
