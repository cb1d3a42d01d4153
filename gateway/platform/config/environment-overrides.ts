import { z } from 'zod';
import type { FieldProblem } from '../../domain/field-problem.ts';
import { openField } from './field.ts';
import { configFileSchema } from './file-schema.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

interface Override {
  readonly name: string;
  readonly path: readonly string[];
  readonly kind: 'text' | 'number' | 'list';
}

export const ENVIRONMENT_PREFIX = 'GATEHOUSE_';

/** Names that other programs of this project read, or that platforms invent for a service called gatehouse (Docker links, Kubernetes). */
const FOREIGN = /^GATEHOUSE_(CONFIG|URL|TOKEN|TEST_.*|SERVICE_.*|PORT|PORT_.*)$/;

/** Whether the name begins like a field of the configuration and is read by another program. */
export function isForeignName(name: string): boolean {
  return FOREIGN.test(name);
}

/** `listen.port` <-> GATEHOUSE_LISTEN_PORT. Single values and lists of text have one; what describes the building has none. */
export function environmentName(path: readonly string[]): string {
  return `${ENVIRONMENT_PREFIX}${path.join('_').toUpperCase()}`;
}

export function isOverridable(schema: z.ZodType): boolean {
  return kindOf(schema) !== null;
}

/** `raw` with the environment laid over it. `raw` is what the YAML held; it is not changed. */
export function applyEnvironment(raw: unknown, env: Environment): { readonly raw: unknown; readonly problems: readonly FieldProblem[] } {
  const overrides = listOverrides(configFileSchema, []);
  const known = new Set(overrides.map((override) => override.name));
  const problems = Object.keys(env)
    .filter((name) => name.startsWith(ENVIRONMENT_PREFIX) && !known.has(name) && !isForeignName(name))
    .map((name) => ({ path: name, message: 'is no field of the configuration' }));
  let result: unknown = raw ?? {};
  for (const override of overrides) {
    const value = env[override.name];
    if (value !== undefined && value !== '') result = setAt(result, override.path, toValue(value, override.kind));
  }
  return { raw: result, problems };
}

function listOverrides(schema: z.ZodType, path: readonly string[]): Override[] {
  const { inner } = openField(schema);
  if (inner instanceof z.ZodObject) {
    return Object.entries(inner.shape).flatMap(([key, child]) => listOverrides(child as z.ZodType, [...path, key]));
  }
  const kind = kindOf(schema);
  return kind === null ? [] : [{ name: environmentName(path), path, kind }];
}

function kindOf(schema: z.ZodType): Override['kind'] | null {
  const { inner } = openField(schema);
  if (inner instanceof z.ZodString || inner instanceof z.ZodEnum) return 'text';
  if (inner instanceof z.ZodNumber) return 'number';
  if (inner instanceof z.ZodArray && openField(inner.element as z.ZodType).inner instanceof z.ZodString) return 'list';
  return null;
}

/** What is not a number stays text, so that the schema refuses it under the name of its field. */
function toValue(text: string, kind: Override['kind']): unknown {
  if (kind === 'list') return text.split(',').map((item) => item.trim());
  return kind === 'number' && /^-?\d{1,15}$/.test(text) ? Number(text) : text;
}

function setAt(target: unknown, path: readonly string[], value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const base: Record<string, unknown> = isRecord(target) ? target : {};
  return { ...base, [key]: setAt(base[key], rest, value) };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
