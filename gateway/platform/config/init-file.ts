import { z } from 'zod';
import { environmentName, isOverridable } from './environment-overrides.ts';
import { openField } from './field.ts';
import { configFileSchema, type ConfigFileInput } from './file-schema.ts';

/** A small installation to start from: addresses are of documentation ranges, so nothing is reached by accident. */
const EXAMPLE: ConfigFileInput = {
  sites: [{ id: 'main', name: 'Main site', time_zone: 'Europe/Berlin', holidays: ['2026-12-25'] }],
  areas: [
    { id: 'office', site: 'main', name: 'Office' },
    { id: 'lab', site: 'main', parent: 'office', name: 'Laboratory', security_level: 3 },
  ],
  doors: [
    { id: 'front', site: 'main', name: 'Front door', to_area: 'office', lock: 'fail_safe' },
    { id: 'lab-door', site: 'main', name: 'Laboratory', from_area: 'office', to_area: 'lab', lock: 'fail_secure' },
  ],
  buses: [
    {
      id: 'bus-1',
      link: { tcp: { host: '192.0.2.10', port: 4_001 } },
      readers: [
        {
          id: 'front-in',
          name: 'Front, outside',
          address: 0,
          door: 'front',
          side: 'entry',
          strike_output: 0,
          contact_input: 0,
          rex_input: 1,
        },
        {
          id: 'lab-in',
          name: 'Laboratory, outside',
          address: 1,
          door: 'lab-door',
          side: 'entry',
        },
        {
          id: 'lab-out',
          name: 'Laboratory, inside',
          address: 2,
          door: 'lab-door',
          side: 'exit',
          strike_output: 0,
          contact_input: 0,
          rex_input: 1,
        },
      ],
    },
  ],
  apps: [
    {
      id: 'lab-notes',
      name: 'Laboratory notes',
      client_id: 'lab-notes',
      public: true,
      redirect_uris: ['https://notes.example.org/callback'],
      sensitivity: 3,
      site: 'main',
      requires_area: 'lab',
      allowed_networks: ['site'],
    },
  ],
  vpn_realms: [{ id: 'staff', name: 'Staff VPN', site: 'main' }],
  networks: [
    { name: 'Office LAN', cidr: '192.0.2.0/24', zone: 'site', site: 'main' },
    { name: 'VPN egress', cidr: '198.51.100.0/24', zone: 'vpn_egress' },
  ],
  reader_types: {
    hall: { granted: { led: { colour: 'green', on_ms: 100, off_ms: 0 }, buzzer: { count: 1 }, text: 'Good morning', for_ms: 3_000 } },
  },
  schedules: { 'working-hours': { weekdays: [1, 2, 3, 4, 5], from: '07:00', until: '19:00' } },
};

const HEADER = `# Configuration of Gatehouse, written by \`gatehouse init\`. Change it, then restart: it is read once, at start.
# An unknown or unsafe value refuses to start and is named. Fields that are commented out have no default and may be absent.
# The sites, doors and apps below are an example: replace them.
`;

/** The commented file: comments and defaults come from the schema, so they cannot drift from what the gateway checks. */
export function renderInitFile(): string {
  return `${HEADER}\n${renderObject(configFileSchema, EXAMPLE, { path: [], indent: '', explain: true }).join('\n')}\n`;
}

interface Place {
  readonly path: readonly string[];
  readonly indent: string;
  /** Comments are printed at the first item of a list only. */
  readonly explain: boolean;
}

function renderObject(schema: z.ZodType, value: unknown, place: Place): string[] {
  const { inner } = openField(schema);
  if (!(inner instanceof z.ZodObject)) return [];
  const values = (value ?? {}) as Readonly<Record<string, unknown>>;
  return Object.entries(inner.shape).flatMap(([key, child], index) => {
    const lines = renderField(key, child as z.ZodType, values[key], place);
    const apart = index > 0 && place.explain && lines.length > 0;
    return apart && place.path.length === 0 ? ['', ...lines] : lines;
  });
}

function renderField(key: string, schema: z.ZodType, given: unknown, place: Place): string[] {
  const open = openField(schema);
  const value = given ?? open.defaultValue;
  const here: Place = { ...place, path: [...place.path, key] };
  const comments = place.explain ? renderComments(schema, here).map((line) => `${place.indent}# ${line}`) : [];
  if (value === undefined) return place.explain ? [...comments, `${place.indent}# ${key}:`] : [];
  if (given === undefined && !place.explain) return [];
  return [...comments, ...renderValue(key, schema, value, here)];
}

function renderComments(schema: z.ZodType, place: Place): string[] {
  const { meta, optional, defaultValue } = openField(schema);
  if (meta === null) return [];
  const facts = [meta.unit];
  if (optional) facts.push('optional');
  if (defaultValue !== undefined && typeof defaultValue !== 'object') facts.push(`default ${toFlow(defaultValue)}`);
  if (isOverridable(schema) && !place.path.includes('[]')) facts.push(`environment ${environmentName(place.path)}`);
  return [meta.reason, `(${facts.join('; ')})`];
}

function renderValue(key: string, schema: z.ZodType, value: unknown, place: Place): string[] {
  const { inner } = openField(schema);
  const deeper = `${place.indent}  `;
  if (inner instanceof z.ZodObject) return [`${place.indent}${key}:`, ...renderObject(schema, value, { ...place, indent: deeper })];
  if (inner instanceof z.ZodRecord) {
    const entries = Object.entries(value as Readonly<Record<string, unknown>>);
    const lines = entries.flatMap(([name, entry], index) => [
      `${deeper}${name}:`,
      ...renderObject(inner.valueType as z.ZodType, entry, { path: [...place.path, '[]'], indent: `${deeper}  `, explain: index === 0 }),
    ]);
    return [`${place.indent}${key}:${entries.length === 0 ? ' {}' : ''}`, ...lines];
  }
  if (inner instanceof z.ZodArray && openField(inner.element as z.ZodType).inner instanceof z.ZodObject) {
    const items = value as readonly unknown[];
    const lines = items.flatMap((item, index) =>
      renderItem(inner.element as z.ZodType, item, { ...place, indent: deeper, explain: index === 0 }),
    );
    return [`${place.indent}${key}:${items.length === 0 ? ' []' : ''}`, ...lines];
  }
  return [`${place.indent}${key}: ${toFlow(value)}`];
}

/** A list item: its first line that is not a comment carries the dash, so comments may stand above it. */
function renderItem(schema: z.ZodType, item: unknown, place: Place): string[] {
  const lines = renderObject(schema, item, { path: [...place.path, '[]'], indent: `${place.indent}  `, explain: place.explain });
  const first = lines.findIndex((line) => !line.trimStart().startsWith('#'));
  return lines.map((line, index) => (index === first ? `${place.indent}- ${line.trimStart()}` : line));
}

/** Flow YAML is JSON with unquoted words; every text is quoted where a word could be read as something else. */
function toFlow(value: unknown): string {
  if (typeof value === 'string')
    return /^[A-Za-z][A-Za-z0-9_/-]*$/.test(value) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(value)
      ? value
      : `'${value.replaceAll("'", "''")}'`;
  if (Array.isArray(value)) return `[${value.map(toFlow).join(', ')}]`;
  if (typeof value === 'object' && value !== null)
    return `{ ${Object.entries(value)
      .map(([key, child]) => `${key}: ${toFlow(child)}`)
      .join(', ')} }`;
  return JSON.stringify(value);
}
