/** A card with a chip, in front of the reader. */
export interface SmartCard {
  /** Of osdp_XRD 0/2. */
  readonly protocol: number;
  readonly serial: Uint8Array;
  /** One APDU in, its response with SW1 SW2 out. */
  transmit(apdu: Uint8Array): Uint8Array;
}

/** ISO 7816-4: "instruction not supported". */
export const INSTRUCTION_UNSUPPORTED = Uint8Array.of(0x6d, 0x00);

/** A card that says what was written down for each APDU (lower-case hex); to all others 6D00. */
export function createScriptedCard(serial: Uint8Array, script: Readonly<Record<string, string>>): SmartCard {
  const answers = new Map(
    Object.entries(script).map(([apdu, response]) => [apdu.toLowerCase(), Uint8Array.from(Buffer.from(response, 'hex'))]),
  );
  return {
    protocol: 0,
    serial,
    transmit: (apdu) => answers.get(Buffer.from(apdu).toString('hex')) ?? INSTRUCTION_UNSUPPORTED,
  };
}
