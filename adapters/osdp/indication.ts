import type { Indication } from '#gateway/ports/readers.ts';
import type { Command } from './messages/commands.ts';
import { BUZZER_TONE, COLOUR, LED_PERMANENT, LED_TEMPORARY, type LedPattern } from './messages/output-codecs.ts';

/** Nothing is changed for good: when the time is over the reader shows its idle colour again. */
const UNCHANGED: LedPattern = { action: LED_PERMANENT.none, on100Ms: 0, off100Ms: 0, onColour: COLOUR.black, offColour: COLOUR.black };

const GRANTED: readonly Command[] = [
  led({ on100Ms: 1, off100Ms: 0, onColour: COLOUR.green, offColour: COLOUR.green, timer100Ms: 20 }),
  { name: 'BUZ', body: { reader: 0, tone: BUZZER_TONE.standard, on100Ms: 1, off100Ms: 1, count: 1 } },
];

const DENIED: readonly Command[] = [
  led({ on100Ms: 2, off100Ms: 2, onColour: COLOUR.red, offColour: COLOUR.black, timer100Ms: 16 }),
  { name: 'BUZ', body: { reader: 0, tone: BUZZER_TONE.standard, on100Ms: 1, off100Ms: 1, count: 3 } },
];

/** Light and sound. A deny has one pattern: whoever stands there learns nothing of its reason. */
export function commandsFor(indication: Indication): readonly Command[] {
  return indication === 'granted' ? GRANTED : DENIED;
}

function led(pattern: Omit<LedPattern, 'action'> & { readonly timer100Ms: number }): Command {
  return { name: 'LED', body: [{ reader: 0, led: 0, temporary: { action: LED_TEMPORARY.set, ...pattern }, permanent: UNCHANGED }] };
}
