import { createHash } from 'node:crypto';
import { canonicalJson } from '../canonical-json.ts';

/** Members of one section that are kept together; above it a section is cut, so that one changed grant does not keep all others again. */
const SECTION_MEMBERS_MAX = 64;
const BUCKETS = 64;

/** A piece of a data document: members of one section of `gatehouse`, or the whole of a section that is no large object. */
export interface DataPart {
  readonly section: string;
  /** SHA-256 (hex) of `json`. */
  readonly hash: string;
  readonly json: string;
}

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** The name of a data document in every decision: SHA-256 (hex) of its canonical JSON. */
export function dataRevisionOf(data: unknown): string {
  return sha256(canonicalJson(data));
}

/** Cuts a document `{gatehouse: {...}}` into parts of which two versions share what did not change. */
export function splitData(data: { readonly gatehouse: Json }): readonly DataPart[] {
  return Object.entries(data.gatehouse).flatMap(([section, value]) => {
    if (!isObject(value) || Object.keys(value).length <= SECTION_MEMBERS_MAX) return [partOf(section, value)];
    const buckets = Map.groupBy(Object.entries(value), ([key]) => bucketOf(key));
    return [...buckets.values()].map((members) => partOf(section, Object.fromEntries(members)));
  });
}

/** Whether a kept text is the part of this name: somebody may have changed a row beside the gateway. */
export const isPart = (json: string, hash: string): boolean => sha256(json) === hash;

/** Puts a document together again. @throws TypeError for parts that do not fit together */
export function joinData(parts: readonly Pick<DataPart, 'section' | 'json'>[]): { readonly gatehouse: Json } {
  const sections = new Map<string, unknown>();
  for (const { section, json } of parts) {
    const value: unknown = JSON.parse(json);
    const before = sections.get(section);
    if (before === undefined) sections.set(section, value);
    else if (isObject(before) && isObject(value)) sections.set(section, { ...before, ...value });
    else throw new TypeError('two parts of one section that is no object');
  }
  return { gatehouse: Object.fromEntries(sections) };
}

function partOf(section: string, value: unknown): DataPart {
  const json = canonicalJson(value);
  return { section, json, hash: sha256(json) };
}

/** FNV-1a: any spreading that never changes. */
function bucketOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index += 1) hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193) >>> 0;
  return hash % BUCKETS;
}
