import { z } from 'zod';
import { field } from './field.ts';
import { languageSchema } from './reader-type-schema.ts';

export const SITES_MAX = 100;
export const AREAS_MAX = 1_000;
export const DOORS_MAX = 2_000;
export const BUSES_MAX = 256;
/** OSDP 2.2 clause 5.2: addresses 0 to 126; 127 is the broadcast. */
export const READERS_PER_BUS_MAX = 127;
export const HOLIDAYS_PER_SITE_MAX = 366;
export const INPUT_INDEX_MAX = 31;

export const idSchema = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, 'is not an id: lower-case letters, digits, - and _, at most 63');

/** C0, C1 and line separators move a terminal's cursor; the bidirectional overrides show a line in another order than it is. */
const VISIBLE_TEXT = /^[^\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]*$/u;
/** Text that is shown to people: on terminals too. */
export const visibleText = (lengthMin: number, lengthMax: number) =>
  z.string().trim().min(lengthMin).max(lengthMax).regex(VISIBLE_TEXT, 'has control characters');
export const nameSchema = visibleText(1, 100);

const isTimeZone = (zone: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    // RangeError is how the platform says that it does not know the zone.
    return false;
  }
};

const isDate = (text: string): boolean => {
  const ms = Date.parse(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
};

export const siteSchema = z.strictObject({
  id: field(idSchema, 'id', 'Used in the log and in the policy; do not change it later.'),
  name: field(nameSchema, 'text', 'As people call it.'),
  time_zone: field(
    z.string().max(64).refine(isTimeZone, 'is not a time zone such as Europe/Berlin'),
    'IANA zone',
    'Schedules and holidays are civil time of the site.',
  ),
  reader_keys: field(
    z.enum(['unique', 'diversified']).default('unique'),
    'unique or diversified',
    'Unique random keys fall alone. Diversified ones all follow from one master key: only for readers that a maker’s tool has keyed so.',
  ),
  language: field(languageSchema.default('en'), 'en, de or es', 'Of the short texts on readers with a display.'),
  holidays: field(
    z.array(z.string().refine(isDate, 'is not a date such as 2026-12-25')).max(HOLIDAYS_PER_SITE_MAX).default([]),
    'list of dates',
    'Schedules with holidays: false give no access on these days.',
  ),
});

export const areaSchema = z.strictObject({
  id: field(idSchema, 'id', 'Used in the log and in the policy; do not change it later.'),
  site: field(idSchema, 'site id', 'The site that the area is in.'),
  parent: field(idSchema.optional(), 'area id', 'The area around it; absent for an outermost one.'),
  name: field(nameSchema, 'text', 'As people call it.'),
  security_level: field(z.int().min(0).max(5).default(1), '0 public to 5 critical', 'Compared with the clearance of people at its doors.'),
  captive: field(
    z.boolean().default(false),
    'true or false',
    'Readers on both sides and no free exit: only then is presence of high confidence.',
  ),
  requires_app: field(idSchema.optional(), 'app id', 'Granted together: whoever may enter must hold a valid grant for this app too.'),
});

const durationMs = (defaultMs: number) => z.int().min(500).max(600_000).default(defaultMs);

export const doorSchema = z.strictObject({
  id: field(idSchema, 'id', 'Used in the log and in the policy; do not change it later.'),
  site: field(idSchema, 'site id', 'The site that the door is in.'),
  name: field(nameSchema, 'text', 'As people call it.'),
  from_area: field(idSchema.optional(), 'area id', 'The outer side; absent = outside the site.'),
  to_area: field(idSchema, 'area id', 'The inner side.'),
  lock: field(
    z.enum(['fail_safe', 'fail_secure']),
    'fail_safe or fail_secure',
    'What the hardware does without power. It describes the lock; it cannot change it.',
  ),
  release_ms: field(durationMs(5_000), 'milliseconds', 'How long the lock stays released after a permit.'),
  extended_release_ms: field(durationMs(15_000), 'milliseconds', 'The same for people who need more time.'),
  open_ms: field(durationMs(30_000), 'milliseconds', 'How long the door may stand open before it is an alarm.'),
  extended_open_ms: field(durationMs(60_000), 'milliseconds', 'The same for people who need more time.'),
  requires_pin: field(
    idSchema.default('never'),
    'never, always or a schedule',
    'When a badge needs a PIN as well. On the way in only: the way out never asks.',
  ),
  offline_lease_s: field(
    z.int().min(0).max(28_800).default(0),
    'seconds',
    'How long a face terminal at this door may let in by badge and face whom it was lent while it cannot reach the gateway; 0 = nobody. Counted anew at each contact; at most an hour from level 3, 15 minutes from level 4.',
  ),
  no_free_egress_reason: field(
    z.string().trim().min(10).max(200).optional(),
    'text',
    'The named exception for an exit reader without a request-to-exit input. Without it the gateway refuses to start.',
  ),
  outside_wiring_reason: field(
    z.string().trim().min(10).max(200).optional(),
    'text',
    'The named exception for an area of level 3 or more whose lock or request-to-exit is wired to the reader outside, where it can be bridged.',
  ),
});

const inputIndex = z.int().min(0).max(INPUT_INDEX_MAX);

const byte = z.int().min(0).max(255);

/** The scores are the maker's own: there is no default that would be right for any other reader. */
const biometricsSchema = z
  .strictObject({
    type: field(byte.default(0), '0 to 255', 'What it scans, as osdp_BIOREAD numbers it; 0 = as the reader does by itself.'),
    format: field(byte.default(0), '0 to 255', 'How a template is written, as osdp_BIOREAD numbers it; 0 = the reader’s own way.'),
    quality_min: field(byte.default(0), '0 to 255', 'A scan of less is asked for again.'),
    score_standard: field(
      byte.min(1),
      '1 to 255',
      'From this score at most one of 10,000 others is taken for the person, by the maker’s own figures.',
    ),
    score_high: field(byte.min(1), '1 to 255', 'The same for one of 100,000.'),
    liveness: field(
      z.enum(['none', 'passive']).default('none'),
      'none or passive',
      'passive only where the maker shows by a test report (ISO 30107-3) that copies are told from living fingers or faces.',
    ),
  })
  .refine(({ score_high, score_standard }) => score_high >= score_standard, { path: ['score_high'], error: 'is at least score_standard' });

export const readerSchema = z.strictObject({
  id: field(idSchema, 'id', 'Names the reader and its secure channel key.'),
  name: field(nameSchema, 'text', 'As people call it.'),
  address: field(z.int().min(0).max(126), '0 to 126', 'OSDP address, unique on the bus.'),
  door: field(idSchema, 'door id', 'The door at which it hangs.'),
  side: field(z.enum(['entry', 'exit']), 'entry or exit', 'An exit reader never asks the policy.'),
  type: field(idSchema.optional(), 'reader type', 'One of reader_types: how it looks, sounds and reads; absent = as every reader does.'),
  strike_output: field(
    inputIndex.optional(),
    'index',
    'The output that releases the lock; one reader of the door has it, better one on the inner side: whoever opens the outer one reaches its wires.',
  ),
  contact_input: field(inputIndex.optional(), 'index', 'The supervised input of the door contact (active = open).'),
  rex_input: field(inputIndex.optional(), 'index', 'The input of the request-to-exit device.'),
  secure_channel: field(
    z.union([z.literal(1), z.literal(2)]).default(1),
    '1 or 2',
    '1 is the standard. 2 is a draft that may still change: keys of 32 bytes, only for a reader that speaks it; there is no way back to 1 by itself.',
  ),
  answers_sign_ins: field(
    z.boolean().default(false),
    'true or false',
    'A badge that opens its door also answers what an app with ciba_badge asks its holder at that moment. For shared desks, not for corridors.',
  ),
  biometrics: field(
    biometricsSchema.optional(),
    'block',
    'For a reader that compares fingers or faces itself (osdp_BIOMATCH): asked where the policy wants a face and no terminal can look. On the way in only.',
  ),
});

const linkSchema = z.union(
  [
    z.strictObject({
      tcp: field(
        z.strictObject({
          host: field(z.string().min(1).max(255), 'host', 'Device server of the bus.'),
          port: field(z.int().min(1).max(65_535), 'TCP port', 'Port of the bus on the device server.'),
        }),
        'section',
        'The bus behind a device server.',
      ),
    }),
    z.strictObject({
      serial: field(
        z.strictObject({
          path: field(z.string().min(1).max(255), 'path', 'Serial device.'),
          baud: field(
            z.union([9_600, 19_200, 38_400, 57_600, 115_200, 230_400].map((baud) => z.literal(baud))),
            'baud',
            'The rate all readers of the bus are set to.',
          ),
        }),
        'section',
        'The bus at a serial port.',
      ),
    }),
  ],
  'must be either tcp: {host, port} or serial: {path, baud}',
);

export const busSchema = z.strictObject({
  id: field(idSchema, 'id', 'Names the bus in logs.'),
  link: field(linkSchema, 'tcp: {host, port} or serial: {path, baud}', 'How the gateway reaches the bus.'),
  poll_interval_ms: field(
    z.int().min(5).max(1_000).default(25),
    'milliseconds',
    'Each reader is polled once in this time, as far as the line allows.',
  ),
  readers: field(z.array(readerSchema).min(1).max(READERS_PER_BUS_MAX), 'list', 'The readers of the bus.'),
});
