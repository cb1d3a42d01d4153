import type { Translated } from '../../../shared/i18n/i18n.ts';
import type { texts as english } from './en.ts';

export const texts: Translated<typeof english> = {
  one_moment: 'Un momento',
  loading: 'Comprobando el enlace',
  not_checked: 'No se ha podido comprobar el enlace',
  try_again: 'Intentar de nuevo',
  dead_title: 'Este enlace ya no es válido',
  dead_lead: 'Un enlace de registro funciona una sola vez y durante poco tiempo. Pida uno nuevo al servicio de seguridad.',
  welcome: 'Le damos la bienvenida, {{name}}',
  lead: 'Cree una clave de acceso en este dispositivo. Sustituye a la contraseña y nunca sale del dispositivo.',
  start_again: 'Empezar de nuevo',
  create: 'Crear clave de acceso',
  valid_until: 'Este enlace es válido hasta: {{time}}. Si usted no es {{name}}, cierre la página.',
  ready: 'Su clave de acceso está lista',
  can_sign_in: '{{name}} ya puede iniciar sesión con ella.',
  open_console: 'Abrir la consola',
  open_portal: 'Ver mi acceso',
  recover_title: 'Recuperar el acceso',
  recover_lead: 'Ha perdido sus claves de acceso. Con un código puede crear una nueva.',
  recover_step_badge: 'Acerque su credencial a un lector atendido.',
  recover_step_ask: 'Pida un código de recuperación a la persona de guardia.',
  recover_step_type: 'Introdúzcalo aquí.',
  recover_code: 'Código de recuperación',
  recover_code_hint: 'Cuatro grupos de cuatro letras y cifras. Sirve una sola vez.',
  recover_code_wrong: 'El código no está completo: son cuatro grupos de cuatro letras y cifras.',
  recover_go: 'Continuar',
};
