/** The first byte that a serial process writes: the port is open. Everything after it is from the line. */
export const OPENED_MARK = 0x06;
