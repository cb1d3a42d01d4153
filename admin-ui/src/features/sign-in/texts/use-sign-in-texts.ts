import { createTexts } from '../../../shared/i18n/i18n.ts';

export const useSignInTexts = createTexts('sign_in', {
  en: () => import('./en.ts'),
  de: () => import('./de.ts'),
  es: () => import('./es.ts'),
});
