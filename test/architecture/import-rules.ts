import type { IForbiddenRuleType } from 'dependency-cruiser';

/** Folders of gateway/ that speak a protocol to the outside. */
const FACES = 'oidc|webauthn|http|authzen|signals|scim|forward-auth|vpn|upstream';
/** Composition: the only files of gateway/ that may build adapters. */
const COMPOSITION = '^gateway/(compose[^/]*|door-worker)\\.ts$';
/** Node modules that reach outside the process. Hashing (node:crypto), parsing addresses (node:net) and events do not. */
const NODE_IO = '^(node:)?(fs|fs/promises|child_process|cluster|dgram|dns|http|http2|https|sqlite|tls|worker_threads|os|process)$';

/** From one place, only what is listed may be imported; everything else is a violation. */
function onlySees(name: string, from: IForbiddenRuleType['from'], allowed: readonly string[]): IForbiddenRuleType {
  return { name, severity: 'error', from, to: { pathNot: [...allowed] } };
}

const NPM = '^node_modules/';
/** Resolved files have an extension; built-in modules have none. */
const NODE = '^(node:)?[a-z0-9_/]+$';

/** The import directions of the architecture. `to.pathNot` lists what is allowed, so a new folder is closed until it is named here. */
export const IMPORT_RULES: readonly IForbiddenRuleType[] = [
  { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
  // The sample of Next.js has a lock file and packages of its own; its build resolves what it imports.
  { name: 'resolvable', severity: 'error', from: { pathNot: '^test/samples/next/' }, to: { couldNotResolve: true } },
  {
    name: 'no-dev-packages-in-the-program',
    severity: 'error',
    from: { path: '^(gateway|adapters|face-model)/' },
    to: { dependencyTypes: ['npm-dev'] },
  },
  onlySees('domain-is-pure', { path: '^gateway/domain/' }, [
    '^gateway/domain/',
    '^(node:)?crypto$',
    '^node_modules/(zod|temporal-polyfill)/',
  ]),
  onlySees('ports-see-domain', { path: '^gateway/ports/' }, ['^gateway/(ports|domain)/']),
  onlySees('app-sees-ports-and-domain', { path: '^gateway/app/' }, ['^gateway/(app|ports|domain)/', NPM, NODE]),
  { name: 'app-does-no-io', severity: 'error', from: { path: '^gateway/app/' }, to: { path: NODE_IO } },
  onlySees('faces-see-app', { path: `^gateway/(${FACES})/` }, [`^gateway/(${FACES}|app|ports|domain|platform)/`, NPM, NODE]),
  onlySees('contract-sees-domain', { path: '^gateway/http/contract/' }, [
    '^gateway/http/contract/',
    '^gateway/domain/',
    '^node_modules/zod/',
  ]),
  onlySees('platform-sees-domain', { path: '^gateway/platform/' }, ['^gateway/(platform|domain)/', NPM, NODE]),
  onlySees('cli-sees-app-and-contract', { path: '^gateway/(cli/|cli\\.ts$)' }, [
    '^gateway/(cli|app|ports|domain|platform)/',
    '^gateway/(cli|start|compose-tools)\\.ts$',
    '^gateway/http/contract/',
    NPM,
    NODE,
  ]),
  {
    name: 'only-composition-builds-adapters',
    severity: 'error',
    from: { path: '^gateway/', pathNot: COMPOSITION },
    to: { path: '^(adapters|face-model)/' },
  },
  onlySees('adapters-see-ports-and-domain', { path: '^(adapters|face-model)/' }, [
    '^gateway/(ports|domain)/',
    '^(adapters|face-model)/',
    NPM,
    NODE,
  ]),
  {
    // adapters/sql is the one storage code base that the SQL engines share; it builds nothing itself.
    name: 'adapters-are-strangers',
    severity: 'error',
    from: { path: '^(adapters/[^/]+|face-model)/' },
    to: { path: '^(adapters|face-model)/', pathNot: ['^$1/', '^adapters/sql/'] },
  },
  {
    name: 'only-sql-engines-share-sql',
    severity: 'error',
    from: { path: '^(adapters|face-model)/', pathNot: '^adapters/(sql|sqlite|postgres)/' },
    to: { path: '^adapters/sql/' },
  },
  onlySees(
    'osdp-core-is-sans-io',
    { path: '^adapters/osdp/(wire|messages|channels|secure-channel|secure-channel-2|pairing|session|pd|monitor)/' },
    ['^adapters/osdp/(wire|messages|channels|secure-channel|secure-channel-2|pairing|session|pd|monitor)/', '^(node:)?crypto$'],
  ),
  {
    name: 'sqlite-in-one-place',
    severity: 'error',
    from: { path: '^(gateway|adapters|face-model)/', pathNot: '^adapters/sqlite/' },
    to: { path: '^node:sqlite$' },
  },
  onlySees('admin-ui-sees-the-contract', { path: '^admin-ui/src/' }, ['^admin-ui/src/', '^gateway/http/contract/', NPM]),
  {
    name: 'policies-are-data',
    severity: 'error',
    from: { pathNot: '^policies/' },
    to: { path: '^policies/' },
  },
  {
    name: 'tests-are-imported-by-tests',
    severity: 'error',
    from: { pathNot: '^test/' },
    to: { path: '^test/' },
  },
];
