/** Bytes that one permutation takes in or gives out, at a security of 256 bits. */
export const RATE = 136;
const ROUNDS = 24;
const LANES = 25;
/** Bits that each lane is turned to the left, and the lane that it becomes: FIPS 202 sections 3.2.2 and 3.2.3, in one walk over the lanes. */
const TURNS = [1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44] as const;
const WALK = [10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1] as const;
const CONSTANTS = roundConstants();

/**
 * Keccak[512]: the sponge under SHAKE256, cSHAKE256 and KMAC256 (FIPS 202). Node offers SHAKE256 without a way to another `suffix` and KMAC256 only
 * asynchronously; a state machine waits for nothing. The state is overwritten before this returns.
 */
export function sponge(message: Uint8Array, suffix: number, outputLength: number): Uint8Array {
  // Each lane of 64 bits as two of 32, low half first, which is also the order of its bytes.
  const state = new Uint32Array(2 * LANES);
  const blockCount = Math.floor(message.length / RATE) + 1;
  const padded = new Uint8Array(blockCount * RATE);
  padded.set(message);
  padded[message.length] = suffix;
  padded[padded.length - 1] = (padded.at(-1) ?? 0) | 0x80;
  for (let at = 0; at < padded.length; at += RATE) {
    for (let index = 0; index < RATE; index += 1) {
      state[index >> 2] = (state[index >> 2] ?? 0) ^ ((padded[at + index] ?? 0) << (8 * (index & 3)));
    }
    permute(state);
  }
  const output = new Uint8Array(outputLength);
  for (let index = 0; index < outputLength; index += 1) {
    const inBlock = index % RATE;
    if (index > 0 && inBlock === 0) permute(state);
    output[index] = (state[inBlock >> 2] ?? 0) >>> (8 * (inBlock & 3));
  }
  state.fill(0);
  padded.fill(0);
  return output;
}

/** Keccak-f[1600], FIPS 202 section 3.3. */
function permute(state: Uint32Array): void {
  const column = new Uint32Array(10);
  for (let round = 0; round < ROUNDS; round += 1) {
    mixColumns(state, column);
    turnAndMove(state);
    mixRows(state, column);
    state[0] = (state[0] ?? 0) ^ (CONSTANTS[2 * round] ?? 0);
    state[1] = (state[1] ?? 0) ^ (CONSTANTS[2 * round + 1] ?? 0);
  }
  column.fill(0);
}

/** Step theta. */
function mixColumns(state: Uint32Array, parity: Uint32Array): void {
  for (let half = 0; half < 10; half += 1) {
    let sum = 0;
    for (let row = 0; row < 50; row += 10) sum ^= state[half + row] ?? 0;
    parity[half] = sum;
  }
  for (let x = 0; x < 5; x += 1) {
    const before = 2 * ((x + 4) % 5);
    const after = 2 * ((x + 1) % 5);
    const low = parity[after] ?? 0;
    const high = parity[after + 1] ?? 0;
    const mixLow = (parity[before] ?? 0) ^ ((low << 1) | (high >>> 31));
    const mixHigh = (parity[before + 1] ?? 0) ^ ((high << 1) | (low >>> 31));
    for (let at = 2 * x; at < 50; at += 10) {
      state[at] = (state[at] ?? 0) ^ mixLow;
      state[at + 1] = (state[at + 1] ?? 0) ^ mixHigh;
    }
  }
}

/** Steps rho and pi. */
function turnAndMove(state: Uint32Array): void {
  let low = state[2] ?? 0;
  let high = state[3] ?? 0;
  for (let step = 0; step < WALK.length; step += 1) {
    const at = 2 * (WALK[step] ?? 0);
    const turn = TURNS[step] ?? 0;
    const [nextLow, nextHigh] = [state[at] ?? 0, state[at + 1] ?? 0];
    const [first, second] = turn < 32 ? [low, high] : [high, low];
    const bits = turn % 32;
    state[at] = bits === 0 ? first : (first << bits) | (second >>> (32 - bits));
    state[at + 1] = bits === 0 ? second : (second << bits) | (first >>> (32 - bits));
    low = nextLow;
    high = nextHigh;
  }
}

/** Step chi. */
function mixRows(state: Uint32Array, row: Uint32Array): void {
  for (let at = 0; at < 50; at += 10) {
    row.set(state.subarray(at, at + 10));
    for (let half = 0; half < 10; half += 1) {
      state[at + half] = (row[half] ?? 0) ^ (~(row[(half + 2) % 10] ?? 0) & (row[(half + 4) % 10] ?? 0));
    }
  }
}

/** Step iota: bits of a shift register, FIPS 202 section 3.2.5. */
function roundConstants(): Uint32Array {
  const constants = new Uint32Array(2 * ROUNDS);
  let register = 1;
  for (let round = 0; round < ROUNDS; round += 1) {
    for (let power = 0; power <= 6; power += 1) {
      const bit = 2 ** power - 1;
      const half = 2 * round + (bit >> 5);
      if ((register & 1) !== 0) constants[half] = (constants[half] ?? 0) | (1 << (bit & 31));
      register = (register << 1) ^ ((register & 0x80) === 0 ? 0 : 0x171);
    }
  }
  return constants;
}
