// What console.log shows of our classes in Node.js, which asks for it by a symbol that is registered everywhere, so that
// nothing of Node.js is imported. Names and values are shown, and nothing of how they are kept.

/** The symbol of `util.inspect.custom`. */
const CUSTOM: unique symbol = Symbol.for('nodejs.util.inspect.custom') as never

type Inspect = (value: unknown, options: object) => string

/** Has instances shown as what `show` returns. */
export function showAs<T extends object>(prototype: T, show: (value: T) => object): void {
  Object.defineProperty(prototype, CUSTOM, {
    value(this: T) {
      return show(this)
    },
    configurable: true,
    writable: true,
  })
}

/** Members as those of an instance of this class, in place of what it has. */
export function shownMembers(prototype: object, members: object): object {
  const shown = Object.create(prototype) as object
  Object.defineProperty(shown, CUSTOM, { value: undefined })
  // Some may be names of getters, which cannot be assigned to.
  return Object.defineProperties(shown, Object.getOwnPropertyDescriptors(members))
}

/** Names and values by turns, as `name: 'value'` in an array of this class. */
export function shownLines(lines: readonly string[], type: new () => unknown[]): object {
  const shown = new type()
  for (let at = 0; at < lines.length; at += 2) {
    const [name, value] = [lines[at], lines[at + 1]]
    shown.push({
      [CUSTOM]: (_: number, options: object, inspect: Inspect) => `${name}: ${inspect(value, options)}`,
    })
  }
  return shown
}

/** An error that has the same text and trace, and of the other members those whose value says something. */
export function shownError(error: Error, saysNothing: (name: string) => boolean): Error {
  const shown = new Error(error.message, 'cause' in error ? { cause: error.cause } : undefined)
  Object.setPrototypeOf(shown, Object.getPrototypeOf(error) as object)
  hide(shown, CUSTOM, undefined)
  hide(shown, 'stack', error.stack)
  for (const [name, value] of Object.entries(error)) {
    if (!saysNothing(name)) Object.assign(shown, { [name]: value })
  }
  return shown
}

function hide(error: Error, name: string | symbol, value: unknown): void {
  Object.defineProperty(error, name, { value, configurable: true, writable: true })
}
