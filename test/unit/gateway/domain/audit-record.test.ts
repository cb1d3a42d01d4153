import { expect, it } from 'vitest';
import { decisionInputSchema } from '#gateway/domain/access/decision-input.ts';
import { decisionRecordSchema } from '#gateway/domain/audit/record.ts';
import { someDecision } from '#test/support/audit-records.ts';
import { sampleInput } from '#test/support/sample-input.ts';

/** As it was before the input said whose address it is, and before doors asked for PINs. */
const { known, ip, zone, name, site } = sampleInput.context.network;
const { pin: _pin, ...credential } = sampleInput.context.credential;
const { requires_pin: _requiresPin, ...properties } = sampleInput.resource.properties;
const olderInput = {
  ...sampleInput,
  resource: { ...sampleInput.resource, properties },
  context: { ...sampleInput.context, credential, network: { known, ip, zone, name, site } },
};

it('reads a decision of a release whose input had fewer fields', () => {
  const read = decisionRecordSchema.parse({ ...someDecision('dec_1'), input: olderInput });
  expect(read.input).toEqual(sampleInput);
});

it('asks the policy with all fields only', () => {
  expect(decisionInputSchema.safeParse(sampleInput).success).toBe(true);
  expect(decisionInputSchema.safeParse(olderInput).success).toBe(false);
});
