import type { AppChoices, AppDetail, AppDraft, AppKind } from '#gateway/http/contract/apps.ts';
import { idFromName, toLines } from './app-words.ts';

/** A form as it is filled in: texts that may not be right yet. */
export interface AppForm {
  readonly kind: AppKind;
  readonly name: string;
  /** Null while it follows the name. */
  readonly id: string | null;
  readonly redirectUris: string;
  readonly postLogoutRedirectUris: string;
  readonly backchannelLogoutUri: string;
  readonly origin: string;
  readonly paths: string;
  readonly publicPaths: string;
  readonly apis: readonly string[];
  readonly apiScopes: string;
  readonly idTokenAlg: AppDraft['idTokenAlg'];
  readonly rules: AppDraft['rules'];
}

export const EMPTY_FORM: AppForm = {
  kind: 'web',
  name: '',
  id: null,
  redirectUris: '',
  postLogoutRedirectUris: '',
  backchannelLogoutUri: '',
  origin: '',
  paths: '/',
  publicPaths: '',
  apis: [],
  apiScopes: '',
  idTokenAlg: 'ES256',
  rules: { sensitivity: 1, siteId: null, requiresAreaId: null, maxPresenceAgeS: 36_000, allowedNetworks: [], maxAuthAgeS: 0 },
};

export const idOf = ({ id, name }: AppForm): string => id ?? idFromName(name);

export const signsPeopleIn = (kind: AppKind): boolean => kind === 'web' || kind === 'browser' || kind === 'native';

/** What is sent: only what the kind has, whatever the form held before the kind was changed. */
export function toDraft(form: AppForm): AppDraft {
  const { kind } = form;
  const hasAddresses = signsPeopleIn(kind);
  const isSite = kind === 'website';
  return {
    id: idOf(form),
    name: form.name.trim(),
    kind,
    redirectUris: hasAddresses ? toLines(form.redirectUris) : [],
    postLogoutRedirectUris: hasAddresses ? toLines(form.postLogoutRedirectUris) : [],
    backchannelLogoutUri: kind === 'web' && form.backchannelLogoutUri.trim() !== '' ? form.backchannelLogoutUri.trim() : null,
    origin: isSite ? form.origin.trim() : null,
    paths: isSite ? toLines(form.paths) : [],
    publicPaths: isSite ? toLines(form.publicPaths) : [],
    apis: isSite ? [] : [...form.apis],
    apiScopes: kind === 'machine' ? toLines(form.apiScopes.replaceAll(' ', '\n')) : [],
    idTokenAlg: form.idTokenAlg,
    rules: form.rules,
  };
}

export function toForm(app: AppDetail): AppForm {
  return {
    ...app,
    redirectUris: app.redirectUris.join('\n'),
    postLogoutRedirectUris: app.postLogoutRedirectUris.join('\n'),
    backchannelLogoutUri: app.backchannelLogoutUri ?? '',
    origin: app.origin ?? '',
    paths: app.paths.join('\n'),
    publicPaths: app.publicPaths.join('\n'),
    apiScopes: app.apiScopes.join(' '),
  };
}

export interface Problem {
  readonly path: string;
  readonly message: string;
}

/** What is said at a field: of a list each line by its number. */
export function problemAt(problems: readonly Problem[], field: string): string | undefined {
  const own = problems.filter(({ path }) => path === field || path.startsWith(`${field}.`));
  if (own.length === 0) return undefined;
  return own
    .map(({ message, path }) => {
      const [, line] = /\.(\d+)$/.exec(path) ?? [];
      return line === undefined ? `It ${message}.` : `Line ${String(Number(line) + 1)} ${message}.`;
    })
    .join(' ');
}

export const areaChoices = ({ areas }: AppChoices, siteId: string | null): AppChoices['areas'] =>
  siteId === null ? areas : areas.filter((area) => area.siteId === siteId);
