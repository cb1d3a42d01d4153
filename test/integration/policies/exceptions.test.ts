import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadPolicyBundle } from '#adapters/rego/wasm/load-policy-bundle.ts';
import { createOpaWasmEngine } from '#adapters/rego/wasm/opa-wasm-engine.ts';
import { policyReasonCodeSchema } from '#gateway/domain/access/reason-code.ts';
import { policyDataSchema } from '#gateway/domain/access/policy-data.ts';
import { readPolicyCases } from '#test/support/policy/cases.ts';

const { data, cases } = await readPolicyCases();
const engine = await createOpaWasmEngine(await loadPolicyBundle());
const ask = (document: unknown) =>
  engine.evaluate(new TextEncoder().encode(JSON.stringify(document))) as { readonly allow: boolean; readonly denies: readonly string[] };

const now = 1_793_700_000_000;
/** An exception of everything, for everybody and everywhere, and longer than any schema allows. */
const everything = (relaxes: (typeof policyReasonCodeSchema.options)[number][], resource: string) => ({
  id: 'exc',
  resource,
  relaxes,
  from_ms: 0,
  until_ms: now * 2,
});
const keyOf = (document: Readonly<Record<string, unknown>>): string => {
  const { type, id } = document['resource'] as { readonly type: string; readonly id: string };
  return `${type}:${id}`;
};
const gateReasons = ['subject.unknown', 'subject.suspended', 'subject.departed', 'subject.not_active', 'subject.employment_ended'];
const never = [
  ...gateReasons,
  'door.locked_down',
  'grant.missing',
  'credential.expired',
  'credential.not_enabled',
  'pin.missing',
  'reader.not_secure',
];

describe('exceptions in the data', () => {
  it('open no subject gate and lift no lockdown, whatever they name', () => {
    const denied = cases.filter(({ want }) => !want.allow && want.denies?.some((reason) => never.includes(reason)) === true);
    expect(denied.length).toBeGreaterThan(30);
    fc.assert(
      fc.property(fc.constantFrom(...denied), fc.subarray([...policyReasonCodeSchema.options]), ({ document }, relaxes) => {
        const { id } = document['subject'] as { readonly id: string };
        const exceptions = { [id]: [everything([...relaxes], keyOf(document))] };
        engine.setData(policyDataSchema.parse({ gatehouse: { ...data.gatehouse, exceptions } }));
        const answer = ask(document);
        expect(answer.allow).toBe(false);
      }),
      { numRuns: 200 },
    );
  });

  it('change no deny of an operator', () => {
    const denied = cases.filter(({ want, base }) => !want.allow && base === 'operator');
    expect(denied.length).toBeGreaterThan(20);
    for (const { document, want } of denied) {
      const { id } = document['subject'] as { readonly id: string };
      const exceptions = { [id]: [everything([...policyReasonCodeSchema.options], keyOf(document))] };
      engine.setData(policyDataSchema.parse({ gatehouse: { ...data.gatehouse, exceptions } }));
      expect(ask(document)).toMatchObject({ allow: false, denies: want.denies });
    }
  });
});
