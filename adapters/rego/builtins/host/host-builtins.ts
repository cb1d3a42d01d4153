import type { HostBuiltin } from '#gateway/domain/access/host-builtins.ts';
import type { Builtin } from '../builtin.ts';
import { affixMatch, countOf, indexesOf } from './affixes.ts';
import { parseDurationNs } from './durations.ts';
import { compareSemver, parseSemver } from './semver.ts';
import { isSubset } from './subset.ts';
import { addDate, clockOf, dateOf, differenceOf, parseRfc3339Ns, weekdayOf } from './times.ts';
import { parseUuid } from './uuids.ts';

/** The host's built-ins, for both engines. Synchronous; results are OPA's own, its errors are undefined. */
export const hostBuiltins: Readonly<Record<HostBuiltin, Builtin>> = {
  indexof_n: indexesOf,
  'object.subset': isSubset,
  'semver.compare': (left, right) => {
    const [first, second] = [parseSemver(left), parseSemver(right)];
    return first === undefined || second === undefined ? undefined : compareSemver(first, second);
  },
  'semver.is_valid': (text) => parseSemver(text) !== undefined,
  'strings.any_prefix_match': affixMatch((text, prefix) => text.startsWith(prefix)),
  'strings.any_suffix_match': affixMatch((text, suffix) => text.endsWith(suffix)),
  'strings.count': countOf,
  'time.add_date': addDate,
  'time.clock': clockOf,
  'time.date': dateOf,
  'time.diff': differenceOf,
  'time.parse_duration_ns': (text) => (typeof text === 'string' ? parseDurationNs(text) : undefined),
  'time.parse_rfc3339_ns': (text) => (typeof text === 'string' ? parseRfc3339Ns(text) : undefined),
  'time.weekday': weekdayOf,
  'uuid.parse': (text) => (typeof text === 'string' ? parseUuid(text) : undefined),
};
