import type { Conversation, Handoff, Message } from '#protocol'
import {
  type Client,
  type ConversationState,
  type Outgoing,
  type Refusal,
  refusals,
  type WidgetErrorCode,
  type WidgetEvents,
} from '../../sdk/index.ts'
import { warn } from './settings.ts'

export type Emit = <E extends keyof WidgetEvents>(event: E, detail?: WidgetEvents[E]) => void

/** What the page hears of the conversation that its visitor is in. */
export interface Reporter {
  reportError(error: ConversationState['error']): void
  /** These are said in this page. */
  addOwn(outgoing: Outgoing[]): void
  /** Each once, when it is whole. Those that were there when the conversation was opened are not news. */
  reportMessages(messages: Message[]): void
  reportHandoff(conversation: Conversation, handoff: Handoff | null): void
  /** It is another conversation from here on; in a new one all is news. */
  follow(isNew: boolean): void
  /** It is another person from here on. */
  reset(): void
}

export function createReporter(client: Client<'visitor'>, emit: Emit): Reporter {
  /** Messages the page has been told of. */
  let reported: Set<string> | null = null
  let lastError: unknown = null
  /** Keys of what was said in this page. */
  const ownKeys = new Set<string | null>()
  let lastHandoff: string | null = null

  return {
    reportError(error) {
      if (error && error !== lastError && error.code !== client.state.code)
        emit('error', { code: error.code, message: error.message })
      lastError = error
    },
    addOwn(outgoing) {
      for (const { key } of outgoing) ownKeys.add(key)
    },
    reportMessages(messages) {
      const isFirst = reported === null
      reported ??= new Set()
      for (const message of messages) {
        if (message.status === 'streaming' || reported.has(message.id)) continue
        reported.add(message.id)
        const isOwn = ownKeys.has(message.key)
        if (isFirst && !isOwn) continue
        if (message.role !== 'user')
          for (const event of ['received', 'message'] as const) emit(event, message)
        else if (isOwn) emit('sent', message)
      }
    },
    reportHandoff({ mode, agent }, handoff) {
      const change = { mode, status: handoff?.status ?? null, agent: agent?.name ?? null }
      const signature = JSON.stringify(change)
      if (signature === lastHandoff) return
      if (lastHandoff !== null) emit('handoff', change)
      lastHandoff = signature
    },
    follow(isNew) {
      lastHandoff = null
      reported = isNew ? new Set() : null
    },
    reset() {
      reported = null
      lastError = null
    },
  }
}

/** Something whoever made the page has to mend. */
export function complain(emit: Emit, code: WidgetErrorCode, message: string): void {
  console.error('Parley:', message)
  emit('error', { code, message })
}

/** Says what keeps the connection away, and what the server warns of; returns the way out. */
export function reportConnection(client: Client<'visitor'>, emit: Emit): () => void {
  let lastSession: unknown
  let lastCode: string | null = null
  return client.subscribe(({ code, session }) => {
    // For whoever made the page: the chat goes on.
    if (session !== lastSession)
      session?.warnings?.forEach(warning => {
        warn(warning.message)
        emit('error', warning)
      })
    lastSession = session
    if (code === lastCode) return
    lastCode = code
    const refusal = refusals[code as Refusal]
    if (refusal) complain(emit, code as Refusal, refusal(client.access.url))
    else if (code) emit('error', { code: code as WidgetErrorCode, message: 'The session has ended.' })
  })
}
