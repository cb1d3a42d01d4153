import { openFrame, sealFrame } from '#adapters/osdp/channels/channel.ts';
import type { EncodedMessage } from '#adapters/osdp/messages/message-table.ts';
import { SessionRig, frameOf } from './session-rig.ts';

/** The simulated reader on line whose place somebody has taken who holds its keys: every MAC is right, and what it says is anything. */
export class LyingReader {
  readonly rig = new SessionRig().bringOnline();
  #channel = channelOf(this.rig);

  /** One exchange with whatever answer; the code of the command, null when the session sent nothing. */
  answer(answerTo: (code: number) => EncodedMessage): number | null {
    const sent = this.rig.turn();
    if (sent === null) return null;
    const frame = frameOf(sent);
    const opened = openFrame(this.#channel, frame);
    if (!opened.ok) throw new TypeError(opened.reason);
    const sealed = sealFrame(opened.channel, 'reply', { address: 1, sequence: frame.sequence }, answerTo(opened.code));
    this.#channel = sealed.channel;
    this.rig.nowMs += 1;
    this.rig.hear(sealed.bytes);
    return opened.code;
  }

  /** Exchanges until a command of this code was answered. */
  answerUntil(code: number, answerTo: (code: number) => EncodedMessage, exchangesMax = 100): void {
    for (let exchanges = 0; this.answer(answerTo) !== code; exchanges += 1) {
      if (exchanges > exchangesMax) throw new TypeError(`${code} was never sent`);
    }
  }
}

function channelOf({ pd }: SessionRig) {
  const { security } = pd.protocol;
  if (security.name !== 'open') throw new TypeError('no channel');
  return security.channel;
}
