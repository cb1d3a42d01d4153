import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import verified from '../vectors/osdp/verified.json' with { type: 'json' };

/**
 * `npm run osdp:verified`: which test of SIA's OSDP Verified programme is shown by which of ours. One of ours shows it when its name starts with the
 * number: `060-05-01: ...` or `060-24-01, 060-25-01: ...`. What the list asks of an ACU is shown by what our ACU does: bytes that a codec gives, or what
 * our simulated reader does, are printed too and count for nothing. Fails when a test that the secure channel profile requires of an ACU is shown by none.
 */
const PROFILES = ['ACU_SC', 'ACU_BioMatch', 'ACU_BioRead', 'ACU_ExtPacket', 'ACU_XRW'] as const;
type Profile = (typeof PROFILES)[number];
type VerifiedTest = (typeof verified.tests)[number];

const TESTS = join(import.meta.dirname, '..');
const ROOT = join(TESTS, '..');
const NAME = /['"`]((?:\d{3}-\d{2}-\d{2}(?:, )?)+): /g;

type Kind = 'ACU session' | 'ACU bus' | 'ACU on a line' | 'PD' | 'PD on a line' | 'codec';

/** Which side a file tries, and how. */
const KINDS: readonly (readonly [prefix: string, kind: Kind])[] = [
  ['test/unit/osdp/session/', 'ACU session'],
  ['test/unit/osdp/bus/', 'ACU bus'],
  ['test/unit/osdp/pd/', 'PD'],
  ['test/unit/osdp/simulator/', 'PD'],
  ['test/integration/osdp/libosdp-controller', 'PD on a line'],
  ['test/integration/osdp/', 'ACU on a line'],
];

const kindOf = (path: string): Kind => KINDS.find(([prefix]) => path.startsWith(prefix))?.[1] ?? 'codec';

/** The files that show each number. */
function findShown(): ReadonlyMap<string, ReadonlySet<string>> {
  const shown = new Map<string, Set<string>>();
  for (const entry of readdirSync(TESTS, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.test.ts')) continue;
    const path = join(entry.parentPath, entry.name);
    for (const [, ids] of readFileSync(path, 'utf8').matchAll(NAME)) {
      for (const id of (ids ?? '').split(', ')) shown.set(id, (shown.get(id) ?? new Set()).add(relative(ROOT, path)));
    }
  }
  return shown;
}

const shown = findShown();
const isShown = ({ id }: VerifiedTest): boolean => [...(shown.get(id) ?? [])].some((path) => kindOf(path).startsWith('ACU'));
const isRequired = (test: VerifiedTest, profile: Profile): boolean => test[profile] === 'required' || test[profile] === 'must_not';

for (const test of verified.tests) {
  const profiles = PROFILES.filter((profile) => isRequired(test, profile) || test[profile] === 'one_of');
  const files = [...(shown.get(test.id) ?? [])].sort();
  const kinds = new Set(files.map(kindOf));
  console.log([test.id, profiles.join(' ') || '-', [...kinds].sort().join(', ') || 'NONE', files.join(' ')].join('\t'));
}
const unknown = [...shown.keys()].filter((id) => verified.tests.every((test) => test.id !== id));
for (const id of unknown) console.log(`${id}\tnot a number of the list\t${[...(shown.get(id) ?? [])].join(' ')}`);

console.log('');
for (const profile of PROFILES) {
  const required = verified.tests.filter((test) => isRequired(test, profile));
  const missing = required.filter((test) => !isShown(test)).map(({ id }) => id);
  const hasOneBaud = verified.tests.some((test) => test[profile] === 'one_of' && isShown(test));
  const gaps = [...missing, ...(hasOneBaud ? [] : ['one of 050-02-01..06'])];
  console.log(
    `${profile}: ${required.length - missing.length} of ${required.length} required shown${gaps.length > 0 ? `; missing ${gaps.join(', ')}` : ''}`,
  );
  if (profile === 'ACU_SC' && gaps.length > 0) process.exitCode = 1;
}
const optional = verified.tests.filter((test) => PROFILES.every((profile) => test[profile] === 'optional'));
const elsewhere = optional.filter((test) => !isShown(test) && shown.has(test.id));
console.log(
  `optional everywhere: ${optional.filter(isShown).length} of ${optional.length} shown, ${elsewhere.length} more by codec or reader only`,
);
if (unknown.length > 0) process.exitCode = 1;
