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
  storage: Pick<MessageStorage, 'answerAfter'>
  running: RunningReplies
}

interface PendingListener {
  conversationId: string
  afterSeq: number
  attach(entry: RunningReply): void
}

/** Another node may write it: so often the database is asked, in milliseconds. */
const pollMs = 1000

/** Those who asked and wait for the answer without a socket of their own. */
export function createListeners({ storage, running }: ListenersParts) {
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

  return { attachWaiting, awaitReply }
}

function answers({ job }: RunningReply, { conversationId, afterSeq }: PendingListener): boolean {
  return job.reply.conversation_id === conversationId && job.reply.seq > afterSeq
}
