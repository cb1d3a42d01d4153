export const texts = {
  continue_with: 'Continue with {{name}}',
  first_lead: 'Sign in at your organisation first. Your passkey comes after that.',
  then_lead: 'You have signed in at {{name}}. Now use your passkey.',
  either_lead: 'Use your passkey, or sign in at your organisation. There is no password here.',
  'account.unknown':
    'Nobody here has the account that you signed in with. Ask whoever manages accounts to add you, or use another account.',
  'account.ambiguous': 'More than one person here has this account. Ask whoever manages accounts to put that right.',
  'account.claim_missing': 'Your organisation did not say which account you have here. Ask whoever manages accounts.',
  'account.email_unverified': 'Your organisation has not verified your e-mail address. Ask whoever manages accounts there.',
  'account.domain_other': 'The account that you signed in with is not one of this organisation. Use another account.',
  'account.linked_otherwise': 'You are known here by another account of the same provider. Use that one, or ask an operator to free it.',
  'account.taken': 'Your name or e-mail address belongs to somebody else here. Ask whoever manages accounts.',
  'upstream.unreachable': 'Your organisation’s sign-in does not answer at the moment. Try again in a few minutes.',
  'upstream.not_ready': 'This gateway is not set up yet for your organisation’s sign-in. Tell an operator.',
  'upstream.refused': 'Your organisation did not sign you in, or you cancelled there. You can try again.',
  'upstream.answer_invalid':
    'The answer of your organisation’s sign-in could not be trusted, so nothing was granted. Try again; if it happens twice, tell an operator.',
  'upstream.expired': 'That sign-in took too long, or was used already. Try again.',
  'upstream.too_old': 'Your sign-in at your organisation is too old. Sign out there, then try again.',
  'upstream.other_person': 'This browser is signed in here as somebody else. Sign out there first, or use your own account.',
} as const;

declare module 'i18next' {
  interface ResourceNamespaceMap {
    readonly sign_in_outside: typeof texts;
  }
}
