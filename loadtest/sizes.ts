/** How much of everything: `--quick` shows that it runs, not what it costs. */
export interface Sizes {
  rounds: number
  /** Before each measurement, and how long one lasts, in milliseconds. */
  warmMs: number
  measureMs: number
  echo: { connections: number }
  token: { replies: number; perSecond: number }
  firstDelta: { sessions: number; overMs: number }
  /** `rampUp` are open before: until about so many, V8 still grows its young generation, which hides the price of one. */
  idle: { rampUp: number; connections: number }
  fanOut: { members: number }
  /** `perSecond` is what is offered while the added latency is measured. */
  durable: { conversations: number; perSecond: number }
}

export const fullSizes: Sizes = {
  rounds: 5,
  warmMs: 1500,
  measureMs: 5000,
  echo: { connections: 64 },
  token: { replies: 100, perSecond: 150 },
  firstDelta: { sessions: 100, overMs: 1000 },
  idle: { rampUp: 3000, connections: 2000 },
  fanOut: { members: 200 },
  durable: { conversations: 256, perSecond: 300 },
}

export const quickSizes: Sizes = {
  ...fullSizes,
  rounds: 2,
  warmMs: 500,
  measureMs: 1500,
  echo: { connections: 16 },
  token: { replies: 50, perSecond: 150 },
  durable: { conversations: 64, perSecond: 200 },
}
