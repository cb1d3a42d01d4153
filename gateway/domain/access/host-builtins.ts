/**
 * Built-ins of Rego that compiled policies call in their host, because OPA's WASM has none of its own. Both engines implement exactly
 * these and the compiler allows exactly these: one that is missing in one of the three would be green in a test and dead in production.
 * Nothing that reads a clock, draws a number or opens a connection is among them; `sprintf` is not, since every host prints
 * differently and a template string says the same.
 */
export const HOST_BUILTINS = [
  'indexof_n',
  'object.subset',
  'semver.compare',
  'semver.is_valid',
  'strings.any_prefix_match',
  'strings.any_suffix_match',
  'strings.count',
  'time.add_date',
  'time.clock',
  'time.date',
  'time.diff',
  'time.parse_duration_ns',
  'time.parse_rfc3339_ns',
  'time.weekday',
  'uuid.parse',
] as const;
export type HostBuiltin = (typeof HOST_BUILTINS)[number];
