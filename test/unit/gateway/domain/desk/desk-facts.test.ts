import { describe, expect, it } from 'vitest';
import { createMemoryDeskDeviceStore } from '#adapters/memory/desk-device-store.ts';
import { createMemoryDeskSessionStore } from '#adapters/memory/desk-session-store.ts';
import { createFindDeskFacts } from '#gateway/app/desk/desk-facts.ts';
import { FAILED_LOOKS_MAX, FailedLooks } from '#gateway/app/desk/failed-looks.ts';
import { LOOKED_AT_MAX } from '#gateway/app/face/looks-by-person.ts';
import { MISMATCH_WINDOW_MS } from '#gateway/domain/face/mismatches.ts';
import { NO_DEVICE, NO_FACE } from '#gateway/domain/access/input-facts.ts';
import type { DeskDevice } from '#gateway/domain/desk/desk-device.ts';
import { FAILED_LOOK_LIFE_MS, toDeskFaceFacts, type DeskSession } from '#gateway/domain/desk/desk-session.ts';
import { toDeviceFacts } from '#gateway/domain/desk/device-facts.ts';
import { isCompliant, OS_AGE_DAYS_MAX, POSTURE_LIFE_MS, type Posture } from '#gateway/domain/desk/posture.ts';
import type { DeskDeviceId, PersonId } from '#gateway/domain/site/ids.ts';
import { GOOD_POSTURE } from '#test/support/desk/signing-desk.ts';

const NOW_MS = 1_790_000_000_000;
const ANN = 'usr_ann' as PersonId;
const device = (change: Partial<DeskDevice> = {}): DeskDevice => ({
  id: 'dsk_ann' as DeskDeviceId,
  personId: ANN,
  label: 'Laptop',
  publicKey: { kty: 'EC', crv: 'P-256', x: 'x'.repeat(43), y: 'y'.repeat(43) },
  keyKind: 'tpm',
  packHash: null,
  templateId: null,
  status: 'active',
  revocation: null,
  enrolledAtMs: 1,
  posture: { posture: GOOD_POSTURE, observedAtMs: NOW_MS },
  ...change,
});
const session = (change: Partial<DeskSession> = {}): DeskSession => ({
  sessionUid: 's',
  personId: ANN,
  deviceId: device().id,
  look: { result: 'verified', band: 'high', liveness: 'active', lookedAtMs: NOW_MS },
  alternative: null,
  expiresAtMs: NOW_MS + 3_600_000,
  ...change,
});

describe('the device of a session', () => {
  it('is known for fifteen minutes after it told its posture, and then only by its id', () => {
    expect(toDeviceFacts(device(), NOW_MS + POSTURE_LIFE_MS)).toMatchObject({ known: true, managed: true, compliant: true, age_s: 900 });
    expect(toDeviceFacts(device(), NOW_MS + POSTURE_LIFE_MS + 1)).toEqual({ ...NO_DEVICE, id: 'dsk_ann' });
    expect(toDeviceFacts(device({ posture: null }), NOW_MS)).toEqual({ ...NO_DEVICE, id: 'dsk_ann' });
    expect(toDeviceFacts(device({ status: 'revoked' }), NOW_MS)).toEqual({ ...NO_DEVICE, id: 'dsk_ann' });
    expect(toDeviceFacts(null, NOW_MS)).toEqual(NO_DEVICE);
  });

  it.each([
    [{ disk_encryption: 'unknown' }],
    [{ firewall: 'off' }],
    [{ screen_lock: 'unknown' }],
    [{ os: { ...GOOD_POSTURE.os, age_days: OS_AGE_DAYS_MAX + 1 } }],
    [{ os: { ...GOOD_POSTURE.os, age_days: null } }],
  ] satisfies readonly [Partial<Posture>][])('meets no rule with %j', (change) => {
    expect(isCompliant({ ...GOOD_POSTURE, os: { ...GOOD_POSTURE.os, age_days: OS_AGE_DAYS_MAX } })).toBe(true);
    expect(isCompliant({ ...GOOD_POSTURE, ...change })).toBe(false);
  });
});

