import { describe, expect, it } from 'vitest';
import { describeRecord } from '#admin-ui/src/shared/log/describe-record.ts';

const credential = {
  type: 'credential',
  occurredAtMs: 1,
  personId: 'usr_ann',
  credentialId: null,
  operatorId: 'local',
  cause: 'link',
} as const;

describe('the row of a credential', () => {
  it.each([
    ['enrolment link offered · link', { event: 'enrolment_offered', kind: 'enrolment_link' }],
    ['passkey enrolled · link', { event: 'enrolled', kind: 'passkey' }],
  ] as const)('says %s', (text, what) => {
    expect(describeRecord({ ...credential, ...what })).toMatchObject({ text });
  });
});
