import { createTexts } from '../../../shared/i18n/i18n.ts';

export const useOutsideTexts = createTexts('sign_in_outside', {
  en: () => import('./en.ts'),
  de: () => import('./de.ts'),
  es: () => import('./es.ts'),
});
