import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ARGUMENT_BYTES_MAX,
  encodeAccept,
  encodeArgument,
  encodeDeny,
  encodeKillNow,
  encodeOpenPage,
  ENV_ENTRIES_MAX,
  INITIAL_STATE,
  LINE_BYTES_MAX,
  parseListedClient,
  step,
  type ManagementEvent,
} from '#adapters/vpn/openvpn/management-protocol.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The events of these chunks, one after the other. */
function eventsOf(...chunks: readonly Uint8Array[]): readonly ManagementEvent[] {
  let state = INITIAL_STATE;
  const events: ManagementEvent[] = [];
  for (const chunk of chunks) {
    const stepped = step(state, chunk);
    state = stepped.state;
    events.push(...stepped.events);
  }
  return events;
}

const CONNECT = '>CLIENT:CONNECT,7,1\r\n>CLIENT:ENV,username=ann@example.test\r\n>CLIENT:ENV,password=a=b\r\n>CLIENT:ENV,END\r\n';
const DIALOGUE = `>INFO:OpenVPN Management Interface Version 5\r\n${CONNECT}SUCCESS: client-auth command succeeded\r\nERROR: no\r\nCLIENT_LIST\ta\r\nEND\r\n>CLIENT:DISCONNECT,7\r\n>CLIENT:ENV,time_unix=5\r\n>CLIENT:ENV,END\r\n`;

describe('what OpenVPN says', () => {
  it('is a connection with its environment, replies, lists and ends', () => {
    expect(eventsOf(bytesOf(DIALOGUE))).toEqual([
      {
        kind: 'connect',
        clientId: 7,
        keyId: 1,
        env: new Map([
          ['username', 'ann@example.test'],
          ['password', 'a=b'],
        ]),
      },
      { kind: 'reply', isError: false, text: 'client-auth command succeeded' },
      { kind: 'reply', isError: true, text: 'no' },
      { kind: 'list_line', text: 'CLIENT_LIST\ta' },
      { kind: 'list_end' },
      { kind: 'disconnect', clientId: 7, env: new Map([['time_unix', '5']]) },
    ]);
  });

  it('is the same wherever it is cut', () => {
    const bytes = bytesOf(DIALOGUE);
    const whole = eventsOf(bytes);
    for (let cut = 0; cut <= bytes.length; cut += 1) expect(eventsOf(bytes.subarray(0, cut), bytes.subarray(cut))).toEqual(whole);
    expect(eventsOf(...[...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(whole);
  });

  it('is no connection before its environment has ended', () => {
    const bytes = bytesOf(CONNECT);
    for (let length = 0; length < bytes.length; length += 1) expect(eventsOf(bytes.subarray(0, length))).toEqual([]);
  });

  it('never throws and keeps little, whatever it is', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 20 }), (chunks) => {
        let state = INITIAL_STATE;
        for (const chunk of chunks) {
          ({ state } = step(state, chunk));
          expect(state.rest.length).toBeLessThanOrEqual(LINE_BYTES_MAX);
        }
      }),
    );
  });

  it('is dropped where a line is too long, and goes on behind it', () => {
    const entry = (length: number): string => `>CLIENT:ENV,x=${'y'.repeat(length - '>CLIENT:ENV,x='.length)}`;
    const around = (line: string) => eventsOf(bytesOf(`>CLIENT:ESTABLISHED,1\n${line}`), bytesOf('\n>CLIENT:ENV,END\n'));
    expect(around(entry(LINE_BYTES_MAX))).toMatchObject([{ kind: 'established', env: expect.objectContaining({ size: 1 }) as unknown }]);
    expect(around(entry(LINE_BYTES_MAX + 1))).toMatchObject([
      { kind: 'established', env: expect.objectContaining({ size: 0 }) as unknown },
    ]);
  });

  it('keeps as many entries of an environment as allowed', () => {
    const entries = (count: number) => Array.from({ length: count }, (_, index) => `>CLIENT:ENV,e${String(index)}=1\n`).join('');
    for (const count of [ENV_ENTRIES_MAX, ENV_ENTRIES_MAX + 1]) {
      const [event] = eventsOf(bytesOf(`>CLIENT:ESTABLISHED,1\n${entries(count)}>CLIENT:ENV,END\n`));
      expect(event?.kind === 'established' && event.env.size).toBe(ENV_ENTRIES_MAX);
    }
  });
});

describe('what the gateway says to OpenVPN', () => {
  it('is one line with one argument, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (text) => {
        const argument = encodeArgument(text);
        expect(argument).not.toMatch(/[\r\n\0]/);
        expect(argument).toMatch(/^"(?:[^"\\]|\\["\\])*"$/s);
        const unquoted = argument.slice(1, -1).replaceAll(/\\(["\\])/g, '$1');
        expect(Buffer.byteLength(unquoted)).toBeLessThanOrEqual(ARGUMENT_BYTES_MAX);
      }),
    );
  });

  it('names client and key', () => {
    expect(encodeAccept(7, 1)).toBe('client-auth-nt 7 1\n');
    expect(encodeDeny(7, 1, 'Say "no"\nclient-auth-nt 7 1')).toBe('client-deny 7 1 "refused" "Say \\"no\\" client-auth-nt 7 1"\n');
    const page = { url: 'https://gate.example.com/vpn/approve/vpn_x', timeoutS: 300 };
    expect(encodeOpenPage(7, 1, page)).toBe('client-pending-auth 7 1 "WEB_AUTH::https://gate.example.com/vpn/approve/vpn_x" 300\n');
  });

  it('names no page whose address OpenVPN would cut, and cuts off no name that it would read as an address', () => {
    const url = (length: number): string => `https://${'a'.repeat(length - 'https://'.length - 'WEB_AUTH::'.length)}`;
    expect(encodeOpenPage(1, 1, { url: url(ARGUMENT_BYTES_MAX), timeoutS: 1 })).not.toBeNull();
    expect(encodeOpenPage(1, 1, { url: url(ARGUMENT_BYTES_MAX + 1), timeoutS: 1 })).toBeNull();
    expect(encodeOpenPage(1, 1, { url: 'https://x/"y', timeoutS: 1 })).toBeNull();
    expect(encodeKillNow('ann@example.test')).toBe('kill "ann@example.test"\n');
    expect(encodeKillNow('10.0.0.1:1194')).toBeNull();
  });
});

describe('a line of the list of clients', () => {
  const line = (change: { readonly inner?: string; readonly address?: string; readonly kind?: string } = {}): string =>
    [
      change.kind ?? 'CLIENT_LIST',
      'ann',
      change.address ?? '203.0.113.9:5000',
      change.inner ?? '10.8.0.2',
      '',
      '1',
      '2',
      'date',
      '1795333731',
      'ann',
      '7',
      '0',
      'AES',
    ].join('\t');

  it('is a tunnel with an address in it', () => {
    expect(parseListedClient(line())).toEqual({
      clientId: 7,
      commonName: 'ann',
      userName: 'ann',
      ip: '203.0.113.9',
      startedAtS: '1795333731',
    });
    expect(parseListedClient(line({ inner: '' }))).toBeNull();
    expect(parseListedClient(line({ kind: 'ROUTING_TABLE' }))).toBeNull();
    expect(parseListedClient('')).toBeNull();
  });

  it.each([
    ['tcp4-server:203.0.113.9:5000', '203.0.113.9'],
    ['udp6:[2001:db8::1]:5000', '2001:db8::1'],
    ['somewhere', null],
  ])('comes from %s = %s', (address, ip) => {
    expect(parseListedClient(line({ address }))?.ip).toBe(ip);
  });
});
