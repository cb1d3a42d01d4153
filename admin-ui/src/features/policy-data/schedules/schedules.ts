import type { PolicyDataView } from '#gateway/http/contract/policy-data.ts';

export type ScheduleItem = PolicyDataView['parts']['schedules'][string];

export interface NamedSchedule {
  readonly id: string;
  readonly name: string;
  readonly item: ScheduleItem;
  /** `both`: an item that takes the place of one in the configuration. */
  readonly source: 'data' | 'file' | 'both';
}

export const ALWAYS = 'always';

/** The schedules that hold, by name: those of the configuration as far as no item takes their place. */
export function schedulesOf({ parts, file }: PolicyDataView): readonly NamedSchedule[] {
  const all = { ...file.schedules, ...parts.schedules };
  return Object.entries(all)
    .map(([id, item]): NamedSchedule => {
      const source = parts.schedules[id] === undefined ? 'file' : file.schedules[id] === undefined ? 'data' : 'both';
      return { id, item, source, name: item.name === '' ? id : item.name };
    })
    .toSorted((left, right) => left.name.localeCompare(right.name));
}

/** What a grant may name: `always` exists without being written anywhere. */
export function scheduleChoices(data: PolicyDataView): readonly { readonly value: string; readonly label: string }[] {
  const named = schedulesOf(data)
    .filter(({ id }) => id !== ALWAYS)
    .map(({ id, name }) => ({ value: id, label: name }));
  return [{ value: ALWAYS, label: 'Always' }, ...named];
}
