import type { FaceTemplateRow, FaceTerminal } from '#gateway/http/contract/face.ts';
import type { Tone } from '../log/describe-record.ts';

export interface Words {
  readonly tone: Tone;
  readonly label: string;
}

/** `deleted` is in the book only when whoever kept the template, or its key, has signed it: nothing else is called so. */
export function describeTemplate(template: FaceTemplateRow, nowMs: number): Words {
  const { deletionOrderedAtMs, expiresAtMs, isOfOtherPack, status, storage } = template;
  if (status === 'deleted') return { tone: 'info', label: storage === 'carried' ? 'Key destroyed' : 'Deleted' };
  if (status === 'replaced') return { tone: 'info', label: 'Enrolled anew since' };
  if (deletionOrderedAtMs !== null) return { tone: 'warn', label: storage === 'carried' ? 'Key to be destroyed' : 'To be deleted' };
  if (isOfOtherPack) return { tone: 'warn', label: 'Of an earlier pack' };
  return expiresAtMs <= nowMs ? { tone: 'warn', label: 'Expired' } : { tone: 'ok', label: 'In use' };
}

/** What to do about a standing that opens nothing any more; null = nothing. */
export function remedyOf(
  template: FaceTemplateRow,
  { nowMs, isRevoked }: { readonly nowMs: number; readonly isRevoked: boolean },
): string | null {
  const { deletionOrderedAtMs, expiresAtMs, isOfOtherPack, status, storage } = template;
  if (status !== 'kept') return null;
  if (storage === 'terminal' && isRevoked) return 'Its terminal is revoked: nobody will say that it is deleted. Wipe the machine.';
  if (deletionOrderedAtMs !== null) return storage === 'carried' ? 'Not confirmed yet.' : 'The terminal has not signed it yet.';
  if (isOfOtherPack) return 'The models have changed since: enrol anew.';
  return expiresAtMs <= nowMs ? 'It opens nothing any more: enrol anew.' : null;
}

/** Where a template was enrolled, and whether that terminal still counts. */
export function terminalOf(
  terminals: readonly FaceTerminal[],
  { deviceId }: Pick<FaceTemplateRow, 'deviceId'>,
): { readonly label: string; readonly isRevoked: boolean } {
  const terminal = terminals.find(({ id }) => id === deviceId);
  return { label: terminal?.label ?? deviceId, isRevoked: terminal?.status === 'revoked' };
}

/** Enough of a hash to tell packs apart. */
export const shortHash = (hash: string): string => hash.slice(0, 12);

/** Years ahead: a day without its year would mislead. */
const dayFormat = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
export const dayText = (atMs: number): string => dayFormat.format(atMs);
