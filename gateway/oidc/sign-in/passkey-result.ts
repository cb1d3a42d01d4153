import type { Interaction, InteractionResults } from 'oidc-provider';
import type { Authentication } from '../../app/access/types.ts';
import type { UpstreamOrigin } from '../../app/upstream/sessions.ts';
import { GatewayError } from '../../domain/errors.ts';
import type { CredentialId, PersonId } from '../../domain/site/ids.ts';
import { isBoundToDevice } from '../decisions/acr.ts';
import { stateOf, upstreamSignInOf, type SignInPrompt } from './interaction-state.ts';

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

/** Prompts at which a passkey is taken. */
const PASSKEY_PROMPTS: ReadonlySet<SignInPrompt> = new Set(['login', 'step_up', 'hardware_key', 'select_account']);

export function loginOf({ authentication, personId }: Authenticated): NonNullable<InteractionResults['login']> {
  const { acr, amr, authenticatedAtMs } = authentication;
  // The time is stated, because a retry merges this result again and must not make the sign-in look younger than it is.
  return { accountId: personId, ts: Math.floor(authenticatedAtMs / 1_000), amr: [...amr], acr };
}

/** @throws sign_in.other_person */
export function assertSamePerson({ session }: Interaction, prompt: SignInPrompt, personId: PersonId): void {
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

/** Whose passkey a browser with a session takes. */
export type PasskeyOf = 'same_person' | 'anybody';

/** @throws request.conflict, sign_in.key_synced, sign_in.other_person, sign_in.upstream_first */
export async function resultOfPasskey(
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
