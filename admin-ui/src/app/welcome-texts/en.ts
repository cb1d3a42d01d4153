export const texts = {
  title: 'Where to?',
  demo_lead: 'This gateway runs its demo site: nothing real is behind these doors.',
  start: 'Start',
  portal: 'My access',
  portal_note: 'What is open to you, your passkeys and your sessions.',
  console: 'Console',
  console_note: 'Watch, explain and close access, with your passkey.',
  demo: 'Demo site',
  demo_note: 'Badge at simulated readers and sign in to apps.',
} as const;

declare module 'i18next' {
  interface ResourceNamespaceMap {
    readonly welcome: typeof texts;
  }
}
