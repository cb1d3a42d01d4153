import type { ReasonTexts } from './reason-texts.ts';

const securityDesk = 'Wenden Sie sich an den Sicherheitsdienst und nennen Sie die Entscheidungsnummer.';
const tryAgain = 'Versuchen Sie es erneut. Wenn es dabei bleibt, melden Sie es dem Sicherheitsdienst.';
const managedDevice = 'Verwenden Sie ein Gerät, das Ihre Organisation verwaltet.';
const siteNetworkOrVpn = 'Verbinden Sie sich mit einem Netz des Standorts oder mit dem VPN und versuchen Sie es dann erneut.';
const otherWayIn = 'Nehmen Sie einen anderen Zugang oder wenden Sie sich an den Sicherheitsdienst.';
const otherDoor = 'Nehmen Sie eine andere Tür und melden Sie es dem Sicherheitsdienst. Der Weg hinaus bleibt frei.';
const followSecurity = 'Folgen Sie den Anweisungen des Sicherheitsdienstes. Der Weg hinaus bleibt frei.';
const lookStraight = 'Blicken Sie gerade in die Kamera und versuchen Sie es erneut, oder wenden Sie sich an den Sicherheitsdienst.';

export const german: ReasonTexts = {
  reasons: {
    'subject.unknown': { message: 'Diese Person ist nicht bekannt.', remedy: securityDesk },
    'subject.suspended': { message: 'Ihr Zugang ist gesperrt, an Türen und in Systemen gleichermaßen.', remedy: securityDesk },
    'subject.departed': { message: 'Ihr Zugang ist beendet.', remedy: securityDesk },
    'subject.not_active': { message: 'Ihr Zugang ist nicht aktiv.', remedy: securityDesk },
    'subject.employment_ended': { message: 'Ihr Beschäftigungsverhältnis ist beendet.', remedy: securityDesk },
    'credential.unknown': {
      message: 'Dieser Ausweis oder Passkey ist nicht registriert.',
      remedy: 'Verwenden Sie Ihren eigenen Ausweis oder Passkey, oder lassen Sie ihn beim Sicherheitsdienst registrieren.',
    },
    'credential.not_enabled': {
      message: 'Dieser Ausweis oder Passkey ist gesperrt.',
      remedy: 'Bitten Sie den Sicherheitsdienst um einen neuen.',
    },
    'credential.not_yet_valid': {
      message: 'Dieser Ausweis oder Passkey ist noch nicht gültig.',
      remedy: 'Versuchen Sie es erneut, sobald die Gültigkeit beginnt.',
    },
    'credential.expired': {
      message: 'Dieser Ausweis oder Passkey ist abgelaufen.',
      remedy: 'Bitten Sie den Sicherheitsdienst, ihn zu verlängern.',
    },
    'grant.missing': {
      message: 'Sie haben hierfür keine Berechtigung.',
      remedy: 'Bitten Sie die zuständige Stelle oder Ihre Führungskraft um die Berechtigung.',
    },
    'grant.not_yet_valid': {
      message: 'Ihre Berechtigung hierfür hat noch nicht begonnen.',
      remedy: 'Versuchen Sie es erneut, sobald sie beginnt.',
    },
    'grant.expired': {
      message: 'Ihre Berechtigung hierfür ist abgelaufen.',
      remedy: 'Bitten Sie die zuständige Stelle oder Ihre Führungskraft, sie zu verlängern.',
    },
    'grant.outside_schedule': {
      message: 'Sie sind hierfür berechtigt, aber nicht zu dieser Zeit.',
      remedy: 'Kommen Sie zu den Zeiten wieder, die für Sie gelten.',
    },
    'grant.other_half_missing': {
      message: 'Dieser Bereich und sein System werden gemeinsam freigegeben, und eine Hälfte fehlt.',
      remedy: 'Bitten Sie die zuständige Stelle, beide Hälften freizugeben.',
    },
    'door.locked_down': { message: 'Diese Tür ist abgeriegelt.', remedy: followSecurity },
    'door.clearance_too_low': {
      message: 'Ihre Freigabestufe reicht für diesen Bereich nicht aus.',
      remedy: 'Bitten Sie den Sicherheitsdienst um die Freigabe.',
    },
    'door.threat_level': {
      message: 'Hier gilt eine Gefahrenstufe, für die Ihre Freigabestufe nicht ausreicht.',
      remedy: followSecurity,
    },
    'reader.not_secure': {
      message: 'Die Verbindung des Lesers ist nicht geschützt.',
      remedy: 'Nehmen Sie einen anderen Leser und melden Sie es dem Sicherheitsdienst.',
    },
    'reader.tampered': { message: 'Das Gehäuse des Lesers ist offen, oder der Leser wurde bewegt.', remedy: otherDoor },
    'reader.tamper_unknown': { message: 'Es ist nicht bekannt, ob jemand diesen Leser geöffnet hat.', remedy: otherDoor },
    'pin.missing': {
      message: 'Diese Tür verlangt zum Ausweis Ihre PIN, und es wurde nicht rechtzeitig eine eingegeben.',
      remedy: 'Halten Sie den Ausweis erneut vor und geben Sie Ihre PIN ein, oder lassen Sie beim Sicherheitsdienst eine PIN einrichten.',
    },
    'pin.invalid': { message: 'Die PIN war falsch.', remedy: 'Halten Sie den Ausweis erneut vor und geben Sie Ihre PIN ein.' },
    'pin.locked': {
      message: 'Zu viele falsche PINs: Dieser Leser nimmt von Ihnen eine Zeit lang keine mehr an.',
      remedy: 'Warten Sie, bis die Sperre von selbst endet, oder wenden Sie sich an den Sicherheitsdienst. Der Weg hinaus bleibt frei.',
    },
    'presence.required': {
      message: 'Dieses System wird nur innerhalb seines Bereichs genutzt.',
      remedy: 'Halten Sie Ihren Ausweis an den Leser des Bereichs und versuchen Sie es dann erneut.',
    },
    'presence.stale': {
      message: 'Ihr letzter Zutritt mit dem Ausweis liegt zu lange zurück.',
      remedy: 'Halten Sie Ihren Ausweis noch einmal an den Leser des Bereichs und versuchen Sie es dann erneut.',
    },
    'presence.unknown': {
      message: 'Es ist nicht sicher, dass Sie sich in diesem Bereich befinden.',
      remedy: 'Halten Sie Ihren Ausweis an den Leser des Bereichs und versuchen Sie es dann erneut.',
    },
    'presence.off_site': {
      message: 'Dieses System wird nur am Standort genutzt.',
      remedy: 'Halten Sie Ihren Ausweis an einen Leser des Standorts und versuchen Sie es dann erneut.',
    },
    'time.after_hours': {
      message: 'Außerhalb der Betriebszeiten kommen hier nur bestimmte Personen hinein.',
      remedy: 'Kommen Sie während der Betriebszeiten wieder oder wenden Sie sich an den Sicherheitsdienst.',
    },
    'contractor.outside_hours': {
      message: 'Externe haben hier nur zu ihren Zeiten Zutritt.',
      remedy: 'Kommen Sie zu diesen Zeiten wieder oder wenden Sie sich an Ihre Ansprechperson.',
    },
    'contractor.no_end_date': {
      message: 'Das Ende Ihres Vertrags ist nicht hinterlegt.',
      remedy: 'Bitten Sie Ihre Ansprechperson, das Vertragsende eintragen zu lassen.',
    },
    'device.unknown': { message: 'Ihr Gerät ist nicht bekannt.', remedy: managedDevice },
    'device.not_managed': { message: 'Ihr Gerät wird nicht verwaltet.', remedy: managedDevice },
    'device.not_compliant': {
      message: 'Ihr Gerät erfüllt die Vorgaben nicht.',
      remedy: 'Aktualisieren Sie Ihr Gerät, folgen Sie den Hinweisen seiner Verwaltung und versuchen Sie es dann erneut.',
    },
    'travel.country': {
      message: 'Dieses System ist aus diesem Land nicht erreichbar.',
      remedy: 'Fragen Sie vor einer Reise die zuständige Stelle.',
    },
    'travel.country_unknown': { message: 'Es ist nicht bekannt, aus welchem Land Sie sich verbinden.', remedy: siteNetworkOrVpn },
    'travel.elsewhere_while_inside': {
      message: 'Laut Ausweis sind Sie im Gebäude, diese Anfrage kommt aber von anderswo.',
      remedy:
        'Verbinden Sie sich mit einem Netz des Standorts, und buchen Sie sich mit dem Ausweis aus, wenn Sie gehen. Melden Sie es dem Sicherheitsdienst, wenn die Anfrage nicht von Ihnen kam.',
    },
    'face.mismatch': { message: 'Das Gesicht wurde nicht erkannt.', remedy: lookStraight },
    'face.not_live': { message: 'Die Kamera hat kein lebendes Gesicht gesehen.', remedy: lookStraight },
    'network.elsewhere': { message: 'Dieses System ist aus diesem Netz nicht erreichbar.', remedy: siteNetworkOrVpn },
    'network.unknown': { message: 'Ihr Netz ist nicht bekannt.', remedy: siteNetworkOrVpn },
    'authentication.missing': { message: 'Sie sind nicht angemeldet.', remedy: 'Melden Sie sich mit Ihrem Passkey an.' },
    'authentication.too_weak': {
      message: 'Hierfür ist ein bestätigter Passkey nötig.',
      remedy: 'Melden Sie sich mit einem Passkey an und bestätigen Sie ihn mit der Bildschirmsperre Ihres Geräts.',
    },
    'authentication.too_old': {
      message: 'Ihre Anmeldung liegt für diese Aktion zu lange zurück.',
      remedy: 'Melden Sie sich erneut mit Ihrem Passkey an und wiederholen Sie die Aktion.',
    },
    'operator.not_authorized': {
      message: 'Ihre Rolle erlaubt diese Aktion nicht.',
      remedy: 'Wenden Sie sich an die Sicherheitsadministration.',
    },
    'operator.reason_missing': {
      message: 'Für diese Aktion ist eine Begründung nötig.',
      remedy: 'Geben Sie die Begründung an und versuchen Sie es erneut.',
    },
    'operator.same_person': {
      message: 'Hierfür ist eine zweite, andere Bedienperson nötig.',
      remedy: 'Bitten Sie eine andere Bedienperson um Bestätigung.',
    },
    'operator.self_action': { message: 'Das darf niemand für sich selbst tun.', remedy: 'Bitten Sie eine andere Bedienperson.' },
    'policy.no_permit': { message: 'Keine Regel erlaubt dies.', remedy: securityDesk },
    'input.invalid': { message: 'Die Anfrage wurde nicht verstanden.', remedy: securityDesk },
    'pdp.unavailable': { message: 'Es konnte nicht entschieden werden.', remedy: tryAgain },
    'pdp.late': { message: 'Die Entscheidung hat zu lange gedauert.', remedy: tryAgain },
    'pdp.answer_invalid': { message: 'Das Regelwerk gab keine brauchbare Antwort.', remedy: securityDesk },
    'audit.unavailable': {
      message: 'Die Entscheidung konnte nicht aufgezeichnet werden und lautet deshalb Nein.',
      remedy: tryAgain,
    },
    'obligation.unsupported': { message: 'Eine Bedingung lässt sich hier nicht erfüllen.', remedy: otherWayIn },
    'store.unavailable': { message: 'Die nötigen Daten konnten nicht gelesen werden.', remedy: tryAgain },
    'card.format_unknown': {
      message: 'Das Format der Karte ist nicht bekannt.',
      remedy: 'Bitten Sie den Sicherheitsdienst um einen Ausweis.',
    },
    'resource.unknown': { message: 'Diese Tür oder dieses System ist nicht bekannt.', remedy: securityDesk },
    'face.unavailable': { message: 'Die Kamera dieser Tür antwortet nicht.', remedy: otherWayIn },
    'face.camera_unavailable': {
      message: 'Die Kamera dieser Tür ist gestört.',
      remedy: 'Geben Sie nach dem Ausweis Ihre PIN ein, wenn der Leser sie annimmt, oder bitten Sie den Sicherheitsdienst um Einlass.',
    },
    'face.not_enrolled': {
      message: 'Ihr Gesicht ist an dieser Tür nicht erfasst.',
      remedy:
        'Geben Sie nach dem Ausweis Ihre PIN ein, wenn der Leser sie annimmt, oder fragen Sie den Sicherheitsdienst. Die Erfassung ist freiwillig.',
    },
    'face.timeout': {
      message: 'Es wurde nicht rechtzeitig ein Gesicht gesehen.',
      remedy: 'Halten Sie den Ausweis erneut vor und blicken Sie in die Kamera.',
    },
    'face.device_revoked': { message: 'Diese Kamera ist außer Betrieb genommen.', remedy: otherWayIn },
    'face.wrong_binding': {
      message: 'Die Antwort der Kamera galt einer anderen Person oder einem anderen Ort.',
      remedy: 'Halten Sie den Ausweis erneut vor.',
    },
    'face.pack_not_allowed': { message: 'Die Kamera verwendet Gesichtsmodelle, die nicht zugelassen sind.', remedy: securityDesk },
    'face.attestation_stale': {
      message: 'Die Antwort der Kamera war zu alt.',
      remedy: 'Halten Sie den Ausweis erneut vor und blicken Sie in die Kamera.',
    },
    'face.attestation_invalid': { message: 'Die Antwort der Kamera war nicht brauchbar.', remedy: securityDesk },
    'face.template_unknown': { message: 'Das Gesicht auf diesem Computer wurde ohne Auftrag erfasst.', remedy: securityDesk },
  },
  badgeInto: ({ areaName, siteName }) =>
    `Halten Sie Ihren Ausweis an den Leser von „${areaName}“, ${siteName}, und versuchen Sie es dann erneut.`,
};
