import { DEFAULT_OPERATOR_ROLES, policyDataSchema, toPolicyEndMs, type PolicyData } from '../../access/policy-data.ts';
import type { AreaId } from '../../site/ids.ts';
import type { Installation } from '../../site/site.ts';
import type { SiteMap } from '../../site/site-map.ts';
import type { ItemOf, PolicyDocument } from './items.ts';
import { toLibrarySettings } from './library-places.ts';
import { toPlainSchedule, toWeeklySchedule, type PlainSchedule } from './week-schedule.ts';

type Sections = PolicyData['gatehouse'];

/** What the configuration file says, over which the document is laid. */
export interface FileData {
  readonly schedules: Readonly<Record<string, PlainSchedule>>;
  /** Site to dates. */
  readonly holidays: ReadonlyMap<string, readonly string[]>;
}

/** What the policy reads of a document. @throws ZodError for one that does not fit the data schema */
export function toPolicyData(document: PolicyDocument, file: FileData, sites: Pick<SiteMap, 'installation' | 'areaChain'>): PolicyData {
  return policyDataSchema.parse({
    gatehouse: {
      profiles: mapValues(document.profiles, ({ resources }) => Object.fromEntries(resources.map(({ kind, id }) => [`${kind}:${id}`, true]))),
      grants: toGrants(document.grants),
      ...toSchedules(document.schedules, file.schedules),
      ...toHolidays(document.holidays, file.holidays),
      areas: mapValues(document.areas, ({ securityLevel }) => ({ security_level: securityLevel })),
      threats: toThreats(document.threats, sites),
      exceptions: toExceptions(document.exceptions),
      library_settings: toLibrarySettings(Object.values(document.library), sites),
      operator_roles: mapValues(DEFAULT_OPERATOR_ROLES, (actions) => [...actions]),
    } satisfies Sections,
  });
}

function toGrants(grants: PolicyDocument['grants']): Sections['grants'] {
  const byHolder = Map.groupBy(Object.entries(grants), ([, { holder }]) => `${holder.kind}:${holder.id}`);
  return Object.fromEntries([...byHolder].map(([holder, held]) => [holder, held.map(([id, grant]) => toPolicyGrant(id, grant))]));
}

function toPolicyGrant(id: string, { profileId, schedule, validFromMs, validUntilMs }: ItemOf<'grants'>): Sections['grants'][string][number] {
  return { id, profile: profileId, schedule, valid_from_ms: validFromMs ?? 0, valid_until_ms: toPolicyEndMs(validUntilMs) };
}

/** A name is in one of the two sections: a policy that knows only plain windows then finds nothing, and what it finds nothing of it denies. */
function toSchedules(
  schedules: PolicyDocument['schedules'],
  fromFile: FileData['schedules'],
): { readonly schedules: Sections['schedules']; readonly weekly: NonNullable<Sections['weekly']> } {
  const plain: Record<string, PlainSchedule> = { ...fromFile };
  const weekly: NonNullable<Sections['weekly']> = {};
  for (const [name, schedule] of Object.entries(schedules)) {
    const one = toPlainSchedule(schedule);
    if (one !== null) plain[name] = one;
    else {
      delete plain[name];
      weekly[name] = toWeeklySchedule(schedule);
    }
  }
  return { schedules: plain, weekly };
}

const DAY_MS = 86_400_000;
const dayAfter = (date: string): string => new Date(Date.parse(`${date}T00:00:00Z`) + DAY_MS).toISOString().slice(0, 10);

/** Those of the file and of the document together. */
function toHolidays(holidays: PolicyDocument['holidays'], fromFile: FileData['holidays']) {
  const dates = [
    ...[...fromFile].flatMap(([siteId, days]) => days.map((date) => ({ siteId, date }))),
    ...Object.values(holidays).map(({ siteId, date }) => ({ siteId, date })),
  ];
  const bySite = Map.groupBy(dates, ({ siteId }) => siteId);
  const section = (dateOf: (date: string) => string): Record<string, Record<string, true>> =>
    Object.fromEntries([...bySite].map(([siteId, days]) => [siteId, Object.fromEntries(days.map(({ date }) => [dateOf(date), true as const]))]));
  return { holidays: section((date) => date), days_after_holidays: section(dayAfter) };
}

/** A threat in an area stands in the areas inside it too; sites and `global` are looked up by the policy. */
function toThreats(
  threats: PolicyDocument['threats'],
  { installation, areaChain }: { readonly installation: Installation; readonly areaChain: (id: AreaId) => readonly AreaId[] },
): NonNullable<Sections['threats']> {
  const found: Record<string, { level: number; until_ms: number }[]> = {};
  for (const [scope, { level, untilMs }] of Object.entries(threats)) {
    const inside = scope.startsWith('area:')
      ? installation.areas.filter(({ id }) => areaChain(id).some((each) => `area:${each}` === scope)).map(({ id }) => `area:${id}`)
      : [];
    for (const each of new Set([scope, ...inside])) found[each] = [...(found[each] ?? []), { level, until_ms: toPolicyEndMs(untilMs) }];
  }
  return found;
}

function toExceptions(exceptions: PolicyDocument['exceptions']): NonNullable<Sections['exceptions']> {
  const byPerson = Map.groupBy(Object.entries(exceptions), ([, { personId }]) => personId);
  return Object.fromEntries(
    [...byPerson].map(([personId, all]) => [
      personId,
      all.map(([id, { resource, relaxes, fromMs, untilMs }]) => ({
        id,
        resource: `${resource.kind}:${resource.id}`,
        relaxes: [...relaxes],
        from_ms: fromMs,
        until_ms: untilMs,
      })),
    ]),
  );
}

function mapValues<Value, Result>(record: Readonly<Record<string, Value>>, to: (value: Value) => Result): Record<string, Result> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, to(value)]));
}
