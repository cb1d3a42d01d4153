import { describe, expect, it } from 'vitest';
import { useFakeConsole } from '#test/support/console/fake-console.ts';

const ui = useFakeConsole();

describe('the demo site', () => {
  it('badges at a simulated reader and shows the outcome with its reasons', async () => {
    await ui.open('/');
    await ui.page.getByRole('link', { name: 'Demo site' }).click();
    await ui.page.getByLabel('Person', { exact: true }).selectOption('usr_dev');
    await ui.page.getByRole('radio', { name: /Server room.*way in/ }).check();
    await ui.button('Badge').click();
    await ui.text('Your access is suspended, at doors and systems alike.');
  });

  it.each([
    ['1280 x 800', 1280, 800],
    ['380 x 700', 380, 700],
  ])('begins with an ordinary employee and shows what the reader answers without scrolling at %s', async (_size, width, height) => {
    await ui.page.setViewportSize({ width, height });
    await ui.open('/demo');
    await ui.page.getByText('Ben Aalto').first().waitFor({ state: 'attached' });
    expect(await ui.page.getByLabel('Person', { exact: true }).inputValue()).toBe('usr_ben');
    await ui.button('Badge').click();
    const box = await ui.page.getByText('Granted', { exact: true }).boundingBox();
    expect((box?.y ?? height) + (box?.height ?? 0)).toBeLessThan(height);
    expect(await ui.page.evaluate<number>('window.scrollY')).toBe(0);
  });

  it('asks for the PIN where a reader has keys, shows it, and takes it', async () => {
    await ui.open('/demo');
    await ui.page.getByLabel('Person', { exact: true }).selectOption('usr_ada');
    await ui.page.getByRole('radio', { name: /Loading dock.*way in/ }).check();
    await ui.button('Badge').click();
    await ui.text('PIN wanted');
    await ui.text('5806');
    for (const key of ['5', '8', '0', '6']) await ui.page.getByRole('button', { name: key, exact: true }).click();
    await ui.button('Enter').click();
    await ui.text('Granted');
    expect(ui.api.requests).toContain('POST /api/demo/keys');
  });

  it('presses the exit button of a door that has one', async () => {
    await ui.open('/demo');
    await ui
      .button(/^Press exit button/)
      .first()
      .click();
    await ui.text('Released');
    expect(ui.api.requests).toContain('POST /api/demo/exit');
  });

  it('moves everybody to another network, says so above everything, and moves them back', async () => {
    await ui.open('/demo');
    const elsewhere = ui.page.getByRole('radio', { name: 'Elsewhere' });
    await elsewhere.click();
    await expect.poll(() => elsewhere.isChecked()).toBe(true);
    await expect.poll(() => ui.api.state.networkZone).toBe('elsewhere');
    await ui.text('Everybody at this demo counts as outside the site networks');
    await ui.button('Go by each address again').click();
    await expect.poll(() => ui.api.state.networkZone).toBeNull();
    await ui.page.getByText('Everybody at this demo counts').waitFor({ state: 'detached' });
  });

  it('is not there outside demo mode', async () => {
    ui.api.state.demo = false;
    await ui.open('/demo');
    await ui.text('This gateway does not run the demo site');
  });
});
