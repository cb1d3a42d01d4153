import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { doorsSchema, personDetailSchema } from '#gateway/http/contract/admin.ts';
import { demoBadgeResultSchema, demoSchema, type DemoBadgeResult } from '#gateway/http/contract/demo.ts';
import { PIN_WRONG_MAX } from '#gateway/domain/people/pin.ts';
import { readWholeLog, untilReadersAnswer } from '#test/support/gateway-log.ts';
import { freePort, startGateway, until, type RunningGateway } from '#test/support/running-gateway.ts';

const GUARD = { personId: 'usr_milo', readerId: 'hq-dock-in', walkThrough: false };
const dataDir = mkdtempSync(join(tmpdir(), 'gatehouse-pin-'));
let gateway: RunningGateway;

beforeAll(async () => {
  gateway = await startGateway({ dataDir, port: await freePort() });
  await untilReadersAnswer(gateway);
});
afterAll(async () => {
  await gateway?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Faster than a hand, the reader drops a card and says so. */
const badge = () =>
  until('the reader takes the card', 10_000, async () => {
    const answer = await gateway.api.post('/api/demo/badge', GUARD, demoBadgeResultSchema);
    return answer.outcome === 'dropped' ? null : answer;
  });
const enter = async (pin: string): Promise<DemoBadgeResult> => {
  expect(await badge()).toMatchObject({ outcome: 'pin_wanted' });
  return gateway.api.post('/api/demo/keys', { ...GUARD, keys: `${pin}#` }, demoBadgeResultSchema);
};
const pinsOf = async () => {
  const demo = await gateway.api.get('/api/demo', demoSchema);
  return demo.people.find(({ id }) => id === GUARD.personId)?.pins ?? expect.fail();
};
const pinStatus = async () => {
  const detail = await gateway.api.get(`/api/people/${GUARD.personId}`, personDetailSchema);
  return detail.credentials.find(({ kind }) => kind === 'pin')?.status;
};

it('opens the dock for badge and PIN, alarms silently under duress, locks what is wrong, and shows no PIN anywhere', async () => {
  const { pin, duressPin } = await pinsOf();
  const { doors } = await gateway.api.get('/api/doors', doorsSchema);
  expect(doors.filter(({ requiresPin }) => requiresPin !== null).map(({ id }) => id)).toEqual(['hq-dock']);

  expect(await enter(pin)).toMatchObject({ outcome: 'granted', reasons: [] });
  const underDuress = await enter(duressPin);
  expect(underDuress).toMatchObject({ outcome: 'granted', reasons: [] });
  expect(await pinStatus()).toBe('active');

  const wrong = pin === '7301' || duressPin === '7301' ? '9472' : '7301';
  for (let attempt = 1; attempt < PIN_WRONG_MAX; attempt += 1) {
    expect(await enter(wrong)).toMatchObject({ outcome: 'denied', reasons: ['pin.invalid'] });
  }
  expect(await enter(wrong)).toMatchObject({ outcome: 'denied', reasons: ['pin.invalid', 'pin.locked'] });
  expect(await badge()).toMatchObject({ outcome: 'denied', reasons: ['pin.locked'] });
  expect(await pinStatus()).toBe('locked');

  const log = await readWholeLog(gateway, 'alarm,directory_change');
  const duress = log.flatMap(({ record }) => (record.type === 'alarm' && record.code === 'duress' ? [record] : []));
  expect(duress).toMatchObject([{ sourceId: 'hq-dock', personId: GUARD.personId, decisionId: underDuress.decisionId }]);
  const changes = log.flatMap(({ record }) =>
    record.type === 'directory_change' && record.subjectType === 'pin' ? [record.personId] : [],
  );
  expect(changes).toContain(GUARD.personId);
  for (const digits of [pin, duressPin, wrong]) expect(gateway.output()).not.toMatch(new RegExp(`(?<![\\w-])${digits}(?![\\w-])`));
});
