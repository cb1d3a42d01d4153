// Plain JavaScript for the system's own Node (18 or later), because this is what installs the Node and the packages that all the
// rest runs on. It installs only when what npm says it installed is not what the lockfile asks for.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** npm writes its own record last, so an interrupted installation has none. */
function isInstalled() {
  try {
    const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
    const present = JSON.parse(readFileSync(join(root, 'node_modules', '.package-lock.json'), 'utf8')).packages;
    const isSame = (path) => wanted[path]?.version === present[path].version && wanted[path]?.integrity === present[path].integrity;
    const isPresent = (path) => path === '' || path in present || wanted[path].optional === true;
    return (
      Object.keys(present).every(isSame) && Object.keys(wanted).every(isPresent) && existsSync(join(root, 'node_modules', '.bin', 'node'))
    );
  } catch {
    // No record, or one that cannot be read: install.
    return false;
  }
}

if (!isInstalled()) {
  console.error('gatehouse: installing packages (once, and whenever package-lock.json changes)');
  const installed = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
    // NODE_ENV=production or --omit=dev would leave out Node 24 itself, which is a devDependency.
    env: { ...process.env, NODE_ENV: 'development', npm_config_omit: '' },
  });
  if (installed.status !== 0 || !isInstalled()) {
    console.error('gatehouse: npm ci did not complete; see above. It needs the npm registry once.');
    process.exit(1);
  }
}
