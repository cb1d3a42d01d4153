import type { Translated } from '../../shared/i18n/i18n.ts';
import type { texts as english } from './en.ts';

export const texts: Translated<typeof english> = {
  title: 'Wohin?',
  demo_lead: 'Dieses Gateway betreibt seinen Demo-Standort: Hinter diesen Türen ist nichts Echtes.',
  start: 'Start',
  portal: 'Mein Zugang',
  portal_note: 'Was Ihnen offensteht, Ihre Passkeys und Ihre Sitzungen.',
  console: 'Konsole',
  console_note: 'Zugänge beobachten, erklären und schließen, mit Ihrem Passkey.',
  demo: 'Demo-Standort',
  demo_note: 'Ausweise an simulierten Lesern vorhalten und sich bei Apps anmelden.',
};
