import type { PolicyDataView } from '#gateway/http/contract/policy-data.ts';

export const LEVELS = [0, 1, 2, 3, 4, 5] as const;
export const EVERYWHERE = 'global';

export interface Threat {
  /** `global`, `site:ID` or `area:ID` */
  readonly id: string;
  readonly place: string;
  readonly level: number;
  readonly untilMs: number | null;
  readonly note: string;
}

/** Where a level can be raised, with its name. */
export function threatPlaces({ file }: PolicyDataView): readonly { readonly value: string; readonly label: string }[] {
  return [
    { value: EVERYWHERE, label: 'Everywhere' },
    ...file.sites.map(({ id, name }) => ({ value: `site:${id}`, label: name })),
    ...file.areas.map(({ id, name }) => ({ value: `area:${id}`, label: name })),
  ];
}

/** What is in force now, the highest first. A level that is over or is 0 asks nothing of anybody. */
export function threatsNow(data: PolicyDataView, nowMs: number): readonly Threat[] {
  const names = new Map(threatPlaces(data).map(({ value, label }) => [value, label]));
  return Object.entries(data.parts.threats)
    .filter(([, { level, untilMs }]) => level > 0 && (untilMs === null || untilMs > nowMs))
    .map(([id, item]) => ({ id, place: names.get(id) ?? id, level: item.level, untilMs: item.untilMs, note: item.note }))
    .toSorted((left, right) => right.level - left.level || left.place.localeCompare(right.place));
}

/** What a level means, in words. */
export function threatWords(level: number): string {
  return level === 0 ? 'Normal' : `Only people with a clearance of ${String(level)} or more come in. The way out stays free.`;
}
