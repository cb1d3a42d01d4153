import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** WCAG 2.2 AA: violations of any weight count. What axe finds beyond it counts when it is serious. */
const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const GRAVE = ['serious', 'critical'];

/**
 * What has just changed is in force one frame later, and a colour that moves to another is neither before it has arrived: axe would read
 * the text of one scheme on the ground of the other. A transition that has ended may have begun others, of what inherits from it.
 * Kept as text, as all that runs in the page: this program has no DOM types.
 */
const SETTLED = `(async () => {
  const nextFrame = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  const ending = () => document.getAnimations().filter(({ effect }) => Number.isFinite(effect.getComputedTiming().endTime));
  await nextFrame();
  for (let left = ending(); left.length > 0; left = ending()) {
    await Promise.allSettled(left.map(({ finished }) => finished));
    await nextFrame();
  }
})()`;

const SIDEWAYS_EXCESS = `Math.max(...[document.documentElement, ...document.querySelectorAll('main, main > *, section, nav, header, footer, dialog')]
  .map((element) => element.scrollWidth - element.clientWidth))`;

/** axe's own program is 1.4 MB: it stays in the document, however often it is asked there. */
async function violations(page: Page, rules: readonly string[] | null): Promise<readonly string[]> {
  if (await page.evaluate<boolean>('globalThis.axe === undefined')) await page.evaluate(axe.source);
  const options: axe.RunOptions = { resultTypes: ['violations'], ...(rules === null ? {} : { runOnly: [...rules] }) };
  const found = await page.evaluate<axe.Result[]>(`axe.run(document, ${JSON.stringify(options)}).then(({ violations }) => violations)`);
  return found
    .filter(({ impact, tags }) => tags.some((tag) => WCAG.includes(tag)) || GRAVE.includes(impact ?? ''))
    .map(
      ({ help, id, nodes }) => `${id}: ${help}: ${nodes.map(({ failureSummary = '', html }) => `${html} (${failureSummary})`).join(' | ')}`,
    );
}

/** Waits until nothing on the page moves any more. */
export async function settled(page: Page): Promise<void> {
  await page.evaluate(SETTLED);
}

interface LookOptions {
  /** What the page is called where something is wrong with it. */
  readonly name?: string;
  readonly colorSchemes?: readonly ('light' | 'dark')[];
  /** Called when the page stands in these colours, to take a picture for instance. */
  readonly onLook?: (colorScheme: 'light' | 'dark') => Promise<unknown>;
}

/** In light by every rule, in the dark by those of colours: nothing else differs there. The page is left in light, without motion. */
export async function expectAccessible(page: Page, { colorSchemes = ['dark', 'light'], name = 'the page', onLook }: LookOptions = {}) {
  for (const colorScheme of colorSchemes) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await settled(page);
    expect(await violations(page, colorScheme === 'dark' ? ['color-contrast'] : null), `${name} in ${colorScheme}`).toEqual([]);
    await onLook?.(colorScheme);
  }
}

/** No part of the page is wider than its place; pixels of the widest excess otherwise. */
export async function expectNothingSideways(page: Page, name = 'the page'): Promise<void> {
  await settled(page);
  expect(await page.evaluate<number>(SIDEWAYS_EXCESS), `${name} is wider than its place by`).toBe(0);
}
