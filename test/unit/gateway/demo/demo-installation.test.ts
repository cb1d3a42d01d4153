import { describe, expect, it } from 'vitest';
import { demoConfigFile } from '#gateway/demo/demo-installation.ts';
import { parseConfig } from '#gateway/platform/config/load-config.ts';

const app = { origin: 'http://localhost:20000', secretSha256: 'ab'.repeat(32) };
const apps = { wiki: app, payroll: app, 'server-console': app };
const buses = { 'hq-entrance': 20_001, 'hq-inner': 20_002, lisbon: 20_003 };

describe('the installation of the demo site', () => {
  it.each([
    [80, 'http://localhost'],
    [9_000, 'http://localhost:9000'],
  ])('is a configuration at port %d', (gateway, publicUrl) => {
    expect(parseConfig(demoConfigFile({ gateway, apps, buses })).publicUrl).toBe(publicUrl);
  });
});
