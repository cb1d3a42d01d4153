import type { Client, Interaction } from 'oidc-provider';
import type { ReasonCode } from '../../domain/access/reason-code.ts';
import type { Language } from '../../domain/language.ts';
import type { PersonId } from '../../domain/site/ids.ts';
import { accessPromptSchema } from '../decisions/access-check.ts';
import { acrPromptSchema } from '../decisions/acr-check.ts';
import { askedLanguage } from '../pages/page-language.ts';

/**
 * What the page is for. `hardware_key`: a passkey that is bound to a device is asked for; `badge`: the person has to badge in at a reader;
 * `face`: a camera has to see the person, or something takes its place; `select_account`: another person may sign in; `confirm`: the app wants a yes.
 */
export type SignInPrompt = 'login' | 'step_up' | 'denied' | 'hardware_key' | 'badge' | 'face' | 'select_account' | 'confirm';

export interface SignInState {
  readonly clientId: string;
  readonly appName: string;
  /** Origin of the address that the app registered and named for this sign-in; null when it has none that a browser can open. */
  readonly appUrl: string | null;
  /** That the app asks for; null = none that there are texts in. */
  readonly language: Language | null;
  readonly prompt: SignInPrompt;
  /** The sign-in session of this browser; null while nobody has signed in. */
  readonly session: { readonly uid: string; readonly personId: PersonId } | null;
  readonly denied: { readonly decisionId: string; readonly reasons: readonly ReasonCode[]; readonly atMs: number } | null;
  /** Whether a sign-in at an identity provider outside is of use now; `fresh`: one that happens now, whatever session the provider has. */
  readonly upstreamSignIn: 'none' | 'any' | 'fresh';
}

function sessionOf({ session }: Interaction): SignInState['session'] {
  // Branded where it enters: the provider keeps ids of our people.
  return session === undefined ? null : { uid: session.uid, personId: session.accountId as PersonId };
}

export function stateOf(interaction: Interaction): Pick<SignInState, 'prompt' | 'denied'> {
  const { prompt } = interaction;
  switch (prompt.name) {
    case 'login':
      return { prompt: interaction.session === undefined ? 'login' : 'step_up', denied: null };
    case 'select_account':
      return { prompt: 'select_account', denied: null };
    case 'consent':
      return { prompt: 'confirm', denied: null };
    case 'acr': {
      const { path } = acrPromptSchema.parse(prompt.details);
      return { prompt: path === 'passkey' ? 'step_up' : path, denied: null };
    }
    default: {
      const access = accessPromptSchema.parse(prompt.details);
      return access.kind === 'denied' ? { prompt: 'denied', denied: access } : { prompt: access.kind, denied: null };
    }
  }
}

/** A native app's own scheme leads nowhere from a page. */
export function webOrigin(address: unknown): string | null {
  const url = typeof address === 'string' ? URL.parse(address) : null;
  return url !== null && (url.protocol === 'https:' || url.protocol === 'http:') ? url.origin : null;
}

/** The person may sign in anew here. An app that wants it done now says so by prompt=login or max_age. */
export function upstreamSignInOf({ params, prompt, session }: Interaction): SignInState['upstreamSignIn'] {
  if (prompt.name === 'select_account') return 'fresh';
  if (prompt.name !== 'login') return 'none';
  const wanted = typeof params['prompt'] === 'string' ? params['prompt'].split(' ') : [];
  return session !== undefined || wanted.includes('login') || params['max_age'] !== undefined ? 'fresh' : 'any';
}

export function toState(interaction: Interaction, client: Client | undefined): SignInState {
  const clientId = client?.clientId ?? '';
  return {
    clientId,
    appName: client?.clientName ?? clientId,
    appUrl: webOrigin(interaction.params['redirect_uri']),
    language: askedLanguage(interaction.params['ui_locales']),
    session: sessionOf(interaction),
    ...stateOf(interaction),
    upstreamSignIn: upstreamSignInOf(interaction),
  };
}
