import type { ReasonTexts } from './reason-texts.ts';

const securityDesk = 'Diríjase al servicio de seguridad e indique el número de decisión.';
const tryAgain = 'Inténtelo de nuevo. Si persiste, avise al servicio de seguridad.';
const managedDevice = 'Utilice un dispositivo administrado por su organización.';
const siteNetworkOrVpn = 'Conéctese a una red de la sede o a la VPN e inténtelo de nuevo.';
const otherWayIn = 'Utilice otra entrada o diríjase al servicio de seguridad.';
const otherDoor = 'Utilice otra puerta y avise al servicio de seguridad. La salida permanece libre.';
const followSecurity = 'Siga las instrucciones del servicio de seguridad. La salida permanece libre.';
const lookStraight = 'Mire de frente a la cámara e inténtelo de nuevo, o diríjase al servicio de seguridad.';

export const spanish: ReasonTexts = {
  reasons: {
    'subject.unknown': { message: 'No se conoce a esta persona.', remedy: securityDesk },
    'subject.suspended': { message: 'Su acceso está suspendido, tanto en puertas como en sistemas.', remedy: securityDesk },
    'subject.departed': { message: 'Su acceso ha finalizado.', remedy: securityDesk },
    'subject.not_active': { message: 'Su acceso no está activo.', remedy: securityDesk },
    'subject.employment_ended': { message: 'Su relación laboral ha finalizado.', remedy: securityDesk },
    'credential.unknown': {
      message: 'Esta credencial no está registrada.',
      remedy: 'Utilice su propia credencial o clave de acceso, o pida al servicio de seguridad que la registre.',
    },
    'credential.not_enabled': { message: 'Esta credencial está bloqueada.', remedy: 'Pida una nueva al servicio de seguridad.' },
    'credential.not_yet_valid': {
      message: 'Esta credencial todavía no es válida.',
      remedy: 'Inténtelo de nuevo cuando comience su validez.',
    },
    'credential.expired': { message: 'Esta credencial ha caducado.', remedy: 'Pida al servicio de seguridad que la renueve.' },
    'grant.missing': {
      message: 'No tiene autorización para este acceso.',
      remedy: 'Solicítela a la persona responsable o a su superior.',
    },
    'grant.not_yet_valid': {
      message: 'Su autorización para este acceso aún no ha comenzado.',
      remedy: 'Inténtelo de nuevo cuando comience.',
    },
    'grant.expired': {
      message: 'Su autorización para este acceso ha finalizado.',
      remedy: 'Pida su renovación a la persona responsable o a su superior.',
    },
    'grant.outside_schedule': {
      message: 'Tiene autorización para este acceso, pero no a esta hora.',
      remedy: 'Vuelva dentro del horario que le corresponde.',
    },
    'grant.other_half_missing': {
      message: 'Esta zona y su sistema se autorizan conjuntamente, y falta una de las dos partes.',
      remedy: 'Pida a la persona responsable que autorice ambas partes.',
    },
    'door.locked_down': { message: 'Esta puerta está bloqueada por seguridad.', remedy: followSecurity },
    'door.clearance_too_low': {
      message: 'Su nivel de autorización no alcanza para esta zona.',
      remedy: 'Solicite el nivel necesario al servicio de seguridad.',
    },
    'door.threat_level': {
      message: 'Aquí rige un nivel de amenaza para el que no alcanza su nivel de autorización.',
      remedy: followSecurity,
    },
    'reader.not_secure': {
      message: 'La conexión del lector no está protegida.',
      remedy: 'Utilice otro lector y avise al servicio de seguridad.',
    },
    'reader.tampered': { message: 'La carcasa del lector está abierta o el lector se ha movido.', remedy: otherDoor },
    'reader.tamper_unknown': { message: 'No se sabe si alguien ha abierto este lector.', remedy: otherDoor },
    'pin.missing': {
      message: 'Esta puerta requiere su PIN además de la credencial, y no se introdujo a tiempo.',
      remedy: 'Acerque de nuevo la credencial e introduzca su PIN, o pida al servicio de seguridad que le asigne uno.',
    },
    'pin.invalid': { message: 'El PIN no es correcto.', remedy: 'Acerque de nuevo la credencial e introduzca su PIN.' },
    'pin.locked': {
      message: 'Demasiados PIN incorrectos: este lector no aceptará otro suyo durante un tiempo.',
      remedy: 'Espere a que el bloqueo termine por sí solo o diríjase al servicio de seguridad. La salida permanece libre.',
    },
    'presence.required': {
      message: 'Este sistema solo se utiliza desde dentro de su zona.',
      remedy: 'Acerque su credencial al lector de la zona e inténtelo de nuevo.',
    },
    'presence.stale': {
      message: 'Hace demasiado tiempo que no registra su entrada con la credencial.',
      remedy: 'Acerque de nuevo su credencial al lector de la zona e inténtelo de nuevo.',
    },
    'presence.unknown': {
      message: 'No hay certeza de que usted se encuentre en la zona.',
      remedy: 'Acerque su credencial al lector de la zona e inténtelo de nuevo.',
    },
    'presence.off_site': {
      message: 'Este sistema solo se utiliza en la sede.',
      remedy: 'Acerque su credencial a un lector de la sede e inténtelo de nuevo.',
    },
    'time.after_hours': {
      message: 'Fuera del horario solo entran aquí determinadas personas.',
      remedy: 'Vuelva dentro del horario o diríjase al servicio de seguridad.',
    },
    'contractor.outside_hours': {
      message: 'El personal externo solo entra aquí dentro de su horario.',
      remedy: 'Vuelva en ese horario o diríjase a su persona de contacto.',
    },
    'contractor.no_end_date': {
      message: 'No consta la fecha de fin de su contrato.',
      remedy: 'Pida a su persona de contacto que haga registrar la fecha de fin del contrato.',
    },
    'device.unknown': { message: 'No se conoce su dispositivo.', remedy: managedDevice },
    'device.not_managed': { message: 'Su dispositivo no está administrado.', remedy: managedDevice },
    'device.not_compliant': {
      message: 'Su dispositivo no cumple los requisitos.',
      remedy: 'Actualice su dispositivo, siga las indicaciones de su administración e inténtelo de nuevo.',
    },
    'travel.country': {
      message: 'Este sistema no está disponible desde este país.',
      remedy: 'Consulte a la persona responsable antes de viajar.',
    },
    'travel.country_unknown': { message: 'No se sabe desde qué país se conecta.', remedy: siteNetworkOrVpn },
    'travel.elsewhere_while_inside': {
      message: 'Según su credencial está usted dentro, pero esta solicitud llega desde otro lugar.',
      remedy:
        'Conéctese a una red de la sede y registre su salida con la credencial cuando se vaya. Si no ha sido usted, avise al servicio de seguridad.',
    },
    'face.mismatch': { message: 'No se ha reconocido el rostro.', remedy: lookStraight },
    'face.not_live': { message: 'La cámara no ha visto un rostro vivo.', remedy: lookStraight },
    'network.elsewhere': { message: 'Este sistema no está disponible desde esta red.', remedy: siteNetworkOrVpn },
    'network.unknown': { message: 'No se conoce su red.', remedy: siteNetworkOrVpn },
    'authentication.missing': { message: 'No ha iniciado sesión.', remedy: 'Inicie sesión con su clave de acceso.' },
    'authentication.too_weak': {
      message: 'Se necesita una clave de acceso verificada.',
      remedy: 'Inicie sesión con una clave de acceso y confírmela con el bloqueo de su dispositivo.',
    },
    'authentication.too_old': {
      message: 'Inició sesión hace demasiado tiempo para esta acción.',
      remedy: 'Inicie sesión de nuevo con su clave de acceso y repita la acción.',
    },
    'operator.not_authorized': {
      message: 'Su función no permite esta acción.',
      remedy: 'Diríjase a una persona administradora de seguridad.',
    },
    'operator.reason_missing': { message: 'Esta acción requiere un motivo.', remedy: 'Indique el motivo e inténtelo de nuevo.' },
    'operator.same_person': {
      message: 'Se necesita una segunda persona operadora, distinta de la primera.',
      remedy: 'Pida a otra persona operadora que lo confirme.',
    },
    'operator.self_action': { message: 'Nadie puede hacer esto para sí mismo.', remedy: 'Pídalo a otra persona operadora.' },
    'policy.no_permit': { message: 'Ninguna regla lo permite.', remedy: securityDesk },
    'input.invalid': { message: 'No se ha entendido la solicitud.', remedy: securityDesk },
    'pdp.unavailable': { message: 'No se ha podido tomar la decisión.', remedy: tryAgain },
    'pdp.late': { message: 'La decisión ha tardado demasiado.', remedy: tryAgain },
    'pdp.answer_invalid': { message: 'La política no dio una respuesta utilizable.', remedy: securityDesk },
    'audit.unavailable': {
      message: 'La decisión no se ha podido registrar y, por tanto, es negativa.',
      remedy: tryAgain,
    },
    'obligation.unsupported': { message: 'Aquí no se puede cumplir una de las condiciones.', remedy: otherWayIn },
    'store.unavailable': { message: 'No se han podido leer los datos necesarios.', remedy: tryAgain },
    'card.format_unknown': {
      message: 'No se conoce el formato de la credencial.',
      remedy: 'Pida una credencial al servicio de seguridad.',
    },
    'resource.unknown': { message: 'No se conoce esta puerta o este sistema.', remedy: securityDesk },
    'face.unavailable': { message: 'La cámara de esta puerta no responde.', remedy: otherWayIn },
    'face.camera_unavailable': {
      message: 'La cámara de esta puerta está averiada.',
      remedy: 'Introduzca su PIN después de la credencial si el lector lo admite, o pida al servicio de seguridad que le abra.',
    },
    'face.not_enrolled': {
      message: 'Su rostro no está registrado en esta puerta.',
      remedy:
        'Introduzca su PIN después de la credencial si el lector lo admite, o diríjase al servicio de seguridad. El registro es voluntario.',
    },
    'face.timeout': {
      message: 'No se ha visto ningún rostro a tiempo.',
      remedy: 'Acerque de nuevo la credencial y mire a la cámara.',
    },
    'face.device_revoked': { message: 'Esta cámara está retirada del servicio.', remedy: otherWayIn },
    'face.wrong_binding': {
      message: 'La cámara respondió por otra persona u otro lugar.',
      remedy: 'Acerque de nuevo la credencial.',
    },
    'face.pack_not_allowed': { message: 'La cámara utiliza modelos faciales no permitidos.', remedy: securityDesk },
    'face.attestation_stale': {
      message: 'La respuesta de la cámara era demasiado antigua.',
      remedy: 'Acerque de nuevo la credencial y mire a la cámara.',
    },
    'face.attestation_invalid': { message: 'La respuesta de la cámara no se ha podido utilizar.', remedy: securityDesk },
    'face.template_unknown': { message: 'El rostro de este equipo se registró sin una orden.', remedy: securityDesk },
  },
  badgeInto: ({ areaName, siteName }) => `Acerque su credencial al lector de «${areaName}», ${siteName}, e inténtelo de nuevo.`,
};
