import type { PolicyDataView } from '#gateway/http/contract/policy-data.ts';
import type { Choice } from './choice.ts';
import { resourceKindNames } from './part-words.ts';

export type ResourceRef = PolicyDataView['parts']['profiles'][string]['resources'][number];

export function keyOf({ kind, id }: ResourceRef): string {
  return `${kind}:${id}`;
}

/** The other way round. Null for what is no key of a resource. */
export function parseKey(key: string): ResourceRef | null {
  const [, kind, id] = /^(door|app|vpn_realm):(.+)$/.exec(key) ?? [];
  return kind === undefined || id === undefined ? null : { kind: kind as ResourceRef['kind'], id };
}

export function resourceChoices({ file }: PolicyDataView, kinds?: readonly ResourceRef['kind'][]): readonly Choice[] {
  return file.resources
    .filter(({ kind }) => kinds === undefined || kinds.includes(kind))
    .map((resource) => ({ value: keyOf(resource), label: resource.name, note: resourceKindNames[resource.kind] }));
}

export function resourceName({ file }: PolicyDataView, ref: ResourceRef): string {
  return file.resources.find(({ kind, id }) => kind === ref.kind && id === ref.id)?.name ?? ref.id;
}
