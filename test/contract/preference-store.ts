import { describe, expect, it } from 'vitest';
import type { PreferenceStore } from '#gateway/ports/preference-store.ts';
import { personId } from '#test/support/people.ts';

export function preferenceStoreContract(name: string, make: () => Promise<PreferenceStore>): void {
  describe(`PreferenceStore: ${name}`, () => {
    it('knows no language of who has chosen none', async () => {
      expect(await (await make()).languageOf(personId('ann'))).toBeNull();
    });

    it('keeps the language of each person, until they choose another or none', async () => {
      const preferences = await make();
      await preferences.setLanguage(personId('ann'), 'de');
      await preferences.setLanguage(personId('bob'), 'en');
      await preferences.setLanguage(personId('ann'), 'es');
      expect(await preferences.languageOf(personId('ann'))).toBe('es');
      expect(await preferences.languageOf(personId('bob'))).toBe('en');
      await preferences.setLanguage(personId('ann'), null);
      await preferences.setLanguage(personId('ann'), null);
      expect(await preferences.languageOf(personId('ann'))).toBeNull();
    });
  });
}
