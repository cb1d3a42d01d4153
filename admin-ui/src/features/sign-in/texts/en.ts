export const texts = {
  loading: 'Loading the sign-in',
  one_moment: 'One moment',
  title: 'Sign in to {{appName}}',
  lead: 'Use your passkey. There is no password.',
  select_account: 'Choose whose passkey to use.',
  go_on: 'Continue with passkey',
  lost_passkey: 'I have lost my passkey',
  step_up_title: 'Confirm that it is you',
  step_up_lead: '{{appName}} asks for a fresh check before you go on.',
  hardware_key_lead: '{{appName}} asks for a security key, or a passkey that never leaves its device.',
  hardware_key_none: 'You have no such passkey yet?',
  to_passkeys: 'Add one to my passkeys',
  step_up_go: 'Confirm with passkey',
  other_lead: 'Are you somebody else? Then whoever is signed in on this browser is signed out, in every app.',
  other_go: 'Sign out and continue',
  saved_passkeys: 'Or pick a saved passkey',
  badge_title: 'Badge in to go on',
  badge_lead: '{{appName}} opens only to people who are on site. Hold your badge to a reader, then continue here.',
  badge_go: 'I have badged in',
  confirm_title: 'Continue to {{appName}}?',
  confirm_lead: '{{appName}} asks whether you want to go on as the person who is signed in on this browser.',
  confirm_go: 'Continue',
  back_to_app: 'Back to the app',
  back_to: 'Back to {{appName}}',
  home: 'Home',
  denied_title: '{{appName}} is closed to you right now',
  decided_at: 'Decided at {{time}}',
  not_loaded: 'The sign-in could not be loaded',
  expired_title: 'This sign-in has expired',
  expired_lead: 'It was left open too long, or was finished in another tab.',
  expired_go_back: 'Go back to the app and sign in again.',
  expired_from_app: 'Sign in again from the app.',
  try_again: 'Try again',
} as const;

declare module 'i18next' {
  interface ResourceNamespaceMap {
    readonly sign_in: typeof texts;
  }
}
