import type { Translated } from '../../../shared/i18n/i18n.ts';
import type { texts as english } from './en.ts';

export const texts: Translated<typeof english> = {
  title: 'Zeigen Sie, dass Sie es sind',
  lead: '{{appName}} verlangt, dass die Kamera Ihres eigenen Computers Sie erkennt. Kein Bild verlässt ihn. Stattdessen können Sie einen Sicherheitsschlüssel oder Ihren Ausweis verwenden.',
  look: 'In die Kamera dieses Computers blicken',
  look_again: 'Noch einmal blicken',
  check: 'Diesen Computer prüfen',
  key: 'Stattdessen Sicherheitsschlüssel verwenden',
  badge: 'Stattdessen Ausweis vorgehalten',
  waiting: 'Ihr Computer wird gefragt',
  nobody: 'Die Kamera hat niemanden gut genug gesehen. Setzen Sie sich bei gleichmäßigem Licht nahe davor und versuchen Sie es erneut.',
  not_enrolled: 'Dieser Computer kennt Ihr Gesicht nicht. Nehmen Sie einen anderen Weg oder bitten Sie den Betrieb, es erfassen zu lassen.',
  withheld:
    'Die Antwort Ihres Computers war nicht brauchbar. Versuchen Sie es erneut; geschieht es wieder, nehmen Sie einen anderen Weg und sagen Sie dem Betrieb Bescheid.',
  no_desk: 'Keiner Ihrer Computer ist dafür eingerichtet. Nehmen Sie einen anderen Weg.',
  too_many: 'Ihr Gesicht wurde mehrmals nicht erkannt. Nehmen Sie vorerst einen anderen Weg.',
  no_agent:
    'Auf diesem Computer antwortet nichts. Starten Sie seinen Gatehouse-Agenten, erlauben Sie dieser Seite den Zugriff, falls der Browser fragt, oder nehmen Sie einen anderen Weg.',
  busy: 'Dieser Computer ist mit einer anderen Anmeldung beschäftigt. Versuchen Sie es gleich noch einmal.',
  not_yours: 'Der Agent auf diesem Computer ist nicht für Sie eingerichtet, oder seine Uhr geht falsch.',
  too_late: 'Ihr Computer hat nicht rechtzeitig geantwortet. Versuchen Sie es erneut oder nehmen Sie einen anderen Weg.',
  say_look: 'Blicken Sie in die Kamera',
  say_one_person: 'Bitte nur eine Person',
  say_turn_left: 'Drehen Sie den Kopf nach links und zurück',
  say_turn_right: 'Drehen Sie den Kopf nach rechts und zurück',
  say_blink: 'Schließen Sie kurz die Augen',
  say_open_mouth: 'Öffnen Sie den Mund und schließen Sie ihn',
  say_come_closer: 'Kommen Sie näher',
  say_too_far: 'Kommen Sie näher',
  say_not_facing: 'Blicken Sie gerade in die Kamera',
  say_head_tilted: 'Halten Sie den Kopf aufrecht',
  say_eyes_closed: 'Öffnen Sie die Augen',
  say_too_dark: 'Es ist zu dunkel',
  say_too_bright: 'Es ist zu hell',
  say_back_light: 'Hinter Ihnen ist zu viel Licht',
  say_blurred: 'Halten Sie still',
};
