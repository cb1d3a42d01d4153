import { createContext, useContext } from 'react';
import type { ReasonText } from '#gateway/http/contract/common.ts';
import type { ApiError } from '../api/api-error.ts';

export interface ReasonWords {
  readonly message: string;
  readonly remedy: string;
  /** The language of the two where it is not the page's, for those who listen. */
  readonly lang?: string;
}

/** What the shared pieces say by themselves. */
export interface Words {
  /** For dates and numbers; undefined = the browser's own. */
  readonly locale: string | undefined;
  readonly loading: string;
  readonly tryAgain: string;
  readonly notAllowed: string;
  readonly notFound: string;
  readonly notLoaded: string;
  readonly decisionNumber: string;
  readonly copy: string;
  readonly copied: string;
  readonly copiedAloud: string;
  readonly copyByHand: string;
  readonly close: string;
  readonly now: string;
  readonly oneGate: string;
  readonly reason: (reason: ReasonText) => ReasonWords;
  readonly problem: (problem: ApiError) => string;
}

/** The console's. People's pages put those of their language in place. */
export const ENGLISH_WORDS: Words = {
  locale: undefined,
  loading: 'Loading',
  tryAgain: 'Try again',
  notAllowed: 'Not allowed',
  notFound: 'Not found',
  notLoaded: 'This could not be loaded',
  decisionNumber: 'Decision number',
  copy: 'Copy',
  copied: 'Copied',
  copiedAloud: 'Copied to the clipboard',
  copyByHand: 'Select and copy',
  close: 'Close',
  now: 'now',
  oneGate: 'Every attempt is decided by one policy and written to one log.',
  reason: (reason) => reason,
  problem: ({ message }) => message,
};

export const WordsContext = createContext(ENGLISH_WORDS);

export function useWords(): Words {
  return useContext(WordsContext);
}
