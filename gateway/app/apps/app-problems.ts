import { findAddressProblems } from '../../domain/apps/address-problems.ts';
import type { AddedApp, AppDraft } from '../../domain/apps/added-app.ts';
import type { FieldProblem } from '../../domain/field-problem.ts';
import type { AppId, AreaId, SiteId } from '../../domain/site/ids.ts';
import type { SiteMap } from '../../domain/site/site-map.ts';
import type { Website } from '../../domain/site/website.ts';

/** An API of the configuration file, as far as apps refer to it. */
export interface KnownApi {
  readonly id: string;
  readonly scopes: readonly string[];
}

export interface ProblemDeps {
  readonly sites: SiteMap;
  readonly apis: readonly KnownApi[];
  /** All that are known, of the file and added. */
  readonly websites: () => readonly Website[];
  /** Under which browsers reach the gateway. */
  readonly publicUrl: string;
  /** What the provider itself has against the client; null = nothing. */
  readonly checkClient: (app: AddedApp) => Promise<string | null>;
}

/** Whatever is wrong with a draft, field by field. `isNamed` says whether policy data already speaks of its id. */
export function findAppProblems(
  { apis, publicUrl, sites, websites }: ProblemDeps,
  draft: AppDraft,
  { isNamed, isNew }: { readonly isNew: boolean; readonly isNamed: boolean },
): readonly FieldProblem[] {
  const problems: FieldProblem[] = [...findAddressProblems(draft, new URL(publicUrl).origin)];
  const report = (path: string, message: string): void => void problems.push({ path, message });
  // Branded where they enter, and looked up at once.
  if (isNew && sites.app(draft.id as AppId) !== undefined) report('id', 'is the id of an app that is there already');
  else if (isNew && isNamed) report('id', 'is still named by an access profile or another item of the policy data: take another id');
  const { requiresAreaId, siteId } = draft.rules;
  if (siteId !== null && sites.site(siteId as SiteId) === undefined) report('rules.siteId', `there is no site ${siteId}`);
  const area = requiresAreaId === null ? undefined : sites.area(requiresAreaId as AreaId);
  if (requiresAreaId !== null && area === undefined) report('rules.requiresAreaId', `there is no area ${requiresAreaId}`);
  if (area !== undefined && siteId !== null && area.siteId !== siteId)
    report('rules.requiresAreaId', `is in site ${area.siteId}, not ${siteId}`);
  checkApis(draft, apis, report);
  checkWebsitePlace(draft, websites(), report);
  return problems;
}

type Report = (path: string, message: string) => void;

function checkApis({ apiScopes, apis, kind }: AppDraft, known: readonly KnownApi[], report: Report): void {
  const byId = new Map(known.map((api) => [api.id, api]));
  if (kind === 'website' && apis.length > 0) report('apis', 'are not for websites behind a proxy');
  apis.forEach((id, index) => {
    if (!byId.has(id)) report(`apis.${index}`, `there is no API ${id}`);
  });
  if (kind !== 'machine' && apiScopes.length > 0) report('apiScopes', 'are for machines');
  apiScopes.forEach((scope, index) => {
    if (!apis.some((id) => byId.get(id)?.scopes.includes(scope) === true))
      report(`apiScopes.${index}`, `no API of the app has the scope ${scope}`);
  });
}

/** Two websites at one address could not be told apart. */
function checkWebsitePlace({ id, origin, paths }: AppDraft, websites: readonly Website[], report: Report): void {
  const others = websites.filter((website) => website.origin === origin && website.appId !== id);
  paths.forEach((path, index) => {
    const other = others.find((website) => website.paths.includes(path));
    if (other !== undefined) report(`paths.${index}`, `is the website ${other.name} already`);
  });
}
