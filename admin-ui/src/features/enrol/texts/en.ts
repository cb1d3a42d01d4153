export const texts = {
  one_moment: 'One moment',
  loading: 'Checking the link',
  not_checked: 'The link could not be checked',
  try_again: 'Try again',
  dead_title: 'This link does not work any more',
  dead_lead: 'An enrolment link works once and only for a short time. Ask an operator for a new one.',
  welcome: 'Welcome, {{name}}',
  lead: 'Create a passkey on this device. It replaces a password and never leaves the device.',
  start_again: 'Start again',
  create: 'Create passkey',
  link_valid_until: 'This link works until {{time}}. If you are not {{name}}, close the page.',
  code_valid_until: 'This code works until {{time}}. If you are not {{name}}, close the page.',
  ready: 'Your passkey is ready',
  can_sign_in: '{{name}} can sign in with it from now on.',
  open_console: 'Open the console',
  open_portal: 'See my access',
  recover_title: 'Get back in',
  recover_lead: 'You have lost your passkeys. A code lets you create a new one.',
  recover_step_badge: 'Hold your badge to a staffed reader.',
  recover_step_ask: 'Ask the person on duty for a recovery code.',
  recover_step_type: 'Type it here.',
  recover_code: 'Recovery code',
  recover_code_hint: 'Four groups of four letters and digits. It works once.',
  recover_code_wrong: 'This is not a whole code: four groups of four letters and digits.',
  recover_code_refused: 'This code does not work. Check each letter and digit, or ask for a new code: it works once and for a short time.',
  recover_go: 'Continue',
} as const;

declare module 'i18next' {
  interface ResourceNamespaceMap {
    readonly enrol: typeof texts;
  }
}
