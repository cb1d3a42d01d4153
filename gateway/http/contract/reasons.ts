import { reasonCodeSchema } from '../../domain/access/reason-code.ts';
import { explainReason } from '../../domain/access/reason-text.ts';
import type { ReasonText } from './common.ts';

/** The reasons in plain words, for answers that carry only codes. A code of a newer gateway is shown as it is, never dropped. */
export function explainReasons(codes: readonly string[]): readonly ReasonText[] {
  return codes.map((code) => {
    const known = reasonCodeSchema.safeParse(code);
    return known.success
      ? explainReason(known.data)
      : { code, message: code, remedy: 'Contact the security desk and quote the decision number.' };
  });
}
