import { hash } from 'node:crypto';

/** Tokens whose model is remembered; of more the oldest are forgotten, and looked for in every model again. */
export const TOKEN_MODELS_MAX = 10_000;

/** What an API may ask about. */
const ASKED: ReadonlySet<string> = new Set(['AccessToken', 'ClientCredentials', 'RefreshToken']);

/**
 * Whoever asks about a token need not say what it is, so that the provider looks in three models for it, each time. Values are random and
 * given once: what was found in one model is in no other, ever. Only hashes are kept; a token is its bearer's.
 */
export interface TokenModels {
  /** True when the value is known to be of another model. */
  isOfAnother(model: string, value: string): boolean;
  /** After it was found there. */
  note(model: string, value: string): void;
}

export function createTokenModels(max = TOKEN_MODELS_MAX): TokenModels {
  const models = new Map<string, string>();
  // The three questions about one value follow one another.
  let last = { value: '', key: '' };
  const keyOf = (value: string): string => {
    if (last.value !== value) last = { value, key: hash('sha256', value, 'base64') };
    return last.key;
  };
  return {
    isOfAnother: (model, value) => {
      const known = ASKED.has(model) ? models.get(keyOf(value)) : undefined;
      return known !== undefined && known !== model;
    },
    note: (model, value) => {
      if (!ASKED.has(model)) return;
      const key = keyOf(value);
      if (models.has(key)) return;
      const [oldest] = models.keys();
      if (models.size >= max && oldest !== undefined) models.delete(oldest);
      models.set(key, model);
    },
  };
}
