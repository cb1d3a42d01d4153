import { createTexts } from '../../../shared/i18n/i18n.ts';

export const useFaceTexts = createTexts('sign_in_face', {
  en: () => import('./en.ts'),
  de: () => import('./de.ts'),
  es: () => import('./es.ts'),
});
