import { describe, expect, it } from 'vitest';
import { createOutput } from '#gateway/cli/output.ts';

function prepare(isTTY: boolean) {
  const text = { out: '', err: '' };
  const stream = (name: 'out' | 'err') => ({ isTTY, write: (piece: string) => void (text[name] += piece) });
  return { text, output: createOutput(stream('out'), stream('err'), false) };
}

const HOSTILE = 'Eve\u001b[2J\u001b]0;title\u0007\u009b31m\r\u007f\u202e!';
const HARMLESS = 'Eve[2J]0;title31m!';

describe('what the command line prints', () => {
  it.each([true, false])('has no control characters of others (terminal: %s)', (isTTY) => {
    const { text, output } = prepare(isTTY);
    output.line(HOSTILE);
    output.problem(HOSTILE);
    expect(text).toEqual({ out: `${HARMLESS}\n`, err: `${HARMLESS}\n` });
  });

  it('keeps lines, tabs and its own colours', () => {
    const { text, output } = prepare(true);
    output.line(`a\n\tb ${output.bad(HOSTILE)} ${output.good('c')} ${output.faint('d')}`);
    expect(text.out).toBe(`a\n\tb \u001b[31m${HARMLESS}\u001b[39m \u001b[32mc\u001b[39m \u001b[2md\u001b[22m\n`);
  });

  it('keeps the columns of a table straight whatever a name holds', () => {
    const { text, output } = prepare(false);
    output.table(
      ['Name', 'Door'],
      [
        ['A\u001bnn', 'front'],
        ['Bo', 'back'],
      ],
    );
    expect(text.out).toBe('Name  Door\nAnn   front\nBo    back\n');
  });
});
