import { z } from 'zod';
import { field } from './field.ts';

export const READER_TYPES_MAX = 50;
/** Two rows of sixteen, as small displays have them. */
export const SIGN_TEXT_LENGTH_MAX = 32;
const BLINK_MS_MAX = 25_500;
const FOR_MS_MAX = 60_000;
const BEEPS_MAX = 50;

export const languageSchema = z.enum(['en', 'de', 'es']);

const colourSchema = z.enum(['red', 'green', 'amber', 'blue', 'magenta', 'cyan', 'white', 'off']);
const blinkMs = (min: number) => z.int().min(min).max(BLINK_MS_MAX).multipleOf(100);

const ledSchema = z.strictObject({
  colour: field(colourSchema, 'colour', 'What is seen first.'),
  off_colour: field(colourSchema.default('off'), 'colour', 'What is seen in between.'),
  on_ms: field(blinkMs(100).default(100), 'milliseconds, in steps of 100', 'How long the first colour is seen at once.'),
  off_ms: field(blinkMs(0).default(0), 'milliseconds, in steps of 100', 'How long the other one is; 0 = steady.'),
});

const buzzerSchema = z.strictObject({
  on_ms: field(blinkMs(100).default(100), 'milliseconds, in steps of 100', 'Length of a beep.'),
  off_ms: field(blinkMs(0).default(100), 'milliseconds, in steps of 100', 'Silence after it.'),
  count: field(z.int().min(1).max(BEEPS_MAX).default(1), 'beeps', 'How many; never without end.'),
});

const none = z.literal('none');

const signSchema = z.strictObject({
  led: field(z.union([none, ledSchema]).optional(), '{colour, off_colour, on_ms, off_ms} or none', 'Light; steps of 100 ms.'),
  buzzer: field(z.union([none, buzzerSchema]).optional(), '{on_ms, off_ms, count} or none', 'Sound; steps of 100 ms.'),
  text: field(
    z
      .string()
      .regex(/^[\x20-\x7e]*$/, 'has characters that displays do not have: plain ASCII only')
      .max(SIGN_TEXT_LENGTH_MAX)
      .optional(),
    'text',
    'What a display shows; empty = nothing. Readers without one ignore it.',
  ),
  for_ms: field(
    z.int().min(100).max(FOR_MS_MAX).optional(),
    'milliseconds',
    'How long light and text last. idle, held_open and locked_down last until they change.',
  ),
});
export type SignFile = z.output<typeof signSchema>;

const sign = (reason: string) => field(signSchema.optional(), 'section', reason);

/** The grant under duress has no section of its own: it is the grant. A deny has one pattern for every reason. */
export const readerTypeSchema = z.strictObject({
  language: field(languageSchema.optional(), 'en, de or es', 'Of the texts that are not set here; absent = the language of the site.'),
  idle: sign('Nobody is here.'),
  granted: sign('Go in.'),
  denied: sign('Every deny, whatever its reason.'),
  pin_wanted: sign('Enter the PIN.'),
  face_wanted: sign('Look into the camera.'),
  wait: sign('The decision takes longer than usual.'),
  held_open: sign('The door stands open for too long.'),
  locked_down: sign('The door is locked down.'),
});
