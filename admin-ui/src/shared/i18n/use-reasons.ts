import type { Reason } from '#gateway/http/contract/me.ts';
import type { ReasonWords } from '../ui/words.ts';
import { codeReasonIn } from './people-words.ts';
import { currentLanguage, tablesOf } from './people-provider.tsx';

/** Reasons that come as a code with names, for pages that have the texts themselves. */
export function useReasons(): (reason: Reason) => ReasonWords {
  const tables = tablesOf(currentLanguage());
  return (reason) => codeReasonIn(tables, reason);
}
