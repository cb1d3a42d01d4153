import type { Translated } from '../../../shared/i18n/i18n.ts';
import type { texts as english } from './en.ts';

export const texts: Translated<typeof english> = {
  one_moment: 'Einen Moment',
  loading: 'Der Link wird geprüft',
  not_checked: 'Der Link konnte nicht geprüft werden',
  try_again: 'Erneut versuchen',
  dead_title: 'Dieser Link gilt nicht mehr',
  dead_lead: 'Ein Einrichtungslink gilt nur einmal und nur kurze Zeit. Bitten Sie den Sicherheitsdienst um einen neuen.',
  welcome: 'Willkommen, {{name}}',
  lead: 'Erstellen Sie auf diesem Gerät einen Passkey. Er ersetzt das Passwort und verlässt das Gerät nie.',
  start_again: 'Neu beginnen',
  create: 'Passkey erstellen',
  valid_until: 'Dieser Link gilt bis {{time}}. Wenn Sie nicht {{name}} sind, schließen Sie die Seite.',
  ready: 'Ihr Passkey ist bereit',
  can_sign_in: '{{name}} kann sich ab jetzt damit anmelden.',
  open_console: 'Konsole öffnen',
  open_portal: 'Meinen Zugang ansehen',
  recover_title: 'Wieder Zugang erhalten',
  recover_lead: 'Sie haben Ihre Passkeys verloren. Mit einem Code erstellen Sie einen neuen.',
  recover_step_badge: 'Halten Sie Ihren Ausweis an einen besetzten Leser.',
  recover_step_ask: 'Bitten Sie die diensthabende Person um einen Wiederherstellungscode.',
  recover_step_type: 'Geben Sie ihn hier ein.',
  recover_code: 'Wiederherstellungscode',
  recover_code_hint: 'Vier Gruppen zu je vier Buchstaben und Ziffern. Er gilt einmal.',
  recover_code_wrong: 'Das ist kein vollständiger Code: vier Gruppen zu je vier Buchstaben und Ziffern.',
  recover_go: 'Weiter',
};
