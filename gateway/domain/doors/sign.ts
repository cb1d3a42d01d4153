import type { ReaderId } from '../site/ids.ts';

/**
 * What the person at the reader is shown. Every deny looks and sounds alike, whatever its reason; a grant under duress is a grant.
 * `idle`, `held_open` and `locked_down` last, the others end by themselves.
 */
export type Indication =
  | 'idle'
  | 'granted'
  | 'denied'
  /** Enter the PIN. */
  | 'pin_wanted'
  /** Look into the camera. */
  | 'face_wanted'
  /** The decision takes longer than usual. */
  | 'wait'
  /** The door stands open for too long: shut it. */
  | 'held_open'
  | 'locked_down';
export const INDICATIONS: readonly Indication[] = [
  'idle',
  'granted',
  'denied',
  'pin_wanted',
  'face_wanted',
  'wait',
  'held_open',
  'locked_down',
];

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
