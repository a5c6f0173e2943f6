// Signals of callers, watched: one listener for each signal, however many wait for it.
//
// An AbortSignal with more than ten listeners has Node.js warn of a leak, and one for a whole program is common.

/** The signals that are watched, and who waits for each. */
const watched = new WeakMap<AbortSignal, Set<() => void>>()

/** Calls back when the signal is aborted, which it is not yet. What is returned takes that back. */
export function whenAborted(signal: AbortSignal, callback: () => void): () => void {
  const callbacks = watched.get(signal) ?? watch(signal)
  callbacks.add(callback)
  return () => {
    if (callbacks.delete(callback) && callbacks.size === 0) forget(signal)
  }
}

/** Has a signal end what lives until `gone` resolves. */
export function endBy(
  signal: AbortSignal | undefined,
  gone: Promise<void>,
  end: (reason: Error) => void,
): void {
  if (signal === undefined) return
  if (signal.aborted) end(signal.reason)
  else gone.then(whenAborted(signal, () => end(signal.reason)))
}

/** A signal as a caller gives it; `null` is none. @throws TypeError For anything else. */
export function readSignal(signal: AbortSignal | null | undefined): AbortSignal | undefined {
  if (signal === undefined || signal === null) return undefined
  if (typeof signal !== 'object' || typeof signal.aborted !== 'boolean' || !('addEventListener' in signal)) {
    throw new TypeError('options.signal must be an AbortSignal')
  }
  return signal
}

function watch(signal: AbortSignal): Set<() => void> {
  const callbacks = new Set<() => void>()
  watched.set(signal, callbacks)
  signal.addEventListener('abort', onAbort, { once: true })
  return callbacks
}

function forget(signal: AbortSignal): void {
  watched.delete(signal)
  signal.removeEventListener('abort', onAbort)
}

function onAbort(this: AbortSignal): void {
  const callbacks = watched.get(this)
  if (callbacks === undefined) return
  forget(this)
  for (const callback of [...callbacks]) callback()
}