describe('the face of a session', () => {
  it('stays what it was when it was right, and is asked for again a minute after it was wrong', () => {
    expect(toDeskFaceFacts(session(), NOW_MS + 3_000_000)).toMatchObject({ known: true, verified: true, score_band: 'high', age_s: 3_000 });
    const wrong = session({ look: { result: 'no_match', band: 'below', liveness: 'passive', lookedAtMs: NOW_MS } });
    expect(toDeskFaceFacts(wrong, NOW_MS + FAILED_LOOK_LIFE_MS)).toMatchObject({ known: true, verified: false, score_band: 'none' });
    expect(toDeskFaceFacts(wrong, NOW_MS + FAILED_LOOK_LIFE_MS + 1)).toEqual(NO_FACE);
    const later = { kind: 'badge', givenAtMs: NOW_MS + 1 } as const;
    expect(toDeskFaceFacts({ ...wrong, alternative: later }, NOW_MS + 2_001)).toEqual({
      ...NO_FACE,
      alternative: 'badge',
      alternative_age_s: 2,
    });
    expect(toDeskFaceFacts({ ...wrong, alternative: { ...later, givenAtMs: NOW_MS - 1 } }, NOW_MS + 5)).toMatchObject({
      verified: false,
      known: true,
    });
  });

  it('is nobody else’s, and none of a computer that was revoked or is another person’s', async () => {
    const [devices, sessions] = [createMemoryDeskDeviceStore(), createMemoryDeskSessionStore()];
    const find = createFindDeskFacts({ devices, sessions });
    await devices.add(device());
    await sessions.bind(session(), { deviceId: device().id, look: session().look });
    expect((await find('s', ANN, NOW_MS)).face).toMatchObject({ verified: true });
    expect(await find('s', 'usr_ben' as PersonId, NOW_MS)).toEqual({ face: NO_FACE, device: NO_DEVICE });
    expect(await find(null, ANN, NOW_MS)).toEqual({ face: NO_FACE, device: NO_DEVICE });
    expect(await find('s', ANN, session().expiresAtMs)).toEqual({ face: NO_FACE, device: NO_DEVICE });
    await devices.revoke(device().id, { atMs: 5, because: 'operator' });
    expect(await find('s', ANN, NOW_MS)).toEqual({ face: NO_FACE, device: { ...NO_DEVICE, id: 'dsk_ann' } });
  });
});

describe('wrong faces', () => {
  it('are five in a quarter of an hour, whenever it began, and counted anew after a right one', () => {
    const looks = new FailedLooks();
    for (let n = 1; n < FAILED_LOOKS_MAX; n += 1) looks.failed(ANN, 'mismatch', NOW_MS + n);
    expect(looks.isOver(ANN, NOW_MS + 10)).toBe(false);
    looks.failed(ANN, 'not_alive', NOW_MS + 10);
    expect(looks.isOver(ANN, NOW_MS + MISMATCH_WINDOW_MS)).toBe(true);
    // The first one is forgotten, and the others are not: one more is too many again.
    expect(looks.isOver(ANN, NOW_MS + 1 + MISMATCH_WINDOW_MS)).toBe(false);
    looks.failed(ANN, 'mismatch', NOW_MS + 1 + MISMATCH_WINDOW_MS);
    expect(looks.isOver(ANN, NOW_MS + 1 + MISMATCH_WINDOW_MS)).toBe(true);
    looks.verified(ANN);
    expect(looks.isOver(ANN, NOW_MS + 1 + MISMATCH_WINDOW_MS)).toBe(false);
  });

  it('are counted of so many people at most', () => {
    const looks = new FailedLooks();
    for (let n = 0; n < FAILED_LOOKS_MAX; n += 1) looks.failed(ANN, 'mismatch', NOW_MS);
    for (let n = 1; n < LOOKED_AT_MAX; n += 1) looks.failed(`usr_${String(n)}` as PersonId, 'mismatch', NOW_MS);
    expect(looks.isOver(ANN, NOW_MS)).toBe(true);
    looks.failed('usr_more' as PersonId, 'mismatch', NOW_MS);
    expect(looks.isOver(ANN, NOW_MS)).toBe(false);
  });
});
