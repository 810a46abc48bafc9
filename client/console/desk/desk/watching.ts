import type { EventPayload } from '#protocol'
import type { Client } from '../../../sdk/index.ts'
import { createStore, type Store } from '../../../sdk/store.ts'

type State = EventPayload<'presence:watching'>['state']

/** A colleague at the same conversation. */
export interface Watcher {
  id: string
  name: string | null
  isTyping: boolean
}

export interface Watching {
  /** Who else looks at a conversation, by its id. */
  watchers: Store<Record<string, Watcher[]>>
  /** From now on it is shown here. @returns to be called when it is not any more */
  watch(conversationId: string): () => void
  /** Something is being written in it here. */
  typed(conversationId: string): void
}

const renewMs = 20_000
/** As the contract says of `presence:watching`. */
const expireMs = 45_000
const typingMs = 5_000
/** Those who are there tell a newcomer so, not all at the same moment. */
const answerMs = 300

/** Who of the staff looks at what: gossip among the desks that show the same conversation. */
export function createWatching(client: Client<'agent'>, me: string) {
  const watchers = createStore<Record<string, Watcher[]>>({})
  const shown = new Map<string, { state: State; idle?: ReturnType<typeof setTimeout> }>()
  const expiries = new Map<string, ReturnType<typeof setTimeout>>()

  function announce(conversation_id: string, state = shown.get(conversation_id)?.state) {
    if (!state || client.state.status !== 'online' || (document.hidden && state !== 'gone')) return
    client.call('presence:watch', { conversation_id, state }).catch(() => {})
  }

  function change(conversationId: string, state: State) {
    const entry = shown.get(conversationId)
    if (!entry || entry.state === state) return
    entry.state = state
    announce(conversationId)
  }

  function place(conversationId: string, agentId: string, watcher: Watcher | null) {
    const others = (watchers.get()[conversationId] ?? []).filter(({ id }) => id !== agentId)
    watchers.set({ [conversationId]: watcher ? [...others, watcher] : others })
  }

  function onWatching({ conversation_id, agent, state }: EventPayload<'presence:watching'>) {
    if (agent.id === me) {
      // Another tab of one's own has left.
      if (state === 'gone') announce(conversation_id)
      return
    }
    const key = `${conversation_id} ${agent.id}`
    clearTimeout(expiries.get(key))
    if (state === 'gone') return place(conversation_id, agent.id, null)
    const isKnown = watchers.get()[conversation_id]?.some(({ id }) => id === agent.id)
    place(conversation_id, agent.id, { ...agent, isTyping: state === 'typing' })
    expiries.set(
      key,
      setTimeout(() => place(conversation_id, agent.id, null), expireMs),
    )
    if (!isKnown) setTimeout(() => announce(conversation_id), Math.random() * answerMs)
  }

  const announceAll = () => {
    for (const id of shown.keys()) announce(id)
  }
  const onVisibility = () => {
    for (const id of shown.keys()) announce(id, document.hidden ? 'gone' : undefined)
  }
  let wasOnline = false
  const leave = [
    client.on('presence:watching', onWatching),
    client.subscribe(({ status }) => {
      const isOnline = status === 'online'
      if (isOnline && !wasOnline) announceAll()
      wasOnline = isOnline
    }),
  ]
  const timer = setInterval(announceAll, renewMs)
  document.addEventListener('visibilitychange', onVisibility)

  const watching: Watching = {
    watchers,
    watch(conversationId) {
      shown.set(conversationId, { state: 'watching' })
      announce(conversationId)
      return () => {
        clearTimeout(shown.get(conversationId)?.idle)
        shown.delete(conversationId)
        announce(conversationId, 'gone')
      }
    },
    typed(conversationId) {
      const entry = shown.get(conversationId)
      if (!entry) return
      clearTimeout(entry.idle)
      entry.idle = setTimeout(() => change(conversationId, 'watching'), typingMs)
      change(conversationId, 'typing')
    },
  }
  return {
    watching,
    stop() {
      for (const stop of leave) stop()
      clearInterval(timer)
      document.removeEventListener('visibilitychange', onVisibility)
      for (const timer of expiries.values()) clearTimeout(timer)
      for (const { idle } of shown.values()) clearTimeout(idle)
    },
  }
}
