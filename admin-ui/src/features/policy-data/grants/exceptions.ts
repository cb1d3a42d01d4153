import type { PolicyDataView } from '#gateway/http/contract/policy-data.ts';

export interface Exception_ {
  readonly id: string;
  readonly item: PolicyDataView['parts']['exceptions'][string];
  readonly state: 'in_force' | 'to_come' | 'over';
}

const order = { in_force: 0, to_come: 1, over: 2 } as const;

/** What holds now first, then what is to come, then what is over, the last one first. */
export function exceptionsAt(items: PolicyDataView['parts']['exceptions'], nowMs: number): readonly Exception_[] {
  return Object.entries(items)
    .map(([id, item]): Exception_ => ({ id, item, state: item.untilMs <= nowMs ? 'over' : item.fromMs > nowMs ? 'to_come' : 'in_force' }))
    .toSorted((left, right) => order[left.state] - order[right.state] || byTime(left, right));
}

function byTime(left: Exception_, right: Exception_): number {
  return left.state === 'over' ? right.item.untilMs - left.item.untilMs : left.item.fromMs - right.item.fromMs;
}
