import { createInstance, type BackendModule, type ResourceNamespaceMap } from 'i18next';
import { useTranslation } from 'react-i18next';
import { LANGUAGES, type Language } from '#gateway/http/contract/language.ts';
import { keepLanguage } from './keep-language.ts';
import { keptLanguage, startLanguage } from './language-choice.ts';
import { reloadOnce } from './reload-once.ts';

/** The same texts in another language: one that lacks a key, or has one more, does not compile. */
export type Translated<Texts> = { readonly [Key in keyof Texts]: string };

type Namespace = keyof ResourceNamespaceMap;
type Loaders<Texts> = Readonly<Record<Language, () => Promise<{ readonly texts: Translated<Texts> }>>>;

const loadersOf = new Map<string, Loaders<object>>();

const backend: BackendModule = {
  type: 'backend',
  init: () => undefined,
  read: (language, namespace, done) => {
    const loaders = loadersOf.get(namespace);
    // i18next asks for no other language than the supported ones.
    const load = loaders?.[language as Language];
    if (load === undefined) return done(new TypeError(`no texts: ${namespace} ${language}`), false);
    load().then(
      ({ texts }) => done(null, texts),
      (error: Error) => {
        // The gateway was updated under the page, and the old file is gone.
        reloadOnce();
        done(error, false);
      },
    );
  },
};

export const i18n = createInstance();
void i18n.use(backend).init({
  lng: startLanguage(document.cookie, navigator.languages),
  supportedLngs: [...LANGUAGES],
  // Every language is complete: the compiler sees to it.
  fallbackLng: false,
  load: 'languageOnly',
  ns: [],
  keySeparator: false,
  nsSeparator: false,
  // React escapes what it shows.
  interpolation: { escapeValue: false },
});

/** Names where the texts of a feature are, begins to load them in the language in force, and gives the hook that reads them. */
export function createTexts<Name extends Namespace>(name: Name, loaders: Loaders<ResourceNamespaceMap[Name]>) {
  loadersOf.set(name, loaders);
  void i18n.loadNamespaces(name);
  return () => useTranslation(name, { i18n }).t;
}

/** i18next loads the texts of every feature that is open first and changes then. */
export async function changeLanguage(language: Language): Promise<void> {
  keepLanguage(language);
  await i18n.changeLanguage(language);
}

/** As somebody else asks, unless the person has chosen: nothing is kept of it. */
export async function followLanguage(language: Language): Promise<void> {
  if (keptLanguage(document.cookie) === null) await i18n.changeLanguage(language);
}
