import { explainLineQuality, lineQualityFigures } from '#gateway/http/contract/line-quality.ts';
import type { Condition, LineQualityView, Operation } from '#gateway/http/contract/reader-operations.ts';
import type { Tone } from '../../shared/log/describe-record.ts';

export type Progress = Operation['readers'][number];

export const operationNames: Readonly<Record<Operation['kind'], string>> = {
  rotate_keys: 'New key',
  pair: 'Pairing',
  set_line: 'Move',
  transfer_file: 'File',
  test_line: 'Line test',
};

const stages: Readonly<Record<NonNullable<Progress['stage']>, string>> = {
  waiting: 'the window is open, waiting for the reader',
  answered: 'the reader takes the key of the standard',
  first_key_sent: 'first key sent',
  final_key_sent: 'second key sent',
  key_sent: 'new key sent',
  sending: 'sending',
  moving: 'told to move',
  testing: 'testing',
};

const codes: Readonly<Record<string, string>> = {
  'reader.offline': 'it does not answer',
  'reader.timeout': 'nobody answered in time',
  'reader.refused': 'the reader, or whoever answers for it, refused',
  'reader.unsupported': 'the reader does not know this',
  'reader.key_missing': 'it has no key: pair it',
  'reader.key_diversified': 'its key follows from the master key of its site: give the whole site new keys',
  'reader.keys_unsettled': 'too many windows in which it never answered: reset it, then give it a key at the host',
  'store.unavailable': 'the key store did not answer',
};

const states: Readonly<Record<Progress['state'], readonly [tone: Tone, label: string]>> = {
  pending: ['info', 'Waiting'],
  running: ['info', 'Running'],
  done: ['ok', 'Done'],
  failed: ['deny', 'Failed'],
  cancelled: ['unknown', 'Stopped'],
};

/** How far an operation is with one reader. */
export function describeProgress({ state, stage, code, sentBytes, totalBytes, test }: Progress): {
  readonly tone: Tone;
  readonly label: string;
  readonly detail: string;
} {
  const [tone, label] = states[state];
  if (test?.quality != null && state === 'done') return describeQuality(test.quality);
  if (state === 'done' || state === 'cancelled') return { tone, label, detail: '' };
  if (code !== null) return { tone, label, detail: codes[code] ?? code };
  if (state === 'running' && totalBytes > 0) {
    return { tone, label, detail: `${String(Math.floor((100 * sentBytes) / totalBytes))} % of ${String(totalBytes)} bytes` };
  }
  if (state === 'running' && test !== null) {
    return { tone, label, detail: `${String(test.done)} of ${String(test.total)} commands` };
  }
  return { tone, label, detail: state === 'running' && stage !== null ? stages[stage] : '' };
}

const verdictTones: Readonly<Record<LineQualityView['verdict'], Tone>> = { good: 'ok', marginal: 'warn', bad: 'deny' };

/** The verdict of a line test, what it means, and the figures behind it. */
function describeQuality(quality: LineQualityView): ReturnType<typeof describeProgress> {
  const { label, meaning, remedy } = explainLineQuality(quality);
  return { tone: verdictTones[quality.verdict], label, detail: `${meaning} ${remedy} (${lineQualityFigures(quality)}.)` };
}

const origins: Readonly<Record<NonNullable<Condition['key']>['origin'], string>> = {
  imported: 'given by hand',
  installed: 'set by pairing',
  rotated: 'set by the gateway',
  diversified: 'follows from the master key of the site',
};

/** Where the key of a reader comes from, and what is not yet known of it. */
export function keyText({ key }: Condition): string {
  if (key === null) return 'none';
  const open = [key.isSettled ? '' : 'a newer one may be in the reader', key.isRotationWanted ? 'a new one is wanted' : ''];
  return [origins[key.origin], ...open.filter((text) => text !== '')].join(', ');
}
