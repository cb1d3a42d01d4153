import type { Locator } from 'playwright-core';
import { useFakeConsole, type FakeConsole } from './fake-console.ts';

export const DATA = '/console/policy/data';
export const LIBRARY = '/console/policy/library';

/** The pages on which the data of the policy is changed: every change is a form, what it changes, a reason, and a version. */
export interface PolicyDataPages {
  readonly ui: FakeConsole;
  readonly dialog: () => Locator;
  readonly region: (name: string) => Locator;
  /** From the filled-in form to what it changes. */
  readonly review: () => Promise<void>;
  /** From there to the version that is in force. */
  readonly save: (action?: string) => Promise<void>;
}

export function usePolicyDataPages(): PolicyDataPages {
  const ui = useFakeConsole();
  const dialog = () => ui.page.getByRole('dialog');
  return {
    ui,
    dialog,
    region: (name) => ui.page.getByRole('region', { name, exact: true }),
    review: async () => {
      await dialog().getByRole('button', { name: 'See what it changes' }).click();
      await dialog().getByRole('list', { name: 'What this changes' }).waitFor();
    },
    save: async (action = 'Save') => {
      await dialog().getByLabel('Reason').fill('as agreed on Monday');
      await dialog().getByRole('button', { name: action }).click();
      await dialog()
        .getByText(/Version \d+ is in force/)
        .waitFor();
      await dialog().getByRole('button', { name: 'Done' }).click();
    },
  };
}
