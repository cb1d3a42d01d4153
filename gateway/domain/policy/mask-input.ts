import { z } from 'zod';
import { decisionInputSchema } from '../access/decision-input.ts';

/** What stands for a masked value. */
export const MASKED = '(masked)';

interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly 'x-mask'?: string;
}

function marksOf(node: SchemaNode, path: readonly string[]): readonly string[] {
  const own = node['x-mask'] === undefined ? [] : [path.join('.')];
  return [...own, ...Object.entries(node.properties ?? {}).flatMap(([key, member]) => marksOf(member, [...path, key]))];
}

/** Paths of the input schema that are marked `x-mask`: they leave the gateway masked. */
export const MASKED_PATHS: readonly string[] = marksOf(z.toJSONSchema(decisionInputSchema, { io: 'input' }) as SchemaNode, []);

type Json = Readonly<Record<string, unknown>>;

/** A copy with every marked value that says something replaced, and the paths of those. */
export function maskInput(input: Json): { readonly input: Json; readonly masked: readonly string[] } {
  const masked: string[] = [];
  const walk = (value: unknown, path: string): unknown => {
    if (MASKED_PATHS.includes(path)) {
      if (value === '' || value === null || value === undefined) return value;
      masked.push(path);
      return MASKED;
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, walk(member, path === '' ? key : `${path}.${key}`)]));
  };
  return { input: walk(input, '') as Json, masked };
}
