import { expect, it } from 'vitest';
import { decisionInputSchema } from '#gateway/domain/access/decision-input.ts';
import { decisionRecordSchema } from '#gateway/domain/audit/record.ts';
import { someDecision } from '#test/support/audit-records.ts';
import { sampleInput } from '#test/support/sample-input.ts';

function without(facts: object, name: string): object {
  return Object.fromEntries(Object.entries(facts).filter(([key]) => key !== name));
}

/** As it was before the input said whose address it is and how the reader's tamper switch is, and before doors asked for PINs. */
const { known, ip, zone, name, site } = sampleInput.context.network;
const olderInput = {
  ...sampleInput,
  resource: { ...sampleInput.resource, properties: without(sampleInput.resource.properties, 'requires_pin') },
  context: {
    ...without(without(sampleInput.context, 'face'), 'companion'),
    pep: without(sampleInput.context.pep, 'tamper'),
    credential: without(sampleInput.context.credential, 'pin'),
    network: { known, ip, zone, name, site },
  },
};

it.each([
  [
    { score_band: 'medium', liveness: true },
    { score_band: 'standard', liveness: 'passive' },
  ],
  [
    { score_band: 'none', liveness: false },
    { score_band: 'none', liveness: 'none' },
  ],
])('reads a face as an earlier release wrote it: %o', (older, newer) => {
  const { alternative, alternative_age_s, ...face } = sampleInput.context.face;
  const { device } = sampleInput.context;
  const oldDevice = { known: device.known, id: device.id, managed: device.managed, compliant: device.compliant };
  const input = { ...sampleInput, context: { ...sampleInput.context, face: { ...face, ...older }, device: oldDevice } };
  const read = decisionRecordSchema.parse({ ...someDecision('dec_1'), input });
  expect(read.input?.context.face).toEqual({ ...face, ...newer, alternative, alternative_age_s });
  expect(read.input?.context.device).toEqual(device);
});

it('reads a decision of a release whose input had fewer fields', () => {
  const read = decisionRecordSchema.parse({ ...someDecision('dec_1'), input: olderInput });
  expect(read.input).toEqual(sampleInput);
});

it('asks the policy with all fields only', () => {
  expect(decisionInputSchema.safeParse(sampleInput).success).toBe(true);
  expect(decisionInputSchema.safeParse(olderInput).success).toBe(false);
});
