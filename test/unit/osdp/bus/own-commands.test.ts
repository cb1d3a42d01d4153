import { describe, expect, it } from 'vitest';
import { OWN_COMMANDS_MAX, OwnCommands } from '#adapters/osdp/bus/own-commands.ts';
import { ReplyPatience } from '#adapters/osdp/bus/reply-patience.ts';
import { REPLY_TIMEOUT_MS } from '#adapters/osdp/session/limits.ts';
import { SessionRig } from '../session/session-rig.ts';

describe('the commands that an ACU sent itself', () => {
  it('are known again as long as they are held, and no others', () => {
    const own = new OwnCommands();
    for (let command = 0; command < OWN_COMMANDS_MAX; command += 1) own.sent(Uint8Array.of(command));
    expect(own.has(Uint8Array.of(0))).toBe(true);
    own.sent(Uint8Array.of(OWN_COMMANDS_MAX));
    expect(own.has(Uint8Array.of(0))).toBe(false);
    expect(own.has(Uint8Array.of(1))).toBe(true);
    expect(own.has(Uint8Array.of(1, 1))).toBe(false);
  });
});

describe('the patience with a reader', () => {
  it('is the full time of the standard for a while, when it was too short', () => {
    const rig = new SessionRig().bringOnline();
    rig.turn();
    const patience = new ReplyPatience();
    patience.replied(5);
    expect(patience.patienceMs(rig.state, null, rig.nowMs)).toBeLessThan(REPLY_TIMEOUT_MS);
    patience.wasTooShort();
    expect(patience.patienceMs(rig.state, null, rig.nowMs)).toBe(REPLY_TIMEOUT_MS);
    for (let replies = 0; replies < 2_000; replies += 1) patience.replied(5);
    expect(patience.patienceMs(rig.state, null, rig.nowMs)).toBeLessThan(REPLY_TIMEOUT_MS);
  });
});
