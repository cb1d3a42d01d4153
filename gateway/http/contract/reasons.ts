import { reasonCodeSchema } from '../../domain/access/reason-code.ts';
import { explainReason } from '../../domain/access/reason-text.ts';
import { tryParse } from '../../domain/try-parse.ts';
import type { ReasonText } from './common.ts';

/** What a reader did about a card before anybody was asked: not a reason of the policy. */
const readerTexts: Readonly<Record<string, Omit<ReasonText, 'code'>>> = {
  'osdp.card_rate_exceeded': {
    message: 'The reader dropped this read: more than 5 per second.',
    remedy: 'Wait a second, then badge again.',
  },
};

/** The reasons in plain words, for answers that carry only codes. A code of a newer gateway is shown as it is, never dropped. */
export function explainReasons(codes: readonly string[]): readonly ReasonText[] {
  return codes.map((code) => {
    const known = tryParse(reasonCodeSchema, code);
    if (known.success) return explainReason(known.data);
    return { code, ...(readerTexts[code] ?? { message: code, remedy: 'Contact the security desk and quote the decision number.' }) };
  });
}
