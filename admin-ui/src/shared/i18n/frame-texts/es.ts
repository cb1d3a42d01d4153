import type { Translated } from '../i18n.ts';
import type { texts as english } from './en.ts';

export const texts: Translated<typeof english> = {
  loading: 'Cargando',
  try_again: 'Intentar de nuevo',
  not_allowed: 'No permitido',
  not_found: 'No encontrado',
  not_loaded: 'No se ha podido cargar',
  decision_number: 'Número de decisión',
  copy: 'Copiar',
  copied: 'Copiado',
  copied_aloud: 'Copiado en el portapapeles',
  copy_by_hand: 'Seleccionar y copiar',
  close: 'Cerrar',
  now: 'ahora',
  one_gate: 'Cada intento se decide con una sola política y queda en un solo registro.',
  language: 'Idioma',
  one_moment: 'Un momento',
};
