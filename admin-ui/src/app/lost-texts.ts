import type { Language } from '#gateway/http/contract/language.ts';

interface LostTexts {
  readonly crash: string;
  readonly crashLead: string;
  readonly reload: string;
  readonly notFound: string;
  readonly toStart: string;
  readonly oneGate: string;
}

/** Of the pages that stand where another one was meant to: part of the program, since what they wait for may be what is missing. */
export const lostTexts: Readonly<Record<Language, LostTexts>> = {
  en: {
    crash: 'This page broke',
    crashLead: 'Nothing was changed by it. Reload to go on.',
    reload: 'Reload',
    notFound: 'There is no such page',
    toStart: 'Go to the start',
    oneGate: 'Every attempt is decided by one policy and written to one log.',
  },
  de: {
    crash: 'Diese Seite ist abgestürzt',
    crashLead: 'Dadurch wurde nichts verändert. Laden Sie die Seite neu, um weiterzumachen.',
    reload: 'Neu laden',
    notFound: 'Diese Seite gibt es nicht',
    toStart: 'Zum Anfang',
    oneGate: 'Ein Regelwerk entscheidet über jeden Versuch, ein Protokoll hält ihn fest.',
  },
  es: {
    crash: 'Esta página ha fallado',
    crashLead: 'No se ha cambiado nada. Vuelva a cargarla para continuar.',
    reload: 'Volver a cargar',
    notFound: 'Esta página no existe',
    toStart: 'Ir al inicio',
    oneGate: 'Cada intento se decide con una sola política y queda en un solo registro.',
  },
};
