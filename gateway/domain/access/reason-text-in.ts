import type { Language } from '../language.ts';
import type { ReasonCode } from './reason-code.ts';
import type { ExplainedReason } from './reason-text.ts';
import { german } from './reason-texts/de.ts';
import { english } from './reason-texts/en.ts';
import { spanish } from './reason-texts/es.ts';
import type { ReasonTexts } from './reason-texts/reason-texts.ts';

const textsIn: Readonly<Record<Language, ReasonTexts>> = { en: english, de: german, es: spanish };

/** As `explainReason`, for what is rendered by the gateway itself. Pages load the one table that they need (contract/load-reason-texts.ts). */
export function explainReasonIn(language: Language, code: ReasonCode): ExplainedReason {
  return { code, ...textsIn[language].reasons[code] };
}
