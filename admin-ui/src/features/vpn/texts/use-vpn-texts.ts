import { createTexts } from '../../../shared/i18n/i18n.ts';

export const useVpnTexts = createTexts('vpn', {
  en: () => import('./en.ts'),
  de: () => import('./de.ts'),
  es: () => import('./es.ts'),
});
