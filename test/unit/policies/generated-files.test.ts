import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { policySchemaFiles } from '#adapters/rego-toolchain/policy-schemas.ts';
import { DEFAULT_OPERATOR_ROLES, policyDataSchema } from '#gateway/domain/access/policy-data.ts';

const POLICIES_DIR = new URL('../../../policies/', import.meta.url);

describe('policies/schema', () => {
  it.each([...policySchemaFiles()])('has a current %s (npm run policies:schema)', async (name, text) => {
    expect(await readFile(new URL(`schema/${name}`, POLICIES_DIR), 'utf8')).toBe(text);
  });

  it('has no other files', async () => {
    expect((await readdir(new URL('schema/', POLICIES_DIR))).sort()).toEqual([...policySchemaFiles().keys()].sort());
  });
});

describe('policies/data/default.json', () => {
  it('grants nothing and gives operators the default roles', async () => {
    const data = policyDataSchema.parse(JSON.parse(await readFile(new URL('data/default.json', POLICIES_DIR), 'utf8')));
    expect(data.gatehouse).toMatchObject({ grants: {}, profiles: {}, operator_roles: DEFAULT_OPERATOR_ROLES });
    expect(Object.keys(data.gatehouse.operator_roles).sort()).toEqual(Object.keys(DEFAULT_OPERATOR_ROLES).sort());
    expect(data.gatehouse.schedules).toHaveProperty('always');
  });
});
