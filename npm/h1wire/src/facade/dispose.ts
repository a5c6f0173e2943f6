// What `using` calls on the objects that hold memory of Rust's.

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
