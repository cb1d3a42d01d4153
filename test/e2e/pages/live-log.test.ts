import { beforeEach, expect, it } from 'vitest';
import { decision } from '#test/support/console/fake-data.ts';
import { ada } from '#test/support/console/operators.ts';
import { useFakeConsole } from '#test/support/console/fake-console.ts';

const ui = useFakeConsole();

beforeEach(() => {
  ui.api.state.operator = ada;
});

it('shows a decision in the feed the moment it is written', async () => {
  await ui.open('/console');
  await ui.text('Live');
  await ui.page.getByRole('list', { name: 'Live log' }).waitFor();
  await ui.connected();
  const startedAtMs = performance.now();
  ui.api.push(decision('dec_new', { personId: 'usr_eli', effect: 'deny', reasons: ['grant.outside_schedule'], permits: [] }));
  await ui.text('outside schedule');
  expect(performance.now() - startedAtMs).toBeLessThan(1_000);
});

it('shows a door state as the log says it, without asking again', async () => {
  await ui.open('/console/doors');
  const row = ui.page.getByRole('row', { name: /Server room/ });
  await row.getByText('Locked').waitFor();
  const status = ui.api.state.doors.find(({ id }) => id === 'dor_server')?.status;
  if (status === undefined) throw new Error('the sample has the door');
  await ui.connected();
  ui.api.push({
    type: 'door_state',
    occurredAtMs: Date.now(),
    cause: 'contact',
    decisionId: null,
    state: { ...status, contact: 'open', forced: true },
  });
  await row.getByText('Forced open').waitFor();
});

it('says that the live connection is lost, marks the doors as not current, and resumes without a gap', async () => {
  await ui.open('/console');
  await ui.connected();
  ui.api.state.streamsRefused = true;
  ui.api.dropStreams();
  await ui.text('Live connection lost, retrying');
  await ui.text(/the doors are not known since \d\d:\d\d:\d\d/);
  const status = ui.page.getByRole('contentinfo', { name: 'System status' });
  await status.getByText(/^Door node, policy and log not known since \d\d:\d\d:\d\d$/).waitFor();
  expect(await status.getByText('Door node online').count()).toBe(0);
  expect(await ui.page.getByText('Locked', { exact: true }).count()).toBe(0);
  ui.api.push(decision('dec_gap', { personId: 'usr_eli', effect: 'deny', reasons: ['door.locked_down'], permits: [] }));
  ui.api.state.streamsRefused = false;
  await ui.text('door locked down');
  await ui.page.getByText('Live connection lost, retrying').waitFor({ state: 'detached' });
});

it('shows no state of a door while the live connection is down, only what was last heard as such', async () => {
  await ui.open('/console/doors');
  await ui.connected();
  ui.api.state.streamsRefused = true;
  ui.api.dropStreams();
  const row = ui.page.getByRole('row', { name: /Server room/ });
  await row.getByText(/^Not known since \d\d:\d\d:\d\d$/).waitFor();
  await row.getByText('last heard: locked, closed').waitFor();
  await ui.page.getByRole('link', { name: 'Server room' }).click();
  await ui.text(/this door is not known since/);
  expect(await ui.page.getByText(/^(Online|Closed|Locked|Secure|Last heard.*now.*)$/).count()).toBe(0);
});

it('adds what the door does to the row of the permit, and unfolds it', async () => {
  await ui.open('/console');
  await ui.connected();
  const door = ui.api.state.doors.find(({ id }) => id === 'dor_office');
  if (door === undefined) throw new Error('the sample has the door');
  const permit = decision('dec_fold', { personId: 'usr_chi', resourceId: 'dor_office' });
  const moved = (afterMs: number, contact: 'open' | 'closed') =>
    ui.api.push({
      type: 'door_state',
      occurredAtMs: permit.occurredAtMs + afterMs,
      cause: 'contact',
      decisionId: null,
      state: { ...door.status, lock: 'unlocked', contact },
    });
  ui.api.push(permit);
  moved(1_200, 'open');
  const row = ui.page.getByRole('listitem').filter({ hasText: 'Chiara Lindqvist' });
  await row.getByText('opened after 1.2 s', { exact: true }).waitFor();
  moved(4_000, 'closed');
  await row.getByText('opened after 1.2 s, closed after 4.0 s').waitFor();
  await row.getByRole('button', { name: 'What followed, entry by entry' }).click();
  expect(await row.getByRole('list', { name: 'What followed' }).getByRole('listitem').count()).toBe(2);
});
