import type { ImpactJobView } from '#gateway/http/contract/policy.ts';
import type { Tone } from '../../../shared/log/describe-record.ts';

const numbers = new Intl.NumberFormat('en');
const counted = (count: number, one: string): string => `${numbers.format(count)} ${count === 1 ? one : `${one}s`}`;

/** One sentence of what the same requests would have come to. */
export function impactWords(job: ImpactJobView): { readonly tone: Tone; readonly text: string } {
  if (job.state === 'running') return { tone: 'info', text: `${counted(job.progress.decisions, 'decision')} made again so far.` };
  if (job.state === 'cancelled') return { tone: 'info', text: 'Stopped. What it would have changed is not known.' };
  if (job.state === 'failed' || job.report === null) return { tone: 'deny', text: job.message || 'This could not be tried.' };
  const { replayed, decisions, flips, kinds } = job.report;
  const left = decisions - replayed;
  const base = `Of ${counted(replayed, 'decision')} in the last 7 days`;
  const skipped = left > 0 ? ` ${counted(left, 'decision')} could not be made again.` : '';
  if (flips === 0) return { tone: left > 0 ? 'info' : 'ok', text: `${base} none would have come out differently.${skipped}` };
  const parts = [
    [kinds.permit_to_deny, 'denied instead of permitted'],
    [kinds.deny_to_permit, 'permitted instead of denied'],
    [kinds.reasons_changed, 'denied for other reasons'],
    [kinds.obligations_changed, 'permitted on other conditions'],
  ] as const;
  const words = parts.filter(([count]) => count > 0).map(([count, what]) => `${numbers.format(count)} ${what}`);
  return { tone: 'warn', text: `${base} ${numbers.format(flips)} would have come out differently: ${words.join(', ')}.${skipped}` };
}
