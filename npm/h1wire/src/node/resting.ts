// Resting: sockets with nothing to do are let go of, so that they do not keep the process going.
//
// That is looked for now and then: a socket that has something to do in the next moment again is not bothered with it.

/** A socket that may have nothing to do. */
export interface Restful {
  /** Lets go of the process, if it still has nothing to do. */
  letGo(): void
}

/** How long a process may be kept by what has nothing to do, in milliseconds. */
const LOOK_AFTER = 25

const idle: Restful[] = []
let isLooking = false

/** Has it let go soon. */
export function restSoon(one: Restful): void {
  idle.push(one)
  // The socket itself keeps the process until then.
  if (!isLooking) setTimeout(look, LOOK_AFTER).unref()
  isLooking = true
}

function look(): void {
  isLooking = false
  for (const one of idle.splice(0)) one.letGo()
}
