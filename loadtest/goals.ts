import type { Figures } from './figures.ts'

interface Goal {
  /** The figure's name. */
  figure: string
  says: string
  atMost?: number
  atLeast?: number
}

/** What the project promises of itself, each as a figure of a run. */
export const goals: readonly Goal[] = [
  {
    figure: 'echo.ratio',
    says: 'An operation without SQL costs at most 1.5 times the bare socket.io echo in server CPU',
    atMost: 1.5,
  },
  {
    figure: 'token.product_minus_bare_us',
    says: 'A streamed token costs at most 12 us of server CPU beyond reading it',
    atMost: 12,
  },
  {
    figure: 'first_delta.postgres.no_retrieval.p95_ms',
    says: 'From a message to the first text without retrieval, on PostgreSQL: p95 at most 30 ms',
    atMost: 30,
  },
  {
    figure: 'first_delta.postgres.retrieval.p95_ms',
    says: 'From a message to the first text with retrieval, on PostgreSQL: p95 at most 80 ms',
    atMost: 80,
  },
  {
    figure: 'idle.ratio',
    says: 'An idle signed-in connection takes at most 1.5 times the memory of a bare one',
    atMost: 1.5,
  },
  {
    figure: 'idle.heap_ratio',
    says: 'And at most 1.5 times the JavaScript heap, which is steadier to measure',
    atMost: 1.5,
  },
  {
    figure: 'durable.ratio',
    says: 'Durable messages: at least 2 times the rate of one insert per message',
    atLeast: 2,
  },
  {
    figure: 'durable.p95_added_ms',
    says: 'Committing several together adds at most 8 ms to the p95 of one insert per message',
    atMost: 8,
  },
  {
    figure: 'storm.all_ms',
    says: 'A thousand clients that come back at once are caught up within 5 s',
    atMost: 5000,
  },
  {
    figure: 'storm.single.p95_ms',
    says: 'One that comes back by itself is caught up within 500 ms: p95',
    atMost: 500,
  },
  {
    figure: 'hold.lost',
    says: 'Connections held while messages flow: no event is lost, doubled or out of order',
    atMost: 0,
  },
  {
    figure: 'hold.heap_growth_percent',
    says: 'And the JavaScript heap grows by at most 1 % over the time',
    atMost: 1,
  },
  {
    figure: 'hold.rss_growth_percent',
    says: 'And the resident memory by at most 1 %',
    atMost: 1,
  },
  {
    figure: 'accept.product.p95_ms',
    says: 'From an agent taking a conversation over to its visitor seeing it, 500 open: p95 at most 50 ms',
    atMost: 50,
  },
  {
    figure: 'noisy.ratio',
    says: 'One noisy client leaves the p95 of others within twice',
    atMost: 2,
  },
  {
    figure: 'signed_in.ratio',
    says: 'A message of somebody signed in costs at most 1.1 times that of a visitor in server CPU',
    atMost: 1.1,
  },
  {
    figure: 'import.delay.p99_ms',
    says: 'A large import holds the loop of its node by at most 50 ms: p99',
    atMost: 50,
  },
  {
    figure: 'import.failed',
    says: 'And fails nobody else',
    atMost: 0,
  },
  {
    figure: 'import.rss_growth_mb',
    says: 'And takes at most 300 MB above idle',
    atMost: 300,
  },
  {
    figure: 'thread.ratio',
    says: 'An answer in a conversation of 1,000 messages costs the page at most 1.5 times that of 50',
    atMost: 1.5,
  },
]

export type Verdict = 'met' | 'MISSED' | 'not measured'

export function judge({ figure, atMost = Infinity, atLeast = -Infinity }: Goal, figures: Figures): Verdict {
  const value = figures.median(figure)
  if (value === undefined) return 'not measured'
  return value <= atMost && value >= atLeast ? 'met' : 'MISSED'
}
