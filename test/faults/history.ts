import type { Conversation, Message } from '#protocol'

export type Outcome =
  | 'pending'
  | 'acknowledged'
  /** The server said no. It may have happened all the same: a refusal for lack of an answer in time. */
  | 'refused'
  /** Nobody said anything. */
  | 'unknown'

/** One write, from the moment it was asked for. */
export interface Invocation {
  tab: string
  conversation: string
  operation: 'message:send' | 'conversation:update' | 'message:read' | 'reply:stop'
  /** What tells this write from all others: its key, its title, its seq or the stopped message. */
  mark: string
  content?: string
  /** Milliseconds since the schedule began. */
  startedAt: number
  endedAt?: number
  outcome: Outcome
  code?: string
  /** The message that was acknowledged. */
  message?: Message
}

/** One durable event as it reached a tab, live or as part of an opening. */
export interface Delivery {
  tab: string
  /** Counts the connections of the tab: order is promised within one. */
  connection: number
  origin: 'live' | 'replay'
  event: string
  payload: { conversation_id: string; seq: number; message?: Message; conversation?: Conversation }
}

/** What one schedule did and saw. Its length is the schedule's clock: faults strike after so many entries. */
export class History {
  readonly invocations: Invocation[] = []
  readonly deliveries: Delivery[] = []
  /** What was wrong the moment it was seen. */
  readonly violations: string[] = []
  /** Answers of which more was shown than was stored in the end: law R1 allows it only where their node died. */
  readonly takenBack: { tab: string; messageId: string }[] = []
  /** Answers that ended with another text than was shown. */
  readonly rewritten: { tab: string; messageId: string }[] = []
  /** In order: what was done to whom. For the reader of a failure. */
  readonly diary: string[] = []
  healedAt = Number.POSITIVE_INFINITY
  /** What was written from then on until the restore is gone. */
  lost: { from: number; to: number } | null = null
  readonly #started = performance.now()
  #entries = 0

  /** Everything that happened: calls, answers, events, deltas. */
  get entries(): number {
    return this.#entries
  }

  now(): number {
    return Math.round(performance.now() - this.#started)
  }

  tick(): void {
    this.#entries++
  }

  note(line: string): void {
    this.diary.push(`${String(this.now()).padStart(6)} ${line}`)
  }

  blame(line: string): void {
    this.violations.push(line)
    this.note(`WRONG ${line}`)
  }

  /** Nothing is in the way from now on. */
  healed(): void {
    this.healedAt = this.now()
    this.note('healed')
  }

  /** A backup of `backedUp` takes the place of the database. */
  restoring(backedUp: number): void {
    this.lost = { from: backedUp, to: Number.POSITIVE_INFINITY }
  }

  /** It has taken it. What was told before may never have happened. */
  restored(): void {
    this.lost!.to = this.now()
    this.deliveries.length = 0
    this.takenBack.length = 0
    this.rewritten.length = 0
    this.note('restored')
  }

  /** Whether a write may have gone with the restore. */
  mayBeLost({ startedAt, endedAt = this.now() }: Pick<Invocation, 'startedAt' | 'endedAt'>): boolean {
    return this.lost !== null && endedAt >= this.lost.from && startedAt <= this.lost.to
  }

  begin(fields: Omit<Invocation, 'startedAt' | 'outcome'>): Invocation {
    this.tick()
    const invocation: Invocation = { ...fields, startedAt: this.now(), outcome: 'pending' }
    this.invocations.push(invocation)
    return invocation
  }

  end(invocation: Invocation, outcome: Outcome, extra: { code?: string; message?: Message } = {}): void {
    this.tick()
    Object.assign(invocation, extra, { outcome, endedAt: this.now() })
    if (outcome !== 'acknowledged') {
      const { tab, operation, mark } = invocation
      this.note(`${tab} ${operation} ${mark} ${outcome} ${extra.code ?? ''}`)
    }
  }

  deliver(delivery: Delivery): void {
    this.tick()
    this.deliveries.push(delivery)
  }
}
