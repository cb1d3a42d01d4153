import type { TFunction } from 'i18next';
import type { ReasonText } from '#gateway/http/contract/common.ts';
import type { Reason } from '#gateway/http/contract/me.ts';
import type { ApiError } from '../api/api-error.ts';
import type { ReasonWords, Words } from '../ui/words.ts';
import type { Tables } from './tables.ts';

/** The words of the shared pieces in one language. */
export function peopleWords(t: TFunction<'frame'>, locale: string, tables: Tables): Words {
  return {
    locale,
    loading: t('loading'),
    tryAgain: t('try_again'),
    notAllowed: t('not_allowed'),
    notFound: t('not_found'),
    notLoaded: t('not_loaded'),
    decisionNumber: t('decision_number'),
    copy: t('copy'),
    copied: t('copied'),
    copiedAloud: t('copied_aloud'),
    copyByHand: t('copy_by_hand'),
    close: t('close'),
    now: t('now'),
    oneGate: t('one_gate'),
    reason: (reason) => reasonIn(tables, reason),
    problem: (problem) => problemIn(tables, problem),
  };
}

/** English is the gateway's own. A reason of a newer gateway, which the table lacks, stays in it and is marked so. */
export function reasonIn({ language, reasons: { badgeInto, reasons } }: Tables, reason: ReasonText): ReasonWords {
  const known = ownOf(reasons, reason.code);
  if (language === 'en') return reason;
  if (known === undefined) return { message: reason.message, remedy: reason.remedy, lang: 'en' };
  return reason.place === undefined ? known : { ...known, remedy: badgeInto(reason.place) };
}

/** As `reasonIn`, for an answer without words. What the table lacks is shown by its code: better to quote than nothing. */
export function codeReasonIn({ problems, reasons: { badgeInto, reasons } }: Tables, { code, params }: Reason): ReasonWords {
  const known = ownOf(reasons, code);
  if (known === undefined) return { message: code, remedy: problems.other };
  const { area, site } = params;
  return area === undefined || site === undefined ? known : { ...known, remedy: badgeInto({ areaName: area, siteName: site }) };
}

/** A failure by its code. In English what the gateway said itself, which is more exact. */
export function problemIn(
  { language, problems, reasons }: Tables,
  { code, message, status }: Pick<ApiError, 'code' | 'message' | 'status'>,
): string {
  if (language === 'en') return message;
  const denied = status === 403 ? ownOf(reasons.reasons, code) : undefined;
  if (denied !== undefined) return `${denied.message} ${denied.remedy}`;
  return ownOf(problems.known, code) ?? (code.startsWith('passkey.') ? problems.known['passkey.other'] : problems.other);
}

/** Codes come from outside: what every object inherits is not one. */
export function ownOf<Value>(table: Readonly<Partial<Record<string, Value>>>, key: string): Value | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
