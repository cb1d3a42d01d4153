import type { Translated } from '../../../shared/i18n/i18n.ts';
import type { texts as english } from './en.ts';

export const texts: Translated<typeof english> = {
  title: 'Demuestre que es usted',
  lead: '{{appName}} pide que la cámara de su propio equipo le reconozca. Ninguna imagen sale de él. En su lugar puede usar una llave de seguridad o su tarjeta.',
  look: 'Mirar a la cámara de este equipo',
  look_again: 'Mirar otra vez',
  check: 'Comprobar este equipo',
  key: 'Usar una llave de seguridad en su lugar',
  badge: 'He pasado mi tarjeta en su lugar',
  waiting: 'Se está consultando su equipo',
  nobody: 'La cámara no ha visto a nadie con suficiente claridad. Siéntese cerca, con luz uniforme, e inténtelo de nuevo.',
  not_enrolled: 'Este equipo no conoce su rostro. Use otra vía o pida a la administración que lo registre.',
  withheld:
    'La respuesta de su equipo no se ha podido utilizar. Inténtelo de nuevo; si vuelve a ocurrir, use otra vía y avise a la administración.',
  no_desk: 'Ninguno de sus equipos está preparado para esto. Use otra vía.',
  too_many: 'Su rostro no se ha reconocido varias veces. Por ahora, use otra vía.',
  no_agent:
    'Nada responde en este equipo. Inicie su agente de Gatehouse, permita que esta página acceda a él si el navegador lo pregunta, o use otra vía.',
  busy: 'Este equipo está ocupado con otro inicio de sesión. Inténtelo de nuevo en un momento.',
  not_yours: 'El agente de este equipo no está preparado para usted, o su reloj no va bien.',
  too_late: 'Su equipo no ha respondido a tiempo. Inténtelo de nuevo o use otra vía.',
  say_look: 'Mire a la cámara',
  say_one_person: 'Una sola persona, por favor',
  say_turn_left: 'Gire la cabeza hacia su izquierda y vuelva',
  say_turn_right: 'Gire la cabeza hacia su derecha y vuelva',
  say_blink: 'Cierre los ojos un momento',
  say_open_mouth: 'Abra la boca y ciérrela',
  say_come_closer: 'Acérquese',
  say_too_far: 'Acérquese',
  say_not_facing: 'Mire de frente a la cámara',
  say_head_tilted: 'Mantenga la cabeza recta',
  say_eyes_closed: 'Abra los ojos',
  say_too_dark: 'Hay poca luz',
  say_too_bright: 'Hay demasiada luz',
  say_back_light: 'Hay demasiada luz detrás de usted',
  say_blurred: 'No se mueva',
};
