import { isRecord } from './read-body.ts';
import { GROUP_SCHEMA, USER_SCHEMA } from './schemas.ts';
import { ScimError } from './scim-error.ts';

/** Attributes that one request may name. */
export const ATTRIBUTES_MAX = 50;

export interface Projection {
  readonly only: readonly string[] | null;
  readonly without: readonly string[];
}

/** @throws ScimError */
export function readProjection(query: URLSearchParams): Projection {
  const only = readNames(query.get('attributes'));
  const without = readNames(query.get('excludedAttributes'));
  if (only.length > 0 && without.length > 0)
    throw new ScimError(400, 'invalidValue', 'attributes and excludedAttributes exclude one another.');
  return { only: only.length === 0 ? null : only, without };
}

function readNames(text: string | null): string[] {
  const names = (text ?? '').split(',').map((name) => name.trim().toLowerCase());
  const given = names.filter((name) => name !== '');
  if (given.length > ATTRIBUTES_MAX)
    throw new ScimError(400, 'invalidValue', `A request names ${String(ATTRIBUTES_MAX)} attributes at most.`);
  return given.map((name) => {
    const urn = [USER_SCHEMA, GROUP_SCHEMA].find((one) => name.startsWith(`${one.toLowerCase()}:`));
    return urn === undefined ? name : name.slice(urn.length + 1);
  });
}

/** Whether the attribute is part of the answer. */
export function isShown({ only, without }: Projection, name: string): boolean {
  const lowered = name.toLowerCase();
  if (only !== null) return only.some((one) => one === lowered || one.startsWith(`${lowered}.`));
  return !without.includes(lowered);
}

/** `schemas` and `id` are always returned (RFC 7643 7). */
export function project(resource: Readonly<Record<string, unknown>>, projection: Projection): Readonly<Record<string, unknown>> {
  const entries = Object.entries(resource).flatMap(([name, value]) => {
    if (name === 'schemas' || name === 'id') return [[name, value]];
    return isShown(projection, name) ? [[name, projectBelow(name.toLowerCase(), value, projection)]] : [];
  });
  return Object.fromEntries(entries) as Readonly<Record<string, unknown>>;
}

function projectBelow(name: string, value: unknown, projection: Projection): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => projectBelow(name, item, projection));
  if (!isRecord(value)) return value;
  const { only, without } = projection;
  return Object.fromEntries(
    Object.entries(value).filter(([key]) => {
      const path = `${name}.${key.toLowerCase()}`;
      if (without.includes(path)) return false;
      return only === null || only.includes(name) || only.includes(path);
    }),
  );
}
