import type { Translated } from '../i18n.ts';
import type { texts as english } from './en.ts';

export const texts: Translated<typeof english> = {
  loading: 'Wird geladen',
  try_again: 'Erneut versuchen',
  not_allowed: 'Nicht erlaubt',
  not_found: 'Nicht gefunden',
  not_loaded: 'Das konnte nicht geladen werden',
  decision_number: 'Entscheidungsnummer',
  copy: 'Kopieren',
  copied: 'Kopiert',
  copied_aloud: 'In die Zwischenablage kopiert',
  copy_by_hand: 'Markieren und kopieren',
  close: 'Schließen',
  now: 'jetzt',
  one_gate: 'Ein Regelwerk entscheidet über jeden Versuch, ein Protokoll hält ihn fest.',
  language: 'Sprache',
  one_moment: 'Einen Moment',
};
