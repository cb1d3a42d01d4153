import fc from 'fast-check';
import type { HostBuiltin } from '#gateway/domain/access/host-builtins.ts';
import { values, words, type BuiltinCall } from './builtin-calls.ts';

interface HostCall extends BuiltinCall {
  readonly name: HostBuiltin;
}

/** Mostly what the built-in is for, sometimes anything. */
const mostly = (arbitrary: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 12, arbitrary }, { weight: 1, arbitrary: values });
const call = (name: HostBuiltin, ...args: readonly fc.Arbitrary<unknown>[]): HostCall => ({
  name,
  expression: `${name}(${['a', 'b', 'c', 'd'].slice(0, args.length).join(', ')})`,
  args: fc.tuple(...args.map(mostly)),
});

/** Whole seconds and milliseconds only: other nanoseconds beyond 2^53 lose digits in JSON. */
const nanoseconds = fc.oneof(
  fc.integer({ min: -2_000_000_000, max: 4_000_000_000 }).map((seconds) => seconds * 1e9),
  fc.constantFrom(0, 1, -1, 1_700_000_000_123_000_000, 1e18, 9.3e18, -9.3e18, 1.5),
);
const zones = fc.constantFrom(
  'UTC',
  '',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kolkata',
  'Pacific/Chatham',
  'Australia/Lord_Howe',
  'europe/berlin',
  'No/Where',
  '+01:00',
  'America/Sao_Paulo',
);
const moments = fc.oneof(nanoseconds, fc.tuple(nanoseconds, zones), fc.tuple(nanoseconds));
const step = fc.integer({ min: -40, max: 40 });
const two = (maximum: number) => fc.integer({ min: 0, max: maximum }).map((number) => String(number).padStart(2, '0'));
const timestamps = fc.oneof(
  fc
    .tuple(
      fc.integer({ min: 1600, max: 2300 }),
      two(13),
      two(32),
      two(24),
      two(60),
      two(60),
      fc.constantFrom('', '.5', '.123456789', '.1234567891', ',25', '.'),
      fc.constantFrom('Z', '+01:00', '-12:30', '+24:00', '+25:00', '+01:60', 'z', '', '+0100'),
    )
    .map(
      ([year, month, day, hour, minute, second, fraction, zone]) =>
        `${String(year)}-${month}-${day}T${hour}:${minute}:${second}${fraction}${zone}`,
    ),
  fc.date({ min: new Date('1700-01-01'), max: new Date('2262-01-01'), noInvalidDate: true }).map((date) => date.toISOString()),
  fc.constantFrom('2024-02-29T00:00:00Z', '2023-02-29T00:00:00Z', '2024-01-01T1:02:03Z', '2024-01-01t00:00:00Z', ''),
);
const durations = fc.oneof(
  fc
    .array(
      fc.tuple(
        fc.constantFrom('1', '2.5', '.5', '0.001', '10', '1.', '', '1.2.3', '99999999'),
        fc.constantFrom('h', 'm', 's', 'ms', 'us', 'µs', 'μs', 'ns', 'd', 'w', 'y', 'x'),
      ),
      { maxLength: 3 },
    )
    .map((parts) => parts.map((part) => part.join('')).join('')),
  fc.constantFrom(
    '0',
    '-0',
    '+5s',
    '-1.5h',
    '1h30m',
    '-',
    '',
    '1',
    '3000000h',
    '1y2w3d',
    '-1d',
    '9223372036854775807ns',
    '9223372036854775808ns',
    '-9223372036854775808ns',
    '0.3333333333333333333h',
  ),
);
const part = fc.constantFrom('0', '1', '2', '10', '01', 'a', 'rc', '-', '1a', '');
const versions = fc
  .tuple(
    fc.constantFrom('', 'v', 'V'),
    fc.array(part, { minLength: 2, maxLength: 4 }),
    fc.array(part, { maxLength: 3 }),
    fc.constantFrom('', '+1', '+a.b', '+'),
  )
  .map(([prefix, numbers, pre, metadata]) => `${prefix}${numbers.join('.')}${pre.length === 0 ? '' : `-${pre.join('.')}`}${metadata}`);
const goodVersions = fc
  .tuple(
    fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 3, maxLength: 3 }),
    fc.array(fc.constantFrom('0', '1', '2', '10', 'a', 'rc', '1a'), { maxLength: 3 }),
    fc.constantFrom('', '+1'),
  )
  .map(([numbers, pre, metadata]) => `${numbers.join('.')}${pre.length === 0 ? '' : `-${pre.join('.')}`}${metadata}`);
const anyVersion = fc.oneof(versions, goodVersions);
const uuids = fc.oneof(
  fc.uuid(),
  fc.uuid({ version: [1, 2] }),
  fc.uuid({ version: 1 }).map((uuid) => `urn:uuid:${uuid}`),
  fc.uuid().map((uuid) => `{${uuid}}`),
  fc.uuid().map((uuid) => uuid.replaceAll('-', '').toUpperCase()),
  fc.constantFrom(
    '',
    'x',
    '6ba7b810-9dad-11d1-80b4-00c04fd430c8',
    '000003e8-cd4b-21ee-9d00-325096b39f47',
    '000003e8-cd4b-21ee-c207-325096b39f47',
    '6ba7b810-9dad-11d1-f0b4-00c04fd430c8',
    'é6ba7b810-9dad-11d1-80b4-00c04fd430c8',
  ),
);
const fewWords = fc.oneof(words, fc.array(words, { maxLength: 3 }));
const nested = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.integer({ min: 0, max: 2 }),
    fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom('a', 'b'), tie('value'), { maxKeys: 2 }),
  ),
})).value;

/** Every built-in of the host. */
export const HOST_CALLS: readonly HostCall[] = [
  call('indexof_n', words, words),
  call('object.subset', nested, nested),
  call('semver.compare', anyVersion, anyVersion),
  call('semver.is_valid', anyVersion),
  call('strings.any_prefix_match', fewWords, fewWords),
  call('strings.any_suffix_match', fewWords, fewWords),
  call('strings.count', words, words),
  call('time.add_date', moments, step, step, fc.integer({ min: -400, max: 400 })),
  call('time.clock', moments),
  call('time.date', moments),
  call('time.diff', moments, moments),
  call('time.parse_duration_ns', durations),
  call('time.parse_rfc3339_ns', timestamps),
  call('time.weekday', moments),
  call('uuid.parse', uuids),
];
