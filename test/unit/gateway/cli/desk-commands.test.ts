import { describe, expect, it } from 'vitest';
import type { DeskRun, DeskStatus, DeskTools } from '#gateway/cli/desk-tools.ts';
import { GatewayError } from '#gateway/domain/errors.ts';
import type { Posture } from '#gateway/domain/desk/posture.ts';
import type { DeskView } from '#gateway/http/contract/desk.ts';
import { runCommand } from '#test/support/cli-run.ts';
import { serveFakeApi, type FakeAnswer } from '#test/support/fake-control-api.ts';
import { sampleDesk } from '#test/support/desk/sample-desk.ts';

const POSTURE: Posture = {
  disk_encryption: 'on',
  firewall: 'off',
  screen_lock: 'unknown',
  secure_boot: 'on',
  os: { name: 'Debian GNU/Linux', version: '13', age_days: 3 },
  networks: ['192.0.2.0/24'],
};
const STATUS: DeskStatus = {
  deviceId: 'dsk_1',
  personId: 'usr_ann',
  label: 'Laptop',
  url: 'https://gate.example.com',
  keyKind: 'file',
  isRunning: true,
  gateway: { state: 'known', label: 'Laptop', hasFace: true, seenAtMs: 1_790_000_000_000 },
};
const refused = (): Promise<never> => Promise.reject(new GatewayError('enrolment.invalid', 'the gateway refuses: the code was used'));

async function run(args: readonly string[], change: Partial<DeskTools> = {}, lines: readonly string[] = []) {
  const asked: object[] = [];
  const desk: DeskTools = {
    enrol: async (request) => {
      asked.push(request);
      return { deviceId: 'dsk_1', personId: 'usr_ann', label: 'Laptop', keyKind: request.keyKind };
    },
    status: async (request) => {
      asked.push(request);
      return STATUS;
    },
    run: async ({ onEvent, onListening, signal: _signal, environment: _environment, ...request }: DeskRun) => {
      asked.push(request);
      onListening('http://127.0.0.1:7421');
      onEvent('desk.posture_told');
    },
    enrolFace: async ({ consents, onProgress, ...request }) => {
      asked.push(request);
      if (!(await consents())) return 'refused';
      onProgress({ taken: 1, of: 5, say: 'look_straight' });
      return 'done';
    },
    forgetFace: async () => 'done',
    posture: async () => POSTURE,
    ...change,
  };
  const readLines = () =>
    (async function* () {
      yield* lines;
    })();
  return { ...(await runCommand(['desk', ...args], { cwd: '/work-folder', readLines, tools: { desk } })), asked };
}

describe('gatehouse desk, on the person’s computer', () => {
  it('gives the gateway this computer’s key against a one-time code', async () => {
    const { asked, exitCode, out } = await run(['enrol', 'https://gate.example.com', 'CODE', '--tpm', '--no-face']);
    expect(exitCode).toBe(0);
    expect(out).toBe('this computer is Laptop (dsk_1) of usr_ann; its key is in its TPM\n');
    const at = { url: 'https://gate.example.com', code: 'CODE', folder: '/work-folder/desk' };
    expect(asked).toEqual([{ ...at, packFolder: null, keyKind: 'tpm' }]);
    const json = await run(['enrol', 'https://gate.example.com', 'CODE', '--json']);
    expect(JSON.parse(json.out)).toEqual({ deviceId: 'dsk_1', personId: 'usr_ann', label: 'Laptop', keyKind: 'file' });
  });

  it('says what the gateway said of a code that was used, without a stack', async () => {
    const { err, exitCode, out } = await run(['enrol', 'https://gate.example.com', 'CODE'], { enrol: refused });
    expect([exitCode, out, err]).toEqual([1, '', 'gatehouse: the gateway refuses: the code was used\n']);
  });

  it('runs with a movement asked every time, unless told otherwise, and says where pages find it', async () => {
    const { asked, err, out } = await run(['run', '--capture', 'cat film']);
    const camera = { packFolder: '/work-folder/face-pack', acknowledgesLicence: false, command: 'cat film', needs: 'active' };
    expect(asked).toEqual([{ folder: '/work-folder/desk', camera, port: 7_421 }]);
    expect([out, err]).toEqual(['sign-in pages find this computer at http://127.0.0.1:7421\n', 'desk.posture_told\n']);
    expect((await run(['run', '--no-face', '--port', '0'])).asked).toMatchObject([{ camera: null, port: 0 }]);
    expect(JSON.parse((await run(['run', '--json'])).out)).toEqual({ listening: 'http://127.0.0.1:7421' });
  });

  it('looks at nobody who has not agreed', async () => {
    expect(await run(['enrol-face'], {}, ['yes'])).toMatchObject({ exitCode: 0, out: 'this computer knows your face now\n' });
    for (const lines of [['no'], ['y'], []]) {
      const { err, exitCode, out } = await run(['enrol-face'], {}, lines);
      expect([exitCode, out]).toEqual([1, '']);
      expect(err).toContain('you did not agree');
    }
    const noOrder = await run(['enrol-face', '--json'], { enrolFace: async () => 'no_order' });
    expect([noOrder.exitCode, noOrder.out]).toEqual([1, '{"outcome":"no_order"}\n']);
  });

  it('says what the computer is, whether its agent runs, and what the gateway has of it', async () => {
    const { asked, exitCode, out } = await run(['status', '--port', '8000']);
    expect(exitCode).toBe(0);
    expect(asked).toEqual([{ folder: '/work-folder/desk', port: 8_000 }]);
    expect(out.split('\n')).toEqual([
      'Laptop (dsk_1) of usr_ann, at https://gate.example.com; key in a file',
      'a program listens on port 8000',
      'the gateway knows it, heard of it last 2026-09-21T14:13:20.000Z; a face is enrolled',
      '',
    ]);
    expect(JSON.parse((await run(['status', '--json'])).out)).toEqual(STATUS);
  });

  it.each([
    [{ state: 'refused', revocation: null }, 1, 'it is revoked'],
    [
      { state: 'refused', revocation: { atMs: 1_790_000_000_000, because: 'departed' } },
      1,
      'it was revoked 2026-09-21T14:13:20.000Z: its owner has left',
    ],
    [{ state: 'unreachable' }, 3, 'does not answer'],
  ] as const)('tells a script by its exit code, and its owner in words, when the gateway is %j', async (gateway, code, said) => {
    const { err, exitCode, out } = await run(['status'], { status: async () => ({ ...STATUS, isRunning: false, gateway }) });
    expect(exitCode).toBe(code);
    expect(out).toContain('the agent does not run');
    expect(err).toContain(said);
  });

  it('says how the computer is kept', async () => {
    const { out } = await run(['posture']);
    expect(out).toContain('firewall: off\nscreen lock: unknown\n');
    expect(out).toContain('Debian GNU/Linux 13: last update 3 days ago\nnetworks: 192.0.2.0/24\n');
    expect(JSON.parse((await run(['posture', '--json'])).out)).toEqual(POSTURE);
  });

  it.each([
    [['run', '--liveness', 'none'], '--liveness'],
    [['run', '--port', '65536'], '--port'],
    [['status', '--port', 'x'], '--port'],
    [['enrol', 'https://gate.example.com'], 'code'],
    [['run', '--film', 'x'], '--film'],
  ] as const)('refuses %j, and names what is wrong', async (args, named) => {
    const { asked, err, exitCode } = await run(args);
    expect([exitCode, asked]).toEqual([2, []]);
    expect(err).toContain(named);
  });
});

