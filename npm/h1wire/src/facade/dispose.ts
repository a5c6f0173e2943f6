// What `using` calls on the objects that hold memory of Rust's.

/** Has `[Symbol.asyncDispose]()` do what `close()` does. */
export function makeAsyncDisposable(prototype: { close(): Promise<void> }): void {
  if (!Symbol.asyncDispose) return
  Object.defineProperty(prototype, Symbol.asyncDispose, {
    value: prototype.close,
    configurable: true,
    writable: true,
  })
}

/** Has `[Symbol.dispose]()` do what `free()` does. */
export function makeDisposable(prototype: { free(): void }): void {
  // Engines without explicit resource management have no such symbol unless a polyfill brought it.
  if (!Symbol.dispose) return
  Object.defineProperty(prototype, Symbol.dispose, {
    value: prototype.free,
    configurable: true,
    writable: true,
  })
}
