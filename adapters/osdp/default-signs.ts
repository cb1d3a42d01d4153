import type { Indication, Sign, SignLanguage } from '#gateway/domain/doors/sign.ts';

const BEEP_MS = 100;
const beeps = (count: number): Sign['buzzer'] => ({ onMs: BEEP_MS, offMs: BEEP_MS, count });
const steady = (colour: 'green' | 'red' | 'blue'): Sign['led'] => ({ colour, offColour: 'off', onMs: 100, offMs: 0 });
const blinking = (colour: 'red' | 'amber' | 'blue', halfMs: number): Sign['led'] => ({
  colour,
  offColour: 'off',
  onMs: halfMs,
  offMs: halfMs,
});

/** One deny for every reason and one grant, under duress or not: whoever stands there learns nothing more. */
export const DEFAULT_SIGNS: Readonly<Record<Indication, Omit<Sign, 'text'>>> = {
  idle: { led: steady('red'), buzzer: null, forMs: 0 },
  granted: { led: steady('green'), buzzer: beeps(1), forMs: 2_000 },
  denied: { led: blinking('red', 200), buzzer: beeps(3), forMs: 1_600 },
  // As long as the PIN may take.
  pin_wanted: { led: blinking('blue', 300), buzzer: beeps(1), forMs: 10_000 },
  face_wanted: { led: blinking('blue', 600), buzzer: beeps(2), forMs: 10_000 },
  wait: { led: blinking('amber', 100), buzzer: null, forMs: 3_000 },
  held_open: { led: blinking('amber', 500), buzzer: { onMs: 500, offMs: 500, count: 10 }, forMs: 0 },
  locked_down: { led: blinking('red', 1_000), buzzer: null, forMs: 0 },
};

/** Sixteen characters at most, which the smallest displays show, in their character set. */
export const TEXTS: Readonly<Record<SignLanguage, Readonly<Record<Indication, string | null>>>> = {
  en: {
    idle: null,
    granted: 'Welcome',
    denied: 'No access',
    pin_wanted: 'Enter PIN, then#',
    face_wanted: 'Look at camera',
    wait: 'Please wait',
    held_open: 'Close the door',
    locked_down: 'Locked down',
  },
  de: {
    idle: null,
    granted: 'Willkommen',
    denied: 'Kein Zutritt',
    pin_wanted: 'PIN eingeben + #',
    face_wanted: 'In Kamera sehen',
    wait: 'Bitte warten',
    held_open: 'Tuer schliessen',
    locked_down: 'Gesperrt',
  },
  es: {
    idle: null,
    granted: 'Adelante',
    denied: 'Acceso denegado',
    pin_wanted: 'Marque PIN y #',
    face_wanted: 'Mire a la camara',
    wait: 'Espere',
    held_open: 'Cierre la puerta',
    locked_down: 'Cierre general',
  },
};
