/**
 * The part of the WebAssembly JavaScript interface that adapters use. TypeScript ships it only with the DOM library, and loading
 * that one would let server code mention `document` without an error.
 */
declare namespace WebAssembly {
  interface Module {
    readonly [Symbol.toStringTag]?: 'WebAssembly.Module';
  }
  interface Memory {
    /** Detached by every growth: take it again after each call into the instance. */
    readonly buffer: ArrayBuffer;
    grow(deltaPages: number): number;
  }
  interface Instance {
    readonly exports: Readonly<Record<string, unknown>>;
  }
  type Imports = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

  const Module: {
    new (bytes: Uint8Array): Module;
    imports(module: Module): readonly { readonly module: string; readonly name: string; readonly kind: string }[];
    exports(module: Module): readonly { readonly name: string; readonly kind: string }[];
  };
  const Memory: new (limits: { readonly initial: number; readonly maximum?: number }) => Memory;
  const Instance: new (module: Module, imports?: Imports) => Instance;
  const RuntimeError: ErrorConstructor;

  function compile(bytes: Uint8Array): Promise<Module>;
}
