import { PART_NAMES, EXCEPTION_AHEAD_MS_MAX, ITEMS_MAX, type ItemOf, type PolicyDocument } from '../../domain/policy/data/items.ts';
import { kindsOf } from '../../domain/policy/data/library-places.ts';
import type { LibrarySetting } from '../../domain/policy/data/library.ts';
import type { FieldProblem } from '../../domain/field-problem.ts';
import type { PersonId } from '../../domain/site/ids.ts';
import type { Installation } from '../../domain/site/site.ts';
import type { ItemChange } from './types.ts';

export interface ReferenceDeps {
  readonly installation: Installation;
  /** Schedules of the configuration file; `always` is one. */
  readonly fileSchedules: ReadonlySet<string>;
  readonly isPerson: (id: PersonId) => Promise<boolean>;
  readonly nowMs: number;
}

type Known = ReturnType<typeof knownNames>;
type Report = (field: string, message: string) => void;

/** What refers to nothing, or is refused where it stands. `after` is the document with the changes made. Paths begin at the list of changes. */
export async function findReferenceProblems(
  deps: ReferenceDeps,
  changes: readonly ItemChange[],
  after: PolicyDocument,
): Promise<readonly FieldProblem[]> {
  const known = knownNames(deps, after);
  const problems: FieldProblem[] = tooMany(after);
  for (const [index, change] of changes.entries()) {
    const report: Report = (field, message) => problems.push({ path: `changes.${index}.${field}`, message });
    if (change.value === null) checkRemoval(change, { after, known, report });
    else await checkItem(change, { deps, known, report });
  }
  return problems;
}

function knownNames({ installation, fileSchedules }: ReferenceDeps, after: PolicyDocument) {
  const ids = (items: readonly { readonly id: string }[]): ReadonlySet<string> => new Set(items.map(({ id }) => id));
  return {
    site: ids(installation.sites),
    area: ids(installation.areas),
    door: ids(installation.doors),
    app: ids(installation.apps),
    vpn_realm: ids(installation.vpnRealms),
    profile: new Set(Object.keys(after.profiles)),
    schedule: new Set([...fileSchedules, ...Object.keys(after.schedules)]),
  };
}

/** Grants and profiles have limits of their own, which the store holds. */
function tooMany(after: PolicyDocument): FieldProblem[] {
  return PART_NAMES.filter((part) => part !== 'grants' && part !== 'profiles' && Object.keys(after[part]).length > ITEMS_MAX).map(
    (part) => ({
      path: 'changes',
      message: `there are more than ${ITEMS_MAX} ${part}`,
    }),
  );
}

function checkRemoval(
  { part, id }: ItemChange,
  { after, known, report }: { readonly after: PolicyDocument; readonly known: Known; readonly report: Report },
): void {
  const grants = Object.values(after.grants);
  if (part === 'profiles' && grants.some(({ profileId }) => profileId === id)) report('id', 'is still granted');
  if (part !== 'schedules' || known.schedule.has(id)) return;
  const used = grants.some(({ schedule }) => schedule === id) || Object.values(after.library).some((setting) => scheduleOf(setting) === id);
  if (used) report('id', 'is still used by grants or ready policies');
}

const scheduleOf = ({ parameters }: LibrarySetting): string | null => ('schedule' in parameters ? parameters.schedule : null);

interface Checking {
  readonly deps: ReferenceDeps;
  readonly known: Known;
  readonly report: Report;
}

async function checkItem(change: ItemChange, checking: Checking): Promise<void> {
  const { deps, known, report } = checking;
  const { value } = change;
  if (value === null) return;
  const refer = (kind: Exclude<keyof Known, never>, id: string, field: string): void => {
    if (!known[kind].has(id)) report(field, `there is no ${kind.replace('_', ' ')} ${id}`);
  };
  switch (change.part) {
    case 'profiles':
      (value as ItemOf<'profiles'>).resources.forEach(({ kind, id }, index) => refer(kind, id, `value.resources.${index}.id`));
      return;
    case 'grants': {
      const { profileId, schedule, holder } = value as ItemOf<'grants'>;
      refer('profile', profileId, 'value.profileId');
      refer('schedule', schedule, 'value.schedule');
      if (holder.kind === 'person') await checkPerson(deps, holder.id, (message) => report('value.holder.id', message));
      return;
    }
    case 'schedules':
      if (change.id === 'always') report('id', 'is what every configuration already has');
      return;
    case 'holidays': {
      const { siteId, date } = value as ItemOf<'holidays'>;
      refer('site', siteId, 'value.siteId');
      if (change.id !== `${siteId}:${date}`) report('id', `is not ${siteId}:${date}`);
      return;
    }
    case 'areas':
      return refer('area', change.id, 'id');
    case 'threats':
      return checkScope(change.id, known, report);
    case 'exceptions':
      return checkException(value as ItemOf<'exceptions'>, checking);
    case 'library':
      return checkSetting(value as LibrarySetting, refer, report);
  }
}

async function checkPerson({ isPerson }: ReferenceDeps, id: string, report: (message: string) => void): Promise<void> {
  if (!(await isPerson(id as PersonId))) report(`there is no person ${id}`);
}

function checkScope(id: string, known: Known, report: Report): void {
  const [kind, ...rest] = id.split(':');
  const name = rest.join(':');
  const isKnown = id === 'global' || (kind === 'site' && known.site.has(name)) || (kind === 'area' && known.area.has(name));
  if (!isKnown) report('id', 'is not global, site: and a site, or area: and an area');
}

async function checkException(
  { personId, resource, fromMs, untilMs }: ItemOf<'exceptions'>,
  { deps, known, report }: Checking,
): Promise<void> {
  await checkPerson(deps, personId, (message) => report('value.personId', message));
  if (!known[resource.kind].has(resource.id)) report('value.resource.id', `there is no ${resource.kind} ${resource.id}`);
  if (untilMs <= deps.nowMs) report('value.untilMs', 'is over already');
  if (fromMs > deps.nowMs + EXCEPTION_AHEAD_MS_MAX) report('value.fromMs', 'is more than 30 days ahead');
}

type Refer = (kind: keyof Known, id: string, field: string) => void;

function checkSetting(setting: LibrarySetting, refer: Refer, report: Report): void {
  const { where, policy } = setting;
  const kinds = kindsOf(policy);
  const lists = { door: 'doors', app: 'apps', vpn_realm: 'vpnRealms' } as const;
  for (const [kind, list] of Object.entries(lists) as [keyof typeof lists, (typeof lists)[keyof typeof lists]][]) {
    where[list].forEach((id, index) => refer(kind, id, `value.where.${list}.${index}`));
    if (where[list].length > 0 && !kinds.includes(kind)) report(`value.where.${list}`, 'are not what this policy is for');
  }
  where.areas.forEach((id, index) => refer('area', id, `value.where.areas.${index}`));
  where.sites.forEach((id, index) => refer('site', id, `value.where.sites.${index}`));
  const places = [where.sites, where.areas, where.doors, where.apps, where.vpnRealms];
  if (!where.everywhere && places.every((list) => list.length === 0)) report('value.where', 'names no place');
  const schedule = scheduleOf(setting);
  if (schedule !== null) refer('schedule', schedule, 'value.parameters.schedule');
  if (policy === 'on_site') setting.parameters.sites.forEach((id, index) => refer('site', id, `value.parameters.sites.${index}`));
}
