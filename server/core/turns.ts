/** A text shorter than this is read in less time than giving way takes. */
const shortMax = 200

let isTaken = false
const waiting: (() => void)[] = []

/**
 * Resolves when a stretch of work on a text of that length may run: at once for a short one and while this turn of the
 * event loop has had none, else in a turn of its own, in the order of asking. So however many long texts come at once,
 * sockets, leases and other people's answers are served between any two.
 */
export function waitForTurn(textLength: number): Promise<void> | void {
  if (textLength < shortMax) return
  if (!isTaken) return startTurn()
  return new Promise(resolve => waiting.push(resolve))
}

function startTurn(): void {
  isTaken = true
  setImmediate(() => {
    isTaken = false
    const next = waiting.shift()
    if (!next) return
    startTurn()
    next()
  })
}

/** In UTF-16 units: of many texts about so much is read in a turn of the event loop. */
const turnLength = 2000

/** For work on many texts, however many and long: called with the length of each, it gives way as often as is due. */
export function createTextTurns(): (textLength: number) => Promise<void> | void {
  let read = 0
  return textLength => {
    read += textLength
    if (read < turnLength) return
    const length = read
    read = 0
    return waitForTurn(length)
  }
}

/** Lets other work run: called between slices of long work. */
export function yieldToLoop(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}
