import type { Translated } from '../../../shared/i18n/i18n.ts';
import type { texts as english } from './en.ts';

export const texts: Translated<typeof english> = {
  continue_with: 'Weiter mit {{name}}',
  first_lead: 'Melden Sie sich zuerst bei Ihrer Organisation an. Danach kommt Ihr Passkey.',
  then_lead: 'Sie haben sich bei {{name}} angemeldet. Verwenden Sie jetzt Ihren Passkey.',
  either_lead: 'Verwenden Sie Ihren Passkey oder melden Sie sich bei Ihrer Organisation an. Ein Passwort gibt es hier nicht.',
  'account.unknown':
    'Niemand hier hat das Konto, mit dem Sie sich angemeldet haben. Bitten Sie die Kontenverwaltung, Sie hinzuzufügen, oder verwenden Sie ein anderes Konto.',
  'account.ambiguous': 'Mehr als eine Person hat hier dieses Konto. Bitten Sie die Kontenverwaltung, das zu berichtigen.',
  'account.claim_missing': 'Ihre Organisation hat nicht mitgeteilt, welches Konto Sie hier haben. Wenden Sie sich an die Kontenverwaltung.',
  'account.email_unverified': 'Ihre Organisation hat Ihre E-Mail-Adresse nicht bestätigt. Wenden Sie sich an die Kontenverwaltung dort.',
  'account.domain_other': 'Das Konto, mit dem Sie sich angemeldet haben, gehört nicht zu dieser Organisation. Verwenden Sie ein anderes.',
  'account.linked_otherwise':
    'Sie sind hier unter einem anderen Konto desselben Anbieters bekannt. Verwenden Sie dieses oder bitten Sie den Betrieb, es freizugeben.',
  'account.taken': 'Ihr Name oder Ihre E-Mail-Adresse gehört hier schon jemand anderem. Wenden Sie sich an die Kontenverwaltung.',
  'upstream.unreachable': 'Die Anmeldung Ihrer Organisation antwortet zurzeit nicht. Versuchen Sie es in ein paar Minuten erneut.',
  'upstream.not_ready': 'Dieses Gateway ist für die Anmeldung Ihrer Organisation noch nicht eingerichtet. Sagen Sie dem Betrieb Bescheid.',
  'upstream.refused': 'Ihre Organisation hat Sie nicht angemeldet, oder Sie haben dort abgebrochen. Sie können es erneut versuchen.',
  'upstream.answer_invalid':
    'Der Antwort der Anmeldung Ihrer Organisation war nicht zu trauen, deshalb wurde nichts freigegeben. Versuchen Sie es erneut; geschieht es wieder, sagen Sie dem Betrieb Bescheid.',
  'upstream.expired': 'Diese Anmeldung hat zu lange gedauert oder wurde schon verwendet. Versuchen Sie es erneut.',
  'upstream.too_old': 'Ihre Anmeldung bei Ihrer Organisation liegt zu lange zurück. Melden Sie sich dort ab und versuchen Sie es erneut.',
  'upstream.other_person':
    'In diesem Browser ist hier jemand anderes angemeldet. Melden Sie sich zuerst ab oder verwenden Sie Ihr eigenes Konto.',
};
