import type { Language } from '#gateway/http/contract/language.ts';
import { loadReasonTexts } from '#gateway/http/contract/load-reason-texts.ts';
import type { ProblemTexts } from './problem-texts/problem-texts.ts';

/** What the gateway says by code, in one language. */
export interface Tables {
  readonly language: Language;
  readonly reasons: Awaited<ReturnType<typeof loadReasonTexts>>;
  readonly problems: ProblemTexts;
}

const problems: Readonly<Record<Language, () => Promise<{ readonly problems: ProblemTexts }>>> = {
  en: () => import('./problem-texts/en.ts'),
  de: () => import('./problem-texts/de.ts'),
  es: () => import('./problem-texts/es.ts'),
};

const loaded = new Map<Language, Tables>();
const loading = new Map<Language, Promise<Tables>>();

export function loadTables(language: Language): Promise<Tables> {
  const begun = loading.get(language) ?? load(language);
  loading.set(language, begun);
  return begun;
}

async function load(language: Language): Promise<Tables> {
  try {
    const [reasons, texts] = await Promise.all([loadReasonTexts(language), problems[language]()]);
    const tables = { language, reasons, problems: texts.problems };
    loaded.set(language, tables);
    return tables;
  } catch (error) {
    loading.delete(language);
    throw error;
  }
}

/** Undefined while they have not come. */
export function loadedTables(language: Language): Tables | undefined {
  return loaded.get(language);
}
