import { describe, expect, it } from 'vitest';
import { ANSWER_WAIT_DEFAULT_MS, type Finding, discoverReaders } from '#adapters/osdp/bus/discovery.ts';
import { CONFIGURATION_ADDRESS } from '#adapters/osdp/wire/address.ts';
import { replyTable } from '#adapters/osdp/messages/replies.ts';
import { createModelLink } from '#adapters/osdp/simulator/model-link.ts';
import { DEFAULT_IDENTITY } from '#adapters/osdp/simulator/pd-description.ts';
import { SimulatedPd } from '#adapters/osdp/simulator/simulated-pd.ts';
import type { LineDevice, LineReader } from '#adapters/osdp/simulator/timed-line-model.ts';
import type { Link, LinkHandlers } from '#adapters/osdp/transport/link.ts';
import { type Frame, encodeFrame } from '#adapters/osdp/wire/frame.ts';
import { scbkOf } from './bus-rig.ts';
import { FakeBusClock } from './fake-bus-clock.ts';

/** A device that remembers what it was asked. */
function spy(device: LineDevice, heard: Frame[]): LineDevice {
  return {
    handle: (frame) => {
      heard.push(frame);
      return device.handle(frame);
    },
  };
}

const pdAt = (address: number): SimulatedPd => new SimulatedPd({ address, scbk: scbkOf(address) });

async function search(
  readers: readonly LineReader[],
  options: Partial<Parameters<typeof discoverReaders>[0]> = {},
  clock = new FakeBusClock(),
) {
  const link = createModelLink({ baud: 9_600, turnaroundMs: 3, readers }, clock);
  const found = discoverReaders({ link, clock, addresses: [0, 1, 2, 3], bauds: [9_600, 115_200], expectedBaud: 9_600, ...options });
  let isOver = false;
  void found.finally(() => (isOver = true)).catch(() => undefined);
  for (let rounds = 0; rounds < 200 && !isOver; rounds += 1) await clock.advance(200);
  return found;
}

function findings(result: Awaited<ReturnType<typeof search>>): readonly Finding[] {
  if (!result.ok) throw new TypeError(result.code);
  return result.findings;
}

describe('the search for readers', () => {
  it('finds each at its speed, with what it says of itself, and knows a wrong speed', async () => {
    const result = await search([
      { device: pdAt(1), baud: 9_600 },
      { device: pdAt(3), baud: 115_200 },
    ]);
    expect(result).toMatchObject({ ok: true, isComplete: true });
    const readers = findings(result).filter(({ kind }) => kind === 'reader');
    expect(readers).toMatchObject([
      { kind: 'reader', address: 1, isWrongSpeed: false },
      { kind: 'reader', address: 3, baud: 115_200, isWrongSpeed: true },
    ]);
    expect(readers[0]).toMatchObject({ identity: { vendor: expect.any(Uint8Array) as Uint8Array } });
    expect(readers[0]?.kind === 'reader' && readers[0].capabilities?.length).toBeGreaterThan(0);
  });

  it('sends nothing but questions for identity and abilities in clear', async () => {
    const heard: Frame[] = [];
    await search([{ device: spy(pdAt(2), heard) }]);
    expect(new Set(heard.map(({ code }) => code))).toEqual(new Set([0x61, 0x62]));
    expect(heard.every(({ block, sequence }) => block === null && sequence === 0)).toBe(true);
    expect(heard[0]?.address).toBe(CONFIGURATION_ADDRESS);
  });

  it('tells that two answer at one address', async () => {
    const result = await search([{ device: pdAt(2) }, { device: pdAt(2), turnaroundMs: 4 }], { bauds: [9_600] });
    expect(findings(result).map(({ kind, address }) => [kind, address])).not.toContainEqual(['reader', 2]);
    expect(findings(result)).toMatchObject([{ address: 2 }]);
  });

  it('tells that two with different names answer one behind the other', async () => {
    const other = new SimulatedPd({
      address: 2,
      scbk: scbkOf(2),
      identity: { vendor: Uint8Array.of(1, 2, 3), model: 9, version: 9, serial: Uint8Array.of(9, 9, 9, 9), firmware: [9, 9, 9] },
    });
    const result = await search(
      [
        { device: pdAt(2), turnaroundMs: 1 },
        { device: other, turnaroundMs: 4 },
      ],
      {
        bauds: [115_200],
        expectedBaud: 115_200,
      },
    );
    expect(findings(result)).toMatchObject([{ kind: 'address_conflict', address: 2 }]);
  });

  it('says how far it is and ends when it is told to, with what it has', async () => {
    const abort = new AbortController();
    const progress: number[] = [];
    const result = await search([{ device: pdAt(0) }, { device: pdAt(3) }], {
      signal: abort.signal,
      onFinding: () => abort.abort(),
      onProgress: (asked, total) => progress.push(asked / total),
    });
    expect(result).toMatchObject({ ok: true, isComplete: false, findings: [{ kind: 'reader', address: 0 }] });
    expect(progress).toEqual([0.1, 0.2]);
  });

  it('takes neither its own echo nor a late whole answer to another question for a reader', async () => {
    const clock = new FakeBusClock();
    let handlers: LinkHandlers | null = null;
    const late = encodeFrame({
      ...{ address: CONFIGURATION_ADDRESS, direction: 'reply', sequence: 0, check: 'crc', block: null },
      ...replyTable.encode({ name: 'PDID', body: DEFAULT_IDENTITY }),
    });
    const link: Link = {
      byteTimeMs: 0,
      open: (given) => {
        handlers = given;
        given.onUp();
      },
      write: (bytes) => {
        handlers?.onBytes(bytes);
        if (bytes[2] === CONFIGURATION_ADDRESS) clock.schedule(ANSWER_WAIT_DEFAULT_MS + 10, () => handlers?.onBytes(late));
      },
      setBaud: () => undefined,
      recycle: () => undefined,
      close: () => Promise.resolve(),
    };
    expect(findings(await search([], { link, clock, addresses: [0, 1], bauds: null }, clock))).toEqual([]);
  });

  it('refuses addresses that no reader can have', async () => {
    await expect(search([], { addresses: [127] })).rejects.toThrow(TypeError);
  });
});
