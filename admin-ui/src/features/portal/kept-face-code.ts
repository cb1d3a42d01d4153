import { useSyncExternalStore } from 'react';
import { z } from 'zod';
import { faceCodeSchema } from '#gateway/http/contract/me-face.ts';

const keptSchema = z.strictObject({ code: z.string(), keptAtMs: z.number() });

export interface KeptFaceCode {
  readonly code: Uint8Array<ArrayBuffer>;
  /** As it came. */
  readonly text: string;
  readonly keptAtMs: number;
}

/** One a person: a browser that several people use shows each their own. */
const keyOf = (personId: string): string => `gatehouse.face.${personId}`;
const listeners = new Set<() => void>();

function subscribe(onChange: () => void): () => void {
  listeners.add(onChange);
  addEventListener('storage', onChange);
  return () => {
    listeners.delete(onChange);
    removeEventListener('storage', onChange);
  };
}

function readText(personId: string): string | null {
  try {
    return localStorage.getItem(keyOf(personId));
  } catch {
    return null; // A browser that may keep nothing has nothing.
  }
}

function parseKept(text: string | null): KeptFaceCode | null {
  try {
    const { code, keptAtMs } = keptSchema.parse(JSON.parse(text ?? ''));
    return { code: faceCodeSchema.parse(code), text: code, keptAtMs };
  } catch {
    return null; // Damaged is as good as none: the person takes it anew.
  }
}

/** Null: this browser keeps none of this person's. */
export function useKeptFaceCode(personId: string): KeptFaceCode | null {
  return parseKept(useSyncExternalStore(subscribe, () => readText(personId)));
}

/** In this browser and nowhere else. False: the browser does not let it. */
export function keepFaceCode(personId: string, code: string, nowMs: number): boolean {
  try {
    localStorage.setItem(keyOf(personId), JSON.stringify({ code, keptAtMs: nowMs } satisfies z.infer<typeof keptSchema>));
  } catch {
    return false;
  }
  // Asked for and not counted on: without it a browser that runs out of room may clear it.
  void navigator.storage?.persist?.().catch(() => false);
  for (const onChange of listeners) onChange();
  return true;
}

export function forgetFaceCode(personId: string): void {
  localStorage.removeItem(keyOf(personId));
  for (const onChange of listeners) onChange();
}
