import { expect, it } from 'vitest';
import { createGrantWatch } from '#gateway/app/policy/watch-grants.ts';
import { GatewayError } from '#gateway/domain/errors.ts';

function createRig() {
  const rig = {
    version: 4,
    reloads: 0,
    announced: [] as number[],
    failures: [] as unknown[],
    reload: async (): Promise<void> => void (rig.reloads += 1),
    readVersion: async (): Promise<number> => rig.version,
    watch: (): Promise<void> => watch(),
  };
  const watch = createGrantWatch(
    {
      grants: { version: () => rig.readVersion() },
      reload: () => rig.reload(),
      onReloaded: async (version) => void rig.announced.push(version),
      onFailure: (failure) => rig.failures.push(failure),
    },
    4,
  );
  return rig;
}
const unavailable = () => Promise.reject(new GatewayError('store.unavailable', 'gone'));

it('does nothing as long as the version stands still', async () => {
  const rig = createRig();
  await rig.watch();
  await rig.watch();
  expect(rig).toMatchObject({ reloads: 0, announced: [], failures: [] });
});

it('reloads once for a change, and says that it is in force', async () => {
  const rig = createRig();
  rig.version = 6;
  await rig.watch();
  await rig.watch();
  expect(rig).toMatchObject({ reloads: 1, announced: [6] });
});

it('tries a reload that failed again at the next look, and announces only what is in force', async () => {
  const rig = createRig();
  rig.version = 5;
  const { reload } = rig;
  rig.reload = unavailable;
  await rig.watch();
  expect(rig).toMatchObject({ reloads: 0, announced: [] });
  expect(rig.failures).toHaveLength(1);
  rig.reload = reload;
  await rig.watch();
  expect(rig).toMatchObject({ reloads: 1, announced: [5] });
});

it('reports a store that does not answer and goes on looking', async () => {
  const rig = createRig();
  const { readVersion } = rig;
  rig.readVersion = unavailable;
  await rig.watch();
  rig.readVersion = readVersion;
  rig.version = 5;
  await rig.watch();
  expect(rig).toMatchObject({ reloads: 1, failures: [{ code: 'store.unavailable' }] });
});

it('does not look a second time while a reload goes on', async () => {
  const rig = createRig();
  const reloading = Promise.withResolvers<void>();
  let begun = 0;
  rig.reload = () => {
    begun += 1;
    return reloading.promise;
  };
  rig.version = 5;
  const first = rig.watch();
  await rig.watch();
  reloading.resolve();
  await first;
  expect(begun).toBe(1);
});
