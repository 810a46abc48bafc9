import type { EventPayload, Message, OperationOutput } from '#protocol'
import type { Delivery } from './history.ts'
import type { View } from './tab.ts'

type Delta = EventPayload<'reply:delta'>

export interface AssemblyParts {
  blame(line: string): void
  /** What must not be in a shown text. */
  leak(shown: string): string | null
  /** Whether deltas follow each other without holes on one connection: on one node (law D6). */
  ordered: boolean
  /** The final text is only a beginning of what was shown. */
  takenBack(message: Message): void
  /** The text of this answer has a hole: it must be asked for. */
  rejoin(message: Message): void
  /** An event is missing: it must be asked for. */
  behind(): void
}

/**
 * What SPEC.md asks of a client, in the shortest form: seq at or below the last is dropped, the next is applied, a
 * greater one is held; a delta is put at its offset. Written apart from the SDK on purpose.
 */
export function createAssembly({ blame, leak, ordered, takenBack, rejoin, behind }: AssemblyParts) {
  const messages: Message[] = []
  const pending = new Map<number, Delivery>()
  /** Deltas that came while a rejoin was on its way. */
  const waiting = new Map<string, Delta[]>()
  /** Where the next delta of an answer must begin, on this connection. */
  const ends = new Map<string, { connection: number; offset: number }>()
  let seq = 0
  let title: string | null = null
  let epoch = 0

  function receive(delivery: Delivery) {
    if (delivery.payload.seq <= seq) return
    pending.set(delivery.payload.seq, delivery)
    for (let next = pending.get(seq + 1); next; next = pending.get(seq + 1)) {
      pending.delete(seq + 1)
      seq++
      apply(next)
    }
    for (const deferred of pending.keys()) if (deferred <= seq) pending.delete(deferred)
    if (pending.size > 0) behind()
  }

  function apply({ event, payload }: Delivery) {
    const { message, conversation } = payload
    if (event === 'message:created') messages.push(structuredClone(message!))
    if (event === 'message:updated') {
      const at = messages.findIndex(({ id }) => id === message!.id)
      if (at < 0) return void blame(`updated a message ${message!.seq} that was never created`)
      // Another node writes it on in other words: it begins anew.
      if (message!.status === 'streaming') ends.delete(message!.id)
      else judgeFinal(messages[at]!, message!, { blame, takenBack })
      messages[at] = structuredClone(message!)
    }
    if (conversation) {
      title = conversation.title
      if (conversation.epoch < epoch) blame(`the epoch fell from ${epoch} to ${conversation.epoch}`)
      epoch = conversation.epoch
    }
  }

  function delta(input: Delta, connection: number) {
    if (input.epoch < epoch) return
    const known = ends.get(input.message_id)
    if (ordered && known?.connection === connection && known.offset !== input.offset)
      blame(`a delta at ${input.offset} followed the end ${known.offset} on one connection`)
    ends.set(input.message_id, { connection, offset: input.offset + input.text.length })
    place(input)
  }

  function place(input: Delta) {
    const message = messages.find(({ id }) => id === input.message_id)
    if (message?.status !== 'streaming') return
    const queue = waiting.get(message.id)
    if (queue) return void queue.push(input)
    if (input.offset > message.content.length) {
      waiting.set(message.id, [input])
      return void rejoin(message)
    }
    const known = message.content.slice(input.offset)
    const common = Math.min(known.length, input.text.length)
    if (known.slice(0, common) !== input.text.slice(0, common))
      blame(`the answer ${message.seq} changed at ${input.offset}`)
    if (input.text.length <= known.length) return
    message.content = message.content.slice(0, input.offset) + input.text
    const leaked = leak(message.content)
    if (leaked) blame(`the answer ${message.seq} showed ${leaked}`)
  }

  return {
    get seq() {
      return seq
    },
    /** The first opening, or one after too many events: a state to start from. */
    start({ snapshot, messages: newest, seq: last, conversation }: OperationOutput<'conversation:open'>) {
      if (!snapshot || last < seq) return
      messages.splice(0, messages.length, ...structuredClone(newest))
      seq = last
      title = conversation.title
      for (const deferred of pending.keys()) if (deferred <= seq) pending.delete(deferred)
    },
    /** The database is another: nothing that is known counts. */
    restart() {
      messages.length = 0
      for (const known of [pending, waiting, ends]) known.clear()
      seq = 0
      title = null
      epoch = 0
    },
    receive,
    delta,
    streaming: () => messages.filter(({ status }) => status === 'streaming'),
    /** From where the text is asked for; deltas wait until the answer is there. */
    askedFrom(message: Message): number {
      if (!waiting.has(message.id)) waiting.set(message.id, [])
      return message.content.length
    },
    rejoined(id: string, answer: { offset: number; text: string } | null) {
      const deferred = waiting.get(id) ?? []
      waiting.delete(id)
      if (!answer) return
      const first = { message_id: id, conversation_id: '', epoch, ...answer }
      for (const input of [first, ...deferred]) place(input)
    },
    view: (): View => ({ seq, messages, title }),
  }
}

interface Judging extends Pick<AssemblyParts, 'blame' | 'takenBack'> {
  /** It ended with another text than was shown: somewhere between, it must have begun anew. */
  rewritten?(message: Message): void
}

/** Law R1: the final text is what was shown, perhaps with more after it; or, after the death of its node, with less. */
export function judgeFinal(shown: Message, final: Message, { blame, takenBack, rewritten }: Judging): void {
  if (shown.status !== 'streaming' && shown.content !== final.content)
    blame(`the finished message ${shown.seq} changed its text`)
  else if (final.content.startsWith(shown.content)) return
  else if (shown.content.startsWith(final.content)) takenBack(final)
  else if (rewritten) rewritten(final)
  else blame(`the answer ${shown.seq} ended with another text than was shown`)
}
