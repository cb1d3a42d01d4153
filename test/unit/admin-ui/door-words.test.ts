import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DoorView } from '#gateway/http/contract/admin.ts';
import { describeDoor } from '#admin-ui/src/shared/log/door-words.ts';

const locked: DoorView['status'] = {
  doorId: 'main',
  contact: 'closed',
  lock: 'locked',
  mode: 'secure',
  forced: false,
  openTooLong: false,
  tamper: false,
  fault: 'none',
};
const anyStatus = fc.record<DoorView['status']>({
  doorId: fc.constant('main'),
  contact: fc.constantFrom('open', 'closed', 'unknown'),
  lock: fc.constantFrom('locked', 'unlocked', 'unknown'),
  mode: fc.constantFrom('secure', 'free', 'locked_down', 'unknown'),
  forced: fc.boolean(),
  openTooLong: fc.boolean(),
  tamper: fc.boolean(),
  fault: fc.constantFrom('none', 'unconfigured', 'node_offline', 'bus_offline', 'reader_offline', 'keys_tampered', 'unknown'),
});

describe('describeDoor', () => {
  it('calls a quiet closed door locked', () => {
    expect(describeDoor(locked).label).toBe('Locked');
  });

  it('never calls a door locked unless lock, contact and line are known', () => {
    fc.assert(
      fc.property(anyStatus, (status) => {
        const known = status.lock === 'locked' && status.contact === 'closed' && status.fault === 'none';
        return known || describeDoor(status).label !== 'Locked';
      }),
    );
  });

  it('shows a forced door as forced even when its reader is not heard any more', () => {
    expect(describeDoor({ ...locked, forced: true, fault: 'reader_offline' }).label).toBe('Forced open');
  });

  it.each(['node_offline', 'bus_offline', 'reader_offline', 'keys_tampered', 'unconfigured', 'unknown'] as const)(
    'is unknown under the fault %s',
    (fault) => {
      expect(describeDoor({ ...locked, fault })).toMatchObject({ tone: 'unknown', label: 'Unknown' });
    },
  );
});
