import type { Message } from '#protocol'
import type { TurnTaker } from '../../sdk/voice/index.ts'
import { conversationOf, type Environment } from './environment.ts'
import type { Output } from './output.ts'

/** What is said to the person: spoken one after the other, as it comes. */
export interface Answers {
  /** What comes from now on. */
  start(): void
  /** No longer write, or say, what is of an earlier turn. */
  stopWriting(): void
  stop(): void
}

export function createAnswers(environment: Environment, output: Output, taker: () => TurnTaker): Answers {
  const { model, store } = environment
  let from = 0
  let mode: string | undefined
  let unsubscribe = () => {}
  const spoken = new Set<string>()
  let queue: Message[] = []

  function sayNext() {
    if (output.messageId !== null || taker().state === 'off') return
    const message = queue.shift()
    if (!message) return
    output.prepare(conversationOf(environment), message.id, {
      onSound: () => taker().dispatch('sound'),
      onProgress: () => taker().extend(),
      onEnd,
      onFail() {
        store.set({ problem: 'noSound' })
        onEnd()
      },
    })
  }

  function onEnd() {
    taker().dispatch('end')
    sayNext()
  }

  function follow() {
    const { messages, conversation } = conversationOf(environment).get()
    for (const message of messages) {
      if (message.seq <= from || spoken.has(message.id)) continue
      if (message.role !== 'assistant' && message.role !== 'agent') continue
      spoken.add(message.id)
      queue.push(message)
    }
    // No word of the assistant's is heard once a person has the conversation.
    const isTakenOver = mode !== 'human' && conversation?.mode === 'human'
    mode = conversation?.mode
    if (isTakenOver) {
      queue = queue.filter(({ role }) => role === 'agent')
      output.stop()
      taker().dispatch('end')
    }
    sayNext()
  }

  return {
    start() {
      let followed = conversationOf(environment)
      from = followed.get().seq
      mode = followed.get().conversation?.mode
      let leave = followed.subscribe(follow)
      const stopModel = model.subscribe(() => {
        const conversation = conversationOf(environment)
        if (conversation === followed) return
        leave()
        followed = conversation
        from = 0
        leave = conversation.subscribe(follow)
      })
      unsubscribe = () => {
        leave()
        stopModel()
      }
    },
    stopWriting() {
      const { messages } = conversationOf(environment).get()
      const writing = messages.findLast(({ status }) => status === 'streaming')
      queue = []
      output.stop()
      if (writing)
        conversationOf(environment)
          .stop(writing.id)
          .catch(() => {})
    },
    stop() {
      unsubscribe()
      queue = []
      spoken.clear()
      output.stop()
    },
  }
}