describe('gatehouse desk, at the gateway', () => {
  const seenAtMs = 1_790_000_000_000;
  const desk: DeskView = { ...sampleDesk, seenAtMs, posture: { told: POSTURE, observedAtMs: seenAtMs, isCompliant: false } };
  async function at(answers: Readonly<Record<string, FakeAnswer>>, ...args: readonly string[]) {
    const { requests, url } = await serveFakeApi(answers, 0);
    const env = { GATEHOUSE_URL: url, GATEHOUSE_TOKEN: 'ght_test' };
    return { ...(await runCommand(['desk', ...args], { cwd: '/', env })), requests };
  }
  const closed = { sessions: 1, logoutTokensSent: 2, logoutTokensAcknowledged: 1, residual: ['apps'] };

  it('lists the computers with how they are kept and when they were seen last', async () => {
    const silent = { ...desk, id: 'dsk_2', keyKind: 'file', posture: null, seenAtMs: null };
    const left = { ...desk, id: 'dsk_4', status: 'revoked', revocation: { atMs: 1_790_000_000_000, because: 'departed' } };
    const answers = { 'GET /api/desks': { body: { desks: [desk, silent, { ...desk, id: 'dsk_3', status: 'revoked' }, left] } } };
    const { exitCode, out } = await at(answers, 'list');
    expect(exitCode).toBe(0);
    const [first, second, third, fourth] = out.split('\n');
    expect(first).toContain('dsk_1  Laptop  of usr_ann  key in tpm  no face  does not meet the rules (disk on, firewall off, lock unknown');
    expect(first).toContain('last seen 2026-09-21T14:13:20.000Z');
    expect(second).toContain('posture unknown, not seen yet');
    expect(third).toMatch(/revoked$/);
    expect(fourth).toMatch(/revoked 2026-09-21T14:13:20\.000Z: its owner has left$/);
    expect((await at({ 'GET /api/desks': { body: { desks: [] } } }, 'list')).out).toBe('no computer is enrolled\n');
  });

  it('revokes one, and says what ended with it', async () => {
    const answers = { 'POST /api/desks/dsk_1/revoke': { body: { closed } } };
    const { out, requests } = await at(answers, 'revoke', 'dsk_1', '--reason', 'it was stolen');
    expect(out).toBe('dsk_1 is revoked; 1 session ended; 1 of 2 apps said that they ended theirs\n');
    expect(requests).toEqual(['POST /api/desks/dsk_1/revoke {"reason":"it was stolen"}']);
    expect(JSON.parse((await at(answers, 'revoke', 'dsk_1', '--json')).out)).toEqual({ revoked: 'dsk_1', closed });
  });

  it('ends with what the gateway refuses', async () => {
    const unknown = { error: { code: 'resource.unknown', message: 'This computer is not known.' } };
    const { err, exitCode } = await at({ 'POST /api/desks/dsk_9/revoke': { status: 404, body: unknown } }, 'revoke', 'dsk_9');
    expect(exitCode).toBe(1);
    expect(err).toContain('This computer is not known.');
  });
});
