import type { BuzzerSign, Indication, LedSign, ReaderSignSettings, Sign, SignColour } from '#gateway/domain/doors/sign.ts';
import type { ReaderCapabilities } from '#gateway/ports/readers.ts';
import { DEFAULT_SIGNS, TEXTS } from './default-signs.ts';
import type { Command } from './messages/commands.ts';
import { BUZZER_TONE, COLOUR, LED_PERMANENT, LED_TEMPORARY, TEXT_COMMAND, type LedPattern } from './messages/output-codecs.ts';

const UNIT_MS = 100;
const SECOND_MS = 1_000;
const BYTE_MAX = 0xff;
const TIMER_MAX = 0xffff;

/** Show until something else is shown; the others end by themselves, and the reader then shows again what it showed before. */
const LASTING: ReadonlySet<Indication> = new Set(['idle', 'held_open', 'locked_down']);

const NOTHING: Omit<LedPattern, 'action'> = { on100Ms: 0, off100Ms: 0, onColour: COLOUR.black, offColour: COLOUR.black };
const BEEP: BuzzerSign = { onMs: UNIT_MS, offMs: UNIT_MS, count: 1 };

/** How a reader shows an outcome: what the installation set, over the defaults. */
export function signFor(indication: Indication, settings: ReaderSignSettings | null): Sign {
  const text = TEXTS[settings?.language ?? 'en'][indication];
  return { ...DEFAULT_SIGNS[indication], text, ...settings?.signs[indication] };
}

/**
 * Light, sound and text, as far as the reader has them: without a light it beeps where it would only have shone, without a display it shows
 * no text. Null: it has not said what it has; then it gets light and sound, as every reader does something with these.
 */
export function commandsFor(
  indication: Indication,
  settings: ReaderSignSettings | null = null,
  able: Pick<ReaderCapabilities, 'hasLed' | 'hasBuzzer' | 'hasText'> | null = null,
): readonly Command[] {
  const { led, buzzer, text, forMs } = signFor(indication, settings);
  const { hasLed, hasBuzzer, hasText } = able ?? { hasLed: true, hasBuzzer: true, hasText: false };
  const isLasting = LASTING.has(indication);
  const sound = buzzer ?? (led !== null && !hasLed && !isLasting ? BEEP : null);
  return [
    ...(led !== null && hasLed ? [ledCommand(led, isLasting ? null : forMs)] : []),
    ...(sound !== null && hasBuzzer ? [buzzerCommand(sound)] : []),
    // What lasted is wiped off by what has no text.
    ...(hasText && (text !== null || isLasting) ? [textCommand(text ?? '', isLasting ? null : forMs)] : []),
  ];
}

/** `forMs` null: from now on. */
function ledCommand(led: LedSign, forMs: number | null): Command {
  const shown: Omit<LedPattern, 'action'> = {
    on100Ms: units(led.onMs, BYTE_MAX),
    off100Ms: units(led.offMs, BYTE_MAX),
    onColour: colourOf(led.colour),
    // A steady light has one colour: some readers show the second for an instant.
    offColour: led.offMs === 0 ? colourOf(led.colour) : colourOf(led.offColour),
  };
  const isLasting = forMs === null;
  return {
    name: 'LED',
    body: [
      {
        reader: 0,
        led: 0,
        temporary: isLasting
          ? { action: LED_TEMPORARY.cancel, ...NOTHING, timer100Ms: 0 }
          : { action: LED_TEMPORARY.set, ...shown, timer100Ms: units(forMs, TIMER_MAX) },
        permanent: isLasting ? { action: LED_PERMANENT.set, ...shown } : { action: LED_PERMANENT.none, ...NOTHING },
      },
    ],
  };
}

function buzzerCommand({ onMs, offMs, count }: BuzzerSign): Command {
  const times = { on100Ms: units(onMs, BYTE_MAX), off100Ms: units(offMs, BYTE_MAX), count };
  return { name: 'BUZ', body: { reader: 0, tone: BUZZER_TONE.standard, ...times } };
}

function textCommand(text: string, forMs: number | null): Command {
  return {
    name: 'TEXT',
    body: {
      reader: 0,
      command: forMs === null ? TEXT_COMMAND.permanent : TEXT_COMMAND.temporary,
      durationS: forMs === null ? 0 : Math.min(Math.max(1, Math.ceil(forMs / SECOND_MS)), BYTE_MAX),
      row: 1,
      column: 1,
      text: new Uint8Array(Buffer.from(text, 'latin1')),
    },
  };
}

function colourOf(colour: SignColour): number {
  return colour === 'off' ? COLOUR.black : COLOUR[colour];
}

/** Rounded up: nothing that was asked for vanishes. */
function units(ms: number, max: number): number {
  return Math.min(Math.ceil(ms / UNIT_MS), max);
}
