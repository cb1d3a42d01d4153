import type { ReaderId } from '../domain/site/ids.ts';
import type { Indication } from './readers.ts';

export type SignColour = 'red' | 'green' | 'amber' | 'blue' | 'magenta' | 'cyan' | 'white' | 'off';
export type SignLanguage = 'en' | 'de' | 'es';

/** Two colours in turn; `offMs` 0 = steady. Readers count in steps of 100 ms. */
export interface LedSign {
  readonly colour: SignColour;
  readonly offColour: SignColour;
  readonly onMs: number;
  readonly offMs: number;
}

export interface BuzzerSign {
  readonly onMs: number;
  readonly offMs: number;
  readonly count: number;
}

/** How one outcome looks, sounds and reads. Null = nothing of this kind. */
export interface Sign {
  readonly led: LedSign | null;
  readonly buzzer: BuzzerSign | null;
  /** ASCII, as displays have it. */
  readonly text: string | null;
  /** How long light and text last, ms. Without meaning for what lasts until it changes (`idle`, `held_open`, `locked_down`). */
  readonly forMs: number;
}

/** What an installation has set for one reader; the rest is the adapter's own. */
export interface ReaderSignSettings {
  readonly language: SignLanguage;
  readonly signs: Readonly<Partial<Record<Indication, Partial<Sign>>>>;
}

export type SignSettingsOf = (readerId: ReaderId) => ReaderSignSettings | null;
