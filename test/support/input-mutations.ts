/** A small generator of numbers that are the same in every run: what differs once can be looked at again. */
export function createSequence(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

type Json = Readonly<Record<string, unknown>>;
type Schema = Readonly<Record<string, unknown>>;

interface Leaf {
  readonly path: readonly string[];
  readonly value: unknown;
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every member of a document, objects too. */
function membersOf(document: Json, path: readonly string[] = []): readonly Leaf[] {
  return Object.entries(document).flatMap(([key, value]) => {
    const here = { path: [...path, key], value };
    return isObject(value) ? [here, ...membersOf(value, here.path)] : [here];
  });
}

function schemaAt(schema: Schema | undefined, path: readonly string[]): Schema | undefined {
  return path.reduce<Schema | undefined>(
    (found, key) => (found?.['properties'] as Readonly<Record<string, Schema>> | undefined)?.[key],
    schema,
  );
}

/** What the schema says of a field, its edges and what stands beside them. */
function allowedBy(schema: Schema | undefined): readonly unknown[] {
  if (schema === undefined) return [];
  const options = (schema['anyOf'] ?? schema['oneOf'] ?? []) as readonly Schema[];
  const edges = ['minimum', 'maximum'].flatMap((name) =>
    typeof schema[name] === 'number' ? [schema[name], schema[name] - 1, schema[name] + 1] : [],
  );
  return [
    ...((schema['enum'] as readonly unknown[] | undefined) ?? []),
    ...('const' in schema ? [schema['const']] : []),
    ...edges,
    ...options.flatMap(allowedBy),
  ];
}

const WRONG: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1,
  3.5,
  9_007_199_254_740_991,
  '',
  'unknown',
  'usr_1',
  [],
  ['x'],
  {},
  { a: 1 },
  [[]],
  'Zoë 🚪',
];

function neighboursOf(value: unknown): readonly unknown[] {
  if (typeof value === 'number') return [value - 1, value + 1, -value, value / 2, String(value)];
  if (typeof value === 'boolean') return [!value, String(value)];
  if (typeof value === 'string') return [`${value} `, value.slice(1), value.toUpperCase(), [value]];
  if (Array.isArray(value))
    return [
      value.slice(1),
      [...(value as readonly unknown[]), 'another'],
      [...(value as readonly unknown[]), ...(value as readonly unknown[])],
      value[0] ?? null,
    ];
  return [];
}

export const ABSENT = Symbol('absent');

function withMember(document: Json, [key, ...rest]: readonly string[], value: unknown): Json {
  if (key === undefined) return document;
  const { [key]: member, ...others } = document;
  if (rest.length === 0) return value === ABSENT ? others : { ...document, [key]: value };
  return isObject(member) ? { ...document, [key]: withMember(member, rest, value) } : document;
}

/**
 * Documents that differ from given ones in one to three fields: a neighbour, an edge or a choice of the schema, a wrong type, nothing,
 * or what another document has there.
 */
export function* mutationsOf(documents: readonly Json[], schema: Schema, seed: number): Generator<Json, never> {
  const below = createSequence(seed);
  const pick = <Item>(items: readonly Item[]): Item | undefined => items[below(items.length)];
  for (;;) {
    let document = pick(documents) ?? {};
    for (let changes = 1 + below(3); changes > 0; changes -= 1) {
      const { path, value } = pick(membersOf(document)) ?? { path: [], value: null };
      const elsewhere = membersOf(pick(documents) ?? {}).filter((one) => one.path.join('.') === path.join('.'));
      const choices = [ABSENT, pick(WRONG), pick(neighboursOf(value)), pick(allowedBy(schemaAt(schema, path))), elsewhere[0]?.value];
      const chosen = pick(choices.filter((choice) => choice !== undefined));
      document = withMember(document, path, chosen);
    }
    yield document;
  }
}
