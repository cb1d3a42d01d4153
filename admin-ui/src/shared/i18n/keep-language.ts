import { LANGUAGE_COOKIE, type Language } from '#gateway/http/contract/language.ts';

const KEEP_S = 31_536_000;

/** A cookie, so that the pages that the gateway renders by itself are in the same language. It holds nothing else. */
export function keepLanguage(language: Language): void {
  const secure = location.protocol === 'https:' ? '; Secure' : '';
  document.cookie = `${LANGUAGE_COOKIE}=${language}; Path=/; Max-Age=${String(KEEP_S)}; SameSite=Lax${secure}`;
}
