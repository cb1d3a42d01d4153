export const texts = {
  loading: 'Loading',
  try_again: 'Try again',
  not_allowed: 'Not allowed',
  not_found: 'Not found',
  not_loaded: 'This could not be loaded',
  decision_number: 'Decision number',
  copy: 'Copy',
  copied: 'Copied',
  copied_aloud: 'Copied to the clipboard',
  copy_by_hand: 'Select and copy',
  close: 'Close',
  now: 'now',
  one_gate: 'Every attempt is decided by one policy and written to one log.',
  language: 'Language',
  one_moment: 'One moment',
} as const;

declare module 'i18next' {
  interface ResourceNamespaceMap {
    readonly frame: typeof texts;
  }
}
