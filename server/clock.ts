/** Passed in where time decides something, so that a test can move it. Milliseconds since the epoch. */
export type Clock = () => number

export const systemClock: Clock = Date.now
