import { describe, expect, it } from 'vitest';
import { TEXTS } from '#adapters/osdp/default-signs.ts';
import { commandsFor } from '#adapters/osdp/indication.ts';
import { commandTable } from '#adapters/osdp/messages/commands.ts';
import { COLOUR, LED_PERMANENT, LED_TEMPORARY } from '#adapters/osdp/messages/output-codecs.ts';
import { INDICATIONS, type ReaderSignSettings } from '#gateway/domain/doors/sign.ts';

const FULL = { hasLed: true, hasBuzzer: true, hasText: true };
const NOTHING_SET: ReaderSignSettings = { language: 'en', signs: {} };
const names = (able: Partial<typeof FULL>, indication = 'granted' as const) =>
  commandsFor(indication, NOTHING_SET, { ...FULL, ...able }).map(({ name }) => name);

describe('what a reader shows', () => {
  it.each(INDICATIONS)('for %s can be encoded in every language', (indication) => {
    for (const language of ['en', 'de', 'es'] as const) {
      const commands = commandsFor(indication, { language, signs: {} }, FULL);
      expect(commands.length).toBeGreaterThan(0);
      for (const command of commands) expect(commandTable.encode(command).data.length).toBeGreaterThan(0);
    }
  });

  it('has texts of sixteen ASCII characters at most', () => {
    for (const texts of Object.values(TEXTS)) for (const text of Object.values(texts)) expect(text ?? '').toMatch(/^[\x20-\x7e]{0,16}$/);
  });

  it('is limited to what the reader has', () => {
    expect(names({})).toEqual(['LED', 'BUZ', 'TEXT']);
    expect(names({ hasText: false })).toEqual(['LED', 'BUZ']);
    expect(names({ hasLed: false })).toEqual(['BUZ', 'TEXT']);
    expect(names({ hasLed: false, hasBuzzer: false, hasText: false })).toEqual([]);
  });

  it('is light and sound where the reader has not said what it has', () => {
    expect(commandsFor('granted').map(({ name }) => name)).toEqual(['LED', 'BUZ']);
  });

  it('is a beep where it would be a light alone and there is none', () => {
    expect(commandsFor('wait', NOTHING_SET, { ...FULL, hasLed: false, hasText: false })).toMatchObject([
      { name: 'BUZ', body: { count: 1 } },
    ]);
  });

  it('ends by itself for an answer, and lasts for the state of a door', () => {
    expect(commandsFor('granted')[0]).toMatchObject({
      body: [
        { temporary: { action: LED_TEMPORARY.set, timer100Ms: 20, onColour: COLOUR.green }, permanent: { action: LED_PERMANENT.none } },
      ],
    });
    expect(commandsFor('held_open')[0]).toMatchObject({
      body: [{ temporary: { action: LED_TEMPORARY.cancel }, permanent: { action: LED_PERMANENT.set, onColour: COLOUR.amber } }],
    });
  });

  it('is wiped off by idle', () => {
    const text = commandsFor('idle', NOTHING_SET, FULL).find(({ name }) => name === 'TEXT');
    expect(text).toMatchObject({ body: { text: new Uint8Array(0) } });
  });

  it('is what the installation set, over what every reader does', () => {
    const settings: ReaderSignSettings = { language: 'de', signs: { granted: { buzzer: null }, denied: { text: 'Nein' } } };
    expect(commandsFor('granted', settings, FULL).map(({ name }) => name)).toEqual(['LED', 'TEXT']);
    const [, , text] = commandsFor('denied', settings, FULL);
    expect(text).toMatchObject({ body: { text: new Uint8Array(Buffer.from('Nein')) } });
  });
});
