import type { Message } from '#protocol'
import type { History } from './history.ts'
import type { Random } from './random.ts'

/** What a tab shows once everything has come to rest. */
export interface View {
  seq: number
  /** Ascending by seq. */
  messages: Message[]
  title: string | null
}

/** One window of a visitor, whatever it is built with. Each call is recorded in the history, and none rejects. */
export interface Tab {
  readonly name: string
  readonly kind: 'sdk' | 'plain'
  conversationId(): string
  token(): string
  /** Resolves when the write was acknowledged, or given up. */
  ask(content: string): Promise<void>
  retitle(title: string): Promise<void>
  /** Stops the answer being written, if one is. */
  stop(): Promise<void>
  read(): Promise<void>
  /** The machine says that it has a network again. */
  hurry(): void
  view(): View
  /** Whether a write of its own is still under way. */
  busy(): boolean
  close(): void
}

export interface TabOptions {
  name: string
  url: string
  history: History
  /** Looks at everything that is shown; see `Answers.leak`. */
  leak(shown: string): string | null
  random: Random
  /** Law D6 promises order within a connection on one node only. */
  nodes: number
  /** Of the visitor and the conversation to join; without them a new visitor with a new one. */
  joins?: { token: string; conversationId: string }
}

export function startOfAnswer({ messages }: View): Message | undefined {
  return messages.find(({ role, status }) => role === 'assistant' && status === 'streaming')
}
