import type { Translated } from '../../shared/i18n/i18n.ts';
import type { texts as english } from './en.ts';

export const texts: Translated<typeof english> = {
  title: '¿Adónde?',
  demo_lead: 'Esta pasarela ejecuta su sede de demostración: no hay nada real tras estas puertas.',
  start: 'Inicio',
  portal: 'Mi acceso',
  portal_note: 'Qué tiene abierto, sus claves de acceso y sus sesiones.',
  console: 'Consola',
  console_note: 'Observar, explicar y cerrar accesos, con su clave de acceso.',
  demo: 'Sede de demostración',
  demo_note: 'Acercar credenciales a lectores simulados e iniciar sesión en aplicaciones.',
};
