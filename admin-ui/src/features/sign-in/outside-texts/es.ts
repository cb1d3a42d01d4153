import type { Translated } from '../../../shared/i18n/i18n.ts';
import type { texts as english } from './en.ts';

export const texts: Translated<typeof english> = {
  continue_with: 'Continuar con {{name}}',
  first_lead: 'Inicie sesión primero en su organización. Después se le pedirá su clave de acceso.',
  then_lead: 'Ha iniciado sesión en {{name}}. Utilice ahora su clave de acceso.',
  either_lead: 'Utilice su clave de acceso o inicie sesión en su organización. Aquí no hay contraseña.',
  'account.unknown':
    'Aquí nadie tiene la cuenta con la que ha iniciado sesión. Pida a quien gestiona las cuentas que le añada, o utilice otra cuenta.',
  'account.ambiguous': 'Más de una persona tiene aquí esta cuenta. Pida a quien gestiona las cuentas que lo corrija.',
  'account.claim_missing': 'Su organización no ha indicado qué cuenta tiene usted aquí. Consulte a quien gestiona las cuentas.',
  'account.email_unverified': 'Su organización no ha verificado su dirección de correo. Consulte a quien gestiona las cuentas allí.',
  'account.domain_other': 'La cuenta con la que ha iniciado sesión no es de esta organización. Utilice otra cuenta.',
  'account.linked_otherwise': 'Aquí se le conoce por otra cuenta del mismo proveedor. Utilice esa, o pida a un operador que la libere.',
  'account.taken': 'Su nombre o su dirección de correo ya pertenece aquí a otra persona. Consulte a quien gestiona las cuentas.',
  'upstream.unreachable': 'El inicio de sesión de su organización no responde en este momento. Vuelva a intentarlo en unos minutos.',
  'upstream.not_ready': 'Esta puerta de acceso aún no está preparada para el inicio de sesión de su organización. Avise a un operador.',
  'upstream.refused': 'Su organización no ha iniciado su sesión, o usted la ha cancelado allí. Puede intentarlo de nuevo.',
  'upstream.answer_invalid':
    'No se ha podido confiar en la respuesta de su organización, así que no se ha autorizado nada. Inténtelo de nuevo; si se repite, avise a un operador.',
  'upstream.expired': 'Ese inicio de sesión ha tardado demasiado o ya se había utilizado. Inténtelo de nuevo.',
  'upstream.too_old': 'Su inicio de sesión en la organización es demasiado antiguo. Cierre allí la sesión e inténtelo de nuevo.',
  'upstream.other_person': 'En este navegador hay otra persona con la sesión iniciada. Ciérrela primero o utilice su propia cuenta.',
};
