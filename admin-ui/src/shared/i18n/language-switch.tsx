import { Languages } from 'lucide-react';
import { isLanguage, LANGUAGES, type Language } from '#gateway/http/contract/language.ts';
import { changeLanguage } from './i18n.ts';
import styles from './language-switch.module.css';
import { currentLanguage, useFrameTexts } from './people-provider.tsx';

/** As each calls itself: who needs the switch may not read the page. */
const names: Readonly<Record<Language, string>> = { en: 'English', de: 'Deutsch', es: 'Español' };

/** `onChange` for pages that keep the choice with the person as well. */
export function LanguageSwitch({ onChange }: { onChange?: (language: Language) => void }) {
  const t = useFrameTexts();
  return (
    <span className={styles.switch}>
      <Languages size={15} aria-hidden />
      <select
        aria-label={t('language')}
        value={currentLanguage()}
        onChange={({ target: { value } }) => {
          if (!isLanguage(value)) return;
          void changeLanguage(value);
          onChange?.(value);
        }}
      >
        {LANGUAGES.map((language) => (
          <option key={language} value={language} lang={language}>
            {names[language]}
          </option>
        ))}
      </select>
    </span>
  );
}
