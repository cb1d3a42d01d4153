import { NAK_CODE } from '../messages/line-codecs.ts';
import type { Reply } from '../messages/replies.ts';
import { CARD_PRESENCE, type SmartCardReply } from '../messages/smart-card-reply.ts';
import { SMART_CARD_MODE, type SmartCardCommand } from '../messages/smart-card-command.ts';
import { ACK, nak } from '../pd/answer.ts';
import type { SmartCard } from './smart-card.ts';

/** Error code of osdp_XRD n/0: there is no card, or none that answers. */
const ERROR_NO_CARD = 1;
const PIN_STATUS = { ok: 0, refused: 1 } as const;
const PIN_TRIES_MAX = 3;
const SUCCESS_SW1 = 0x90;

/** Transparent mode: the reader is only the antenna, the ACU speaks with the card (OSDP 2.2 annex E). */
export class PdSmartCards {
  readonly #tell: (event: Reply) => void;
  #mode: number = SMART_CARD_MODE.reader;
  #configuration = 0;
  #card: SmartCard | null = null;
  #tries = PIN_TRIES_MAX;

  constructor(tell: (event: Reply) => void) {
    this.#tell = tell;
  }

  /** In transparent mode the ACU hears of it at the next poll. Null takes it away. */
  present(card: SmartCard | null): void {
    this.#card = card;
    this.#tries = PIN_TRIES_MAX;
    if (this.#mode !== SMART_CARD_MODE.transparent) return;
    this.#tell(xrd({ kind: 'presence', reader: 0, status: card === null ? CARD_PRESENCE.absent : CARD_PRESENCE.contactless }));
  }

  /** Reboot, or osdp_ABORT: cards are the reader's own business again. */
  reset(): void {
    this.#mode = SMART_CARD_MODE.reader;
    this.#configuration = 0;
  }

  take(command: SmartCardCommand): Reply {
    switch (command.kind) {
      case 'get_mode':
        return xrd({ kind: 'mode', mode: this.#mode, configuration: this.#configuration });
      case 'set_mode':
        if (command.mode > SMART_CARD_MODE.transparent) return nak(NAK_CODE.recordRefused);
        this.#mode = command.mode;
        this.#configuration = command.configuration;
        return xrd({ kind: 'mode', mode: this.#mode, configuration: this.#configuration });
      case 'unknown':
        return nak(NAK_CODE.recordRefused);
      default:
        return this.#mode === SMART_CARD_MODE.transparent ? this.#takeTransparent(command) : nak(NAK_CODE.recordRefused);
    }
  }

  #takeTransparent(command: Exclude<SmartCardCommand, { readonly kind: 'get_mode' | 'set_mode' | 'unknown' }>): Reply {
    const { reader } = command;
    const card = this.#card;
    switch (command.kind) {
      case 'scan':
        if (card === null) return xrd({ kind: 'presence', reader, status: CARD_PRESENCE.absent });
        return xrd({ kind: 'card_info', reader, protocol: card.protocol, serial: card.serial, details: new Uint8Array(0) });
      case 'end':
        this.#card = null;
        return ACK;
      case 'apdu':
        if (card === null) return xrd({ kind: 'error', mode: SMART_CARD_MODE.transparent, code: ERROR_NO_CARD });
        return xrd({ kind: 'apdu', reader, status: 0, apdu: card.transmit(command.apdu) });
      case 'enter_pin': {
        if (card === null) return xrd({ kind: 'error', mode: SMART_CARD_MODE.transparent, code: ERROR_NO_CARD });
        const isRight = card.transmit(command.apdu).at(-2) === SUCCESS_SW1;
        this.#tries = isRight ? PIN_TRIES_MAX : Math.max(this.#tries - 1, 0);
        return xrd({ kind: 'pin_entered', reader, status: isRight ? PIN_STATUS.ok : PIN_STATUS.refused, tries: this.#tries });
      }
    }
  }
}

function xrd(body: SmartCardReply): Reply {
  return { name: 'XRD', body };
}
