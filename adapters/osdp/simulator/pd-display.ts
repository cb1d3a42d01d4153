import {
  BUZZER_TONE,
  type BuzzerControl,
  COLOUR,
  LED_PERMANENT,
  LED_TEMPORARY,
  type LedControl,
  type LedPattern,
  type TextControl,
} from '../messages/output-codecs.ts';
import { Listeners } from './listeners.ts';
import type { PdClock } from './pd-clock.ts';

const UNIT_MS = 100;
const SECOND_MS = 1_000;
const TEXT_TEMPORARY_MIN = 3;
const TEXT_TEMPORARY_MAX = 4;

interface Led {
  permanent: LedPattern;
  permanentSinceMs: number;
  temporary: { readonly pattern: LedPattern; readonly sinceMs: number; readonly untilMs: number } | null;
}

const DARK: LedPattern = { action: LED_PERMANENT.set, on100Ms: 0, off100Ms: 0, onColour: COLOUR.black, offColour: COLOUR.black };

/** Lights, buzzer and text of a reader: what they show is a function of the time. */
export class PdDisplay {
  readonly #clock: PdClock;
  readonly #leds: readonly Led[];
  readonly #ledListeners = new Listeners<LedControl>();
  readonly #buzzerListeners = new Listeners<BuzzerControl>();
  readonly #textListeners = new Listeners<TextControl>();
  #buzzer: { readonly control: BuzzerControl; readonly sinceMs: number } | null = null;
  #permanentText = '';
  #temporaryText: { readonly text: string; readonly untilMs: number } | null = null;

  constructor(ledCount: number, clock: PdClock) {
    this.#clock = clock;
    this.#leds = Array.from({ length: ledCount }, () => ({ permanent: DARK, permanentSinceMs: 0, temporary: null }));
  }

  /** The colour in which a light shines or blinks (`COLOUR`); black for one that does not exist. */
  colourOf(led: number): number {
    return this.#shown(led).pattern.onColour;
  }

  /** The colour that can be seen at this moment: while a light blinks it is now the one, now the other. */
  colourNow(led: number): number {
    const { pattern, sinceMs } = this.#shown(led);
    return colourAt(pattern, this.#clock.nowMs() - sinceMs);
  }

  get isBuzzing(): boolean {
    if (this.#buzzer === null) return false;
    const { control, sinceMs } = this.#buzzer;
    const periodMs = (control.on100Ms + control.off100Ms) * UNIT_MS;
    const elapsedMs = this.#clock.nowMs() - sinceMs;
    if (periodMs === 0 || (control.count > 0 && elapsedMs >= periodMs * control.count)) return false;
    return elapsedMs % periodMs < control.on100Ms * UNIT_MS;
  }

  get text(): string {
    const temporary = this.#temporaryText;
    return temporary !== null && this.#clock.nowMs() < temporary.untilMs ? temporary.text : this.#permanentText;
  }

  /** False when a light does not exist; then nothing is done. */
  driveLeds(controls: readonly LedControl[]): boolean {
    if (controls.some(({ led }) => this.#leds[led] === undefined)) return false;
    for (const control of controls) {
      this.#driveLed(control);
      this.#ledListeners.tell(control);
    }
    return true;
  }

  driveBuzzer(control: BuzzerControl): void {
    if (control.tone !== BUZZER_TONE.none) {
      this.#buzzer = control.tone === BUZZER_TONE.off ? null : { control, sinceMs: this.#clock.nowMs() };
    }
    this.#buzzerListeners.tell(control);
  }

  showText(control: TextControl): void {
    const text = Buffer.from(control.text).toString('latin1');
    if (control.command >= TEXT_TEMPORARY_MIN && control.command <= TEXT_TEMPORARY_MAX) {
      this.#temporaryText = { text, untilMs: this.#clock.nowMs() + control.durationS * SECOND_MS };
    } else {
      this.#permanentText = text;
      this.#temporaryText = null;
    }
    this.#textListeners.tell(control);
  }

  onLed(listener: (led: LedControl) => void): () => void {
    return this.#ledListeners.add(listener);
  }

  onBuzzer(listener: (buzzer: BuzzerControl) => void): () => void {
    return this.#buzzerListeners.add(listener);
  }

  onText(listener: (text: TextControl) => void): () => void {
    return this.#textListeners.add(listener);
  }

  restart(): void {
    for (const light of this.#leds) {
      light.permanent = DARK;
      light.temporary = null;
    }
    this.#buzzer = null;
    this.#permanentText = '';
    this.#temporaryText = null;
  }

  #shown(led: number): { readonly pattern: LedPattern; readonly sinceMs: number } {
    const light = this.#leds[led];
    if (light === undefined) return { pattern: DARK, sinceMs: 0 };
    const { temporary } = light;
    if (temporary !== null && this.#clock.nowMs() < temporary.untilMs) return temporary;
    return { pattern: light.permanent, sinceMs: light.permanentSinceMs };
  }

  #driveLed({ led, permanent, temporary }: LedControl): void {
    const light = this.#leds[led];
    if (light === undefined) return;
    const nowMs = this.#clock.nowMs();
    if (permanent.action === LED_PERMANENT.set) {
      light.permanent = permanent;
      light.permanentSinceMs = nowMs;
    }
    if (temporary.action === LED_TEMPORARY.cancel) light.temporary = null;
    if (temporary.action === LED_TEMPORARY.set) {
      light.temporary = { pattern: temporary, sinceMs: nowMs, untilMs: nowMs + temporary.timer100Ms * UNIT_MS };
    }
  }
}

/** On, off, on ..; without times it simply is on. */
function colourAt(pattern: LedPattern, elapsedMs: number): number {
  const periodMs = (pattern.on100Ms + pattern.off100Ms) * UNIT_MS;
  return periodMs === 0 || elapsedMs % periodMs < pattern.on100Ms * UNIT_MS ? pattern.onColour : pattern.offColour;
}
