/** How much of everything: `--quick` shows that it runs, not what it costs. */
export interface Sizes {
  rounds: number
  /** Before each measurement, and how long one lasts, in milliseconds. */
  warmMs: number
  measureMs: number
  echo: { connections: number }
  token: { replies: number; perSecond: number }
  /** `warmRounds` of the same arrivals come before the measured ones. */
  firstDelta: { sessions: number; overMs: number; warmRounds: number; rewarmRounds: number }
  /** `rampUp` are open before: until about so many, V8 still grows its young generation, which hides the price of one. */
  idle: { rampUp: number; connections: number }
  fanOut: { members: number }
  /** `perSecond` is what is offered while the added latency is measured; `flushMs` is a commit on a disk that takes its time. */
  durable: { conversations: number; perSecond: number; flushMs: number }
  /** All of `clients` come back at once; later `single` of them one by one, so many a second. */
  storm: { clients: number; single: number; perSecond: number }
  /**
   * `perSecond` are questions, each of which is answered. Before, they come faster and are not judged: until a piece of the
   * server has run some thousands of times, V8 compiles it again and again, which takes memory.
   */
  hold: {
    connections: number
    perSecond: number
    seconds: number
    warm: { perSecond: number; seconds: number }
  }
  hop: { conversations: number }
  /** `open` beside those that are accepted in a round. */
  accept: { open: number; accepted: number }
  /** `perSecond` is what the noisy one sends. */
  noisy: { visitors: number; perSecond: number }
  signedIn: { connections: number }
  import: { products: number }
  /** Messages in the conversation before the answers. */
  thread: { few: number; many: number }
}

export const fullSizes: Sizes = {
  rounds: 5,
  warmMs: 1500,
  measureMs: 5000,
  echo: { connections: 64 },
  token: { replies: 100, perSecond: 150 },
  firstDelta: { sessions: 100, overMs: 1000, warmRounds: 10, rewarmRounds: 3 },
  idle: { rampUp: 3000, connections: 2000 },
  fanOut: { members: 200 },
  durable: { conversations: 256, perSecond: 300, flushMs: 2 },
  storm: { clients: 1000, single: 200, perSecond: 40 },
  hold: { connections: 2000, perSecond: 20, seconds: 600, warm: { perSecond: 100, seconds: 120 } },
  hop: { conversations: 64 },
  accept: { open: 500, accepted: 40 },
  noisy: { visitors: 20, perSecond: 2000 },
  signedIn: { connections: 32 },
  import: { products: 100_000 },
  thread: { few: 50, many: 1000 },
}

export const quickSizes: Sizes = {
  ...fullSizes,
  rounds: 2,
  warmMs: 500,
  measureMs: 1500,
  echo: { connections: 16 },
  token: { replies: 50, perSecond: 150 },
  firstDelta: { sessions: 100, overMs: 1000, warmRounds: 1, rewarmRounds: 1 },
  durable: { conversations: 64, perSecond: 200, flushMs: 2 },
  storm: { clients: 200, single: 40, perSecond: 20 },
  hold: { connections: 200, perSecond: 20, seconds: 25, warm: { perSecond: 40, seconds: 15 } },
  hop: { conversations: 16 },
  accept: { open: 60, accepted: 10 },
  noisy: { visitors: 10, perSecond: 500 },
  import: { products: 5000 },
  thread: { few: 50, many: 200 },
}
