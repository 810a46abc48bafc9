import { setTimeout } from 'node:timers/promises'
import type { Message } from '#protocol'
import type { MessageStorage } from '#storage/chat/message'
import { toWire } from '../../../realtime/journal/draft.ts'
import type { RunningReplies, RunningReply } from './running.ts'

/** Hears one answer from its beginning to its end: whoever comes later is given what was told before. */
export interface ReplyListener {
  onStart?(reply: Message): void
  onText?(offset: number, text: string): void
}

export interface ListenersParts {
  storage: Pick<MessageStorage, 'answerAfter' | 'find'>
  /** What readers here were given of an answer that another node writes, as far as it is known. */
  remoteTextSoFar(conversationId: string, messageId: string): string | null
  running: RunningReplies
}

interface PendingListener {
  conversationId: string
  afterSeq: number
  attach(entry: RunningReply): void
}

/** Another node may write it: so often the database is asked, in milliseconds. */
const pollMs = 1000
/** So often it is looked what another node has written, and each so many times what is stored of it. */
const remotePollMs = 150
const storedEvery = 4

/** Those who asked and wait for the answer without a socket of their own. */
export function createListeners({ storage, running, remoteTextSoFar }: ListenersParts) {
  const waiting = new Set<PendingListener>()

  /** An answer has begun here. */
  function attachWaiting(entry: RunningReply): void {
    for (const listener of waiting) {
      if (!answers(entry, listener)) continue
      waiting.delete(listener)
      listener.attach(entry)
    }
  }

  /**
   * The answer to what was said at `afterSeq`, once it has ended; null when it was lost. One that is written by another
   * node, or was before, is found in the database.
   */
  function awaitReply(
    conversationId: string,
    afterSeq: number,
    listener: ReplyListener,
    signal: AbortSignal,
  ): Promise<Message | null> {
    const { onText } = listener
    return new Promise((resolve, reject) => {
      const entry: PendingListener = {
        conversationId,
        afterSeq,
        attach({ job, ended }) {
          clearInterval(timer)
          listener.onStart?.(toWire(job.reply))
          if (onText) {
            // In one go: what is sent next follows what was sent so far (law R2).
            if (job.delivery.sent !== '') onText(0, job.delivery.sent)
            job.listeners.add(onText)
            signal.addEventListener('abort', () => job.listeners.delete(onText))
          }
          ended.then(resolve)
        },
      }
      const readStored = async () => {
        const found = await storage.answerAfter(conversationId, afterSeq)
        if (!found || found.status === 'streaming' || !waiting.delete(entry)) return
        clearInterval(timer)
        listener.onStart?.(toWire(found))
        onText?.(0, found.content)
        resolve(toWire(found))
      }
      const timer = setInterval(() => readStored().catch(() => {}), pollMs)
      signal.addEventListener('abort', () => {
        clearInterval(timer)
        waiting.delete(entry)
        reject(signal.reason)
      })
      const known = [...running.values()].find(candidate => answers(candidate, entry))
      if (known) entry.attach(known)
      else waiting.add(entry)
    })
  }

  /** Hears an answer that is being written, here or on another node, from its beginning on. @returns its end; null where it was lost */
  async function follow(
    { id, conversation_id }: Pick<Message, 'id' | 'conversation_id'>,
    onText: (offset: number, text: string) => void,
    signal: AbortSignal,
  ): Promise<Message | null> {
    const entry = running.get(id)
    if (!entry) return followRemote({ id, conversation_id }, onText, signal)
    const { job, ended } = entry
    if (job.delivery.sent !== '') onText(0, job.delivery.sent)
    job.listeners.add(onText)
    signal.addEventListener('abort', () => job.listeners.delete(onText), { once: true })
    return ended
  }

  async function followRemote(
    { id, conversation_id }: Pick<Message, 'id' | 'conversation_id'>,
    onText: (offset: number, text: string) => void,
    signal: AbortSignal,
  ): Promise<Message | null> {
    let length = 0
    for (let polls = 0; !signal.aborted; polls++) {
      const text = remoteTextSoFar(conversation_id, id)
      if (text !== null && text.length > length) onText(length, text.slice(length))
      length = Math.max(length, text?.length ?? 0)
      const found = polls % storedEvery === 0 ? await storage.find(id).catch(() => undefined) : undefined
      if (found === null) return null
      if (found && found.message.status !== 'streaming') return toWire(found.message)
      await setTimeout(remotePollMs, undefined, { signal }).catch(() => {})
    }
    return null
  }

  return { attachWaiting, awaitReply, follow }
}

function answers({ job }: RunningReply, { conversationId, afterSeq }: PendingListener): boolean {
  return job.reply.conversation_id === conversationId && job.reply.seq > afterSeq
}
