import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import { errors, type Client, type Interaction, type InteractionResults } from 'oidc-provider';
import type { Authentication } from '../../app/access/types.ts';
import { GatewayError } from '../../domain/errors.ts';
import type { UpstreamOrigin } from '../../app/upstream/sessions.ts';
import type { ReasonCode } from '../../domain/access/reason-code.ts';
import type { Language } from '../../domain/language.ts';
import type { CredentialId, PersonId } from '../../domain/site/ids.ts';
import { accessPromptSchema } from '../decisions/access-check.ts';
import { isAcr, isBoundToDevice, type Acr } from '../decisions/acr.ts';
import { acrPromptSchema } from '../decisions/acr-check.ts';
import { describeDenial } from '../decisions/denial.ts';
import { askedLanguage } from '../pages/page-language.ts';
import { createSignInMarks, type SignInMarks } from './sign-in-marks.ts';

/** One HTTP exchange of the sign-in page; the interaction's signed cookie is read from it. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** From the URL; must be the one of the cookie. */
  readonly uid: string;
}

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

/** Where another identity provider comes before the passkey: who has signed in there, in this sign-in. */
export interface BeforePasskey {
  readonly proofOf: (uid: string) => Promise<{ readonly personId: PersonId; readonly origin: UpstreamOrigin } | null>;
}

export interface Authenticated {
  readonly personId: PersonId;
  /** The passkey; absent where it was none. */
  readonly credentialId?: CredentialId;
  readonly authentication: Authentication;
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

function sessionOf({ session }: Interaction): SignInState['session'] {
  // Branded where it enters: the provider keeps ids of our people.
  return session === undefined ? null : { uid: session.uid, personId: session.accountId as PersonId };
}

function stateOf(interaction: Interaction): Pick<SignInState, 'prompt' | 'denied'> {
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

/** Prompts at which a passkey is taken. */
const PASSKEY_PROMPTS: ReadonlySet<SignInPrompt> = new Set(['login', 'step_up', 'hardware_key', 'select_account']);
/** Prompts that the person resolves elsewhere, or by a yes; what the provider calls them. */
const RETRIED_PROMPTS: Readonly<Partial<Record<SignInPrompt, string>>> = {
  denied: 'access',
  badge: 'acr',
  confirm: 'consent',
};

/** A native app's own scheme leads nowhere from a page. */
export function webOrigin(address: unknown): string | null {
  const url = typeof address === 'string' ? URL.parse(address) : null;
  return url !== null && (url.protocol === 'https:' || url.protocol === 'http:') ? url.origin : null;
}

function loginOf({ authentication, personId }: Authenticated): NonNullable<InteractionResults['login']> {
  const { acr, amr, authenticatedAtMs } = authentication;
  // The time is stated, because a retry merges this result again and must not make the sign-in look younger than it is.
  return { accountId: personId, ts: Math.floor(authenticatedAtMs / 1_000), amr: [...amr], acr };
}

/** The person may sign in anew here. An app that wants it done now says so by prompt=login or max_age. */
function upstreamSignInOf({ params, prompt, session }: Interaction): SignInState['upstreamSignIn'] {
  if (prompt.name === 'select_account') return 'fresh';
  if (prompt.name !== 'login') return 'none';
  const wanted = typeof params['prompt'] === 'string' ? params['prompt'].split(' ') : [];
  return session !== undefined || wanted.includes('login') || params['max_age'] !== undefined ? 'fresh' : 'any';
}

function toState(interaction: Interaction, client: Client | undefined): SignInState {
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

function assertSamePerson({ session }: Interaction, prompt: SignInPrompt, personId: PersonId): void {
  const current = session?.accountId;
  if (current !== undefined && current !== personId && prompt !== 'select_account') {
    throw new GatewayError('sign_in.other_person', 'This browser is signed in as somebody else.');
  }
}

/** @throws sign_in.upstream_first, sign_in.other_person */
async function provenOrigin(
  before: BeforePasskey | null,
  { personId, uid }: { readonly uid: string; readonly personId: PersonId },
): Promise<UpstreamOrigin | null> {
  if (before === null) return null;
  const proof = await before.proofOf(uid);
  if (proof === null) throw new GatewayError('sign_in.upstream_first', 'Sign in at your organisation first, then use your passkey.');
  if (proof.personId === personId) return proof.origin;
  throw new GatewayError('sign_in.other_person', 'This passkey is not of the person who has signed in at your organisation.');
}

/** A synced passkey leads back to the same page, which would not say why. @throws sign_in.key_synced */
function assertBoundKey(prompt: SignInPrompt, authentication: Authentication): void {
  if (prompt !== 'hardware_key' || isBoundToDevice(authentication)) return;
  throw new GatewayError(
    'sign_in.key_synced',
    'This passkey may be copied to other devices. Use a security key, or one that stays on its device.',
  );
}

/** @throws sign_in.badge_not_seen */
async function assertBadged({ prompt, session }: Interaction, hasBadged: HasBadged): Promise<void> {
  const { acr } = acrPromptSchema.parse(prompt.details);
  // Branded where it enters: the provider keeps ids of our people.
  if (session === undefined || !isAcr(acr) || (await hasBadged(session.accountId as PersonId, acr))) return;
  throw new GatewayError('sign_in.badge_not_seen', 'No reader has seen your badge yet. Hold it to a reader, then try again.');
}

/** Whose passkey a browser with a session takes. */
type PasskeyOf = 'same_person' | 'anybody';

/** @throws request.conflict, sign_in.key_synced, sign_in.other_person, sign_in.upstream_first */
async function resultOfPasskey(
  interaction: Interaction,
  { authentication, credentialId, personId }: Authenticated,
  { before, by }: { readonly before: BeforePasskey | null; readonly by: PasskeyOf },
): Promise<InteractionResults> {
  const { prompt } = stateOf(interaction);
  if (!PASSKEY_PROMPTS.has(prompt)) throw new GatewayError('request.conflict', 'This sign-in waits for no passkey.');
  if (by === 'same_person') assertSamePerson(interaction, prompt, personId);
  assertBoundKey(prompt, authentication);
  const isOther = interaction.session !== undefined && interaction.session.accountId !== personId;
  const isSignIn = isOther || upstreamSignInOf(interaction) !== 'none';
  const origin = isSignIn ? await provenOrigin(before, { uid: interaction.uid, personId }) : null;
  return {
    login: loginOf({ personId, authentication }),
    passkey: credentialId,
    // Whoever uses a passkey has chosen whose.
    select_account: {},
    // A step-up leaves the session what it began as; a sign-in does not inherit where another one came from.
    ...(isSignIn ? { upstream: origin } : {}),
  };
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
