import { NAK_CODE } from '../messages/line-codecs.ts';
import type { ChallengePart, PivQuery } from '../messages/piv-codecs.ts';
import type { Reply } from '../messages/replies.ts';
import { ACK, nak } from '../pd/answer.ts';
import { type PivCard, challengeOf } from './piv-card.ts';

/** Algorithm 1, key 1 at the head of the message, where senders put them that count them as part of it. */
const REFERENCE_LENGTH = 2;

/** PIV cards at a reader that knows them: data objects and signatures. */
export class PdPiv {
  readonly #tell: (event: Reply) => void;
  /** Real readers need seconds for a signature: then the reply to the command is osdp_ACK and the answer comes at a poll. */
  answers: 'at_once' | 'at_poll' = 'at_once';
  #card: PivCard | null = null;

  constructor(tell: (event: Reply) => void) {
    this.#tell = tell;
  }

  present(card: PivCard | null): void {
    this.#card = card;
  }

  /** Without a card, or without that object, NAK 9. */
  read({ object, offset }: PivQuery): Reply {
    const found = this.#card?.read(Buffer.from(object).toString('hex')) ?? null;
    return this.#give('PIVDATAR', found === null ? null : found.slice(offset));
  }

  /** osdp_GENAUTH carries a template (7C ..), osdp_CRAUTH the challenge itself; either is taken. */
  authenticate(name: 'GENAUTHR' | 'CRAUTHR', part: ChallengePart): Reply {
    const algorithm = part.reference?.algorithm ?? part.data[0];
    const key = part.reference === null ? part.data[1] : part.reference.key.at(-1);
    const message = part.reference === null ? part.data.slice(REFERENCE_LENGTH) : part.data;
    if (this.#card === null || algorithm === undefined || key === undefined) return nak(NAK_CODE.recordRefused);
    return this.#give(name, this.#card.authenticate(algorithm, key, challengeOf(message) ?? message));
  }

  #give(name: 'PIVDATAR' | 'GENAUTHR' | 'CRAUTHR', data: Uint8Array | null): Reply {
    if (data === null || data.length === 0) return nak(NAK_CODE.recordRefused);
    const reply: Reply = { name, body: { total: data.length, offset: 0, data } };
    if (this.answers === 'at_once') return reply;
    this.#tell(reply);
    return ACK;
  }
}
