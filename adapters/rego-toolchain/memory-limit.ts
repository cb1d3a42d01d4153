/** Section id of memories (WebAssembly core specification 5.5.8). */
const MEMORY_SECTION = 5;
const HEADER_LENGTH_BYTES = 8;

interface Uleb {
  readonly value: number;
  readonly next: number;
}

function readUleb(bytes: Uint8Array, start: number): Uleb {
  let value = 0;
  for (let index = 0; index < 5; index += 1) {
    const byte = bytes[start + index];
    if (byte === undefined) break;
    value += (byte & 0x7f) * 2 ** (7 * index);
    if ((byte & 0x80) === 0) return { value, next: start + index + 1 };
  }
  throw new TypeError('malformed WebAssembly module: unterminated number');
}

function encodeUleb(value: number): number[] {
  const encoded: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    encoded.push(rest > 0 ? low | 0x80 : low);
  } while (rest > 0);
  return encoded;
}

/**
 * Returns a copy of a module whose own memory may never exceed `pagesMax` pages of 64 KiB. Go's linker declares no maximum, and
 * a worker's resourceLimits do not count WebAssembly memory, so that a draft could otherwise take all the memory of the machine.
 * @throws TypeError when the module has no single memory of its own or asks for more at the start.
 */
export function withMemoryMaximum(module: Uint8Array, pagesMax: number): Uint8Array {
  let offset = HEADER_LENGTH_BYTES;
  while (offset < module.length) {
    const id = module[offset];
    const size = readUleb(module, offset + 1);
    const end = size.next + size.value;
    if (id === MEMORY_SECTION) {
      const count = readUleb(module, size.next);
      const initial = readUleb(module, count.next + 1);
      if (count.value !== 1 || initial.value > pagesMax) throw new TypeError('the module does not fit the memory limit');
      const content = [1, 1, ...encodeUleb(initial.value), ...encodeUleb(pagesMax)];
      const section = Uint8Array.of(MEMORY_SECTION, ...encodeUleb(content.length), ...content);
      const limited = new Uint8Array(offset + section.length + module.length - end);
      limited.set(module.subarray(0, offset));
      limited.set(section, offset);
      limited.set(module.subarray(end), offset + section.length);
      return limited;
    }
    offset = end;
  }
  throw new TypeError('the module has no memory of its own');
}
