import type { ImpactReportView } from '#gateway/http/contract/policy.ts';
import { plural } from './revision-words.ts';

export type ImpactKind = keyof ImpactReportView['kinds'];
type Reach = NonNullable<ImpactReportView['reach']>['permit_to_deny'];

export const impactKinds: readonly (readonly [kind: ImpactKind, label: string])[] = [
  ['permit_to_deny', 'Permitted, would be denied'],
  ['deny_to_permit', 'Denied, would be permitted'],
  ['reasons_changed', 'Same answer, other reasons'],
  ['obligations_changed', 'Same answer, other conditions'],
];

const HOURS = 24;
/** A span that leaves less of the day free says nothing. */
const SPAN_HOURS_MAX = 18;

/** The shortest span of the day that holds every hour with a count, such as `between 22:00 and 06:00`; empty when that is most of the day. */
export function hoursText(hours: readonly number[]): string {
  const used = hours.flatMap((count, hour) => (count > 0 ? [hour] : []));
  const spans = used.map((from, index) => {
    const last = used.at(index - 1) ?? from;
    return { from, hours: ((last - from + HOURS) % HOURS) + 1 };
  });
  const [shortest] = spans.toSorted((a, b) => a.hours - b.hours);
  if (shortest === undefined || shortest.hours > SPAN_HOURS_MAX) return '';
  const clock = (hour: number): string => `${String(hour % HOURS).padStart(2, '0')}:00`;
  return `between ${clock(shortest.from)} and ${clock(shortest.from + shortest.hours)}`;
}

export interface Headline {
  readonly tone: 'deny' | 'warn' | 'ok' | 'unknown';
  readonly text: string;
}

/** What a draft would have changed, in sentences: the worst first. */
export function headlines(report: ImpactReportView): readonly Headline[] {
  if (report.decisions === 0) {
    return [{ tone: 'unknown', text: 'No decisions in the window: what this draft would change is not known from it.' }];
  }
  if (report.replayed === 0) {
    return [{ tone: 'unknown', text: `None of the ${plural(report.decisions, 'decision')} of the window could be decided again.` }];
  }
  if (report.flips === 0) {
    return [{ tone: 'ok', text: `Nothing would come out differently: ${plural(report.replayed, 'decision')} decided again, no flips.` }];
  }
  const { permit_to_deny: denied, deny_to_permit: permitted, reasons_changed: reasons, obligations_changed: conditions } = report.kinds;
  const same = reasons + conditions;
  return [
    ...(denied > 0 ? [{ tone: 'deny' as const, text: concerned(report.reach?.permit_to_deny, denied, words.locked) }] : []),
    ...(permitted > 0 ? [{ tone: 'warn' as const, text: concerned(report.reach?.deny_to_permit, permitted, words.let) }] : []),
    ...(same > 0 ? [{ tone: 'unknown' as const, text: `${plural(same, 'decision')} would stay, with other reasons or conditions.` }] : []),
  ];
}

interface Words {
  readonly where: string;
  readonly nowhere: string;
}

const words = {
  locked: { where: 'would be locked out of', nowhere: 'would be refused what was permitted' },
  let: { where: 'would be let into', nowhere: 'would be permitted what was refused' },
} as const satisfies Readonly<Record<string, Words>>;

/** `14 people would be locked out of 3 doors between 22:00 and 06:00 (40 decisions).` */
function concerned(reach: Reach | undefined, flips: number, { where, nowhere }: Words): string {
  const decisions = plural(flips, 'decision');
  if (reach === undefined) return `${decisions} ${nowhere}.`;
  const who = reach.people === 0 ? 'Nobody who is known' : plural(reach.people, 'person', 'people');
  const places = [...(reach.doors > 0 ? [plural(reach.doors, 'door')] : []), ...(reach.apps > 0 ? [plural(reach.apps, 'app')] : [])].join(
    ' and ',
  );
  const what = places === '' ? nowhere : `${where} ${places}`;
  return `${[who, what, hoursText(reach.hours)].filter((part) => part !== '').join(' ')} (${decisions}).`;
}

/** Decisions that could not be decided again, by why; empty when all were. */
export function skippedText({ skipped }: ImpactReportView): string {
  return [
    ...(skipped.no_input > 0 ? [`${plural(skipped.no_input, 'question')} never reached the policy`] : []),
    ...(skipped.gateway_decided > 0 ? [`${plural(skipped.gateway_decided, 'answer was', 'answers were')} the gateway’s own`] : []),
    ...(skipped.data_missing > 0 ? [`for ${plural(skipped.data_missing, 'decision')} the data of that time is not kept`] : []),
  ].join('; ');
}
