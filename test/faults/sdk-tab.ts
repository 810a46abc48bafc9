import type { Message } from '#protocol'
import { createClient, createMemoryStorage, type ParleyError } from '../../client/sdk/index.ts'
import { durableEvents } from '../../client/sdk/timeline.ts'
import { judgeFinal } from './assembly.ts'
import type { Delivery, History, Invocation } from './history.ts'
import { startOfAnswer, type Tab, type TabOptions, type View } from './tab.ts'
import { withDeadline } from './wait.ts'

/** Node has no `online` event; browsers do, and the client listens to it. */
const machine = new EventTarget()
Object.assign(globalThis, {
  addEventListener: machine.addEventListener.bind(machine),
  removeEventListener: machine.removeEventListener.bind(machine),
})

const openMs = 30_000

/** A tab as the widget is one: on the client SDK. */
export async function openSdkTab({ name, url, history, leak, joins }: TabOptions): Promise<Tab> {
  const client = createClient({
    url,
    namespace: 'visitor',
    storage: createMemoryStorage(),
    token: joins?.token,
  })
  const store = client.conversation(joins ? { id: joins.conversationId, slot: name } : { slot: name })
  let connection = 0
  let closing = false
  const sent = new Map<string, Invocation>()
  const leave = [
    client.subscribe(({ status, code }) => {
      if (status === 'online') connection++
      if (status === 'ended' && !closing) history.blame(`${name}: the session ended with ${code}`)
    }),
    ...Object.keys(durableEvents).map(event =>
      client.on(event as keyof typeof durableEvents, payload =>
        history.deliver({ tab: name, connection, origin: 'live', event, payload } as Delivery),
      ),
    ),
    client.on('reply:delta', () => history.tick()),
    store.subscribe(watchView(name, history, leak)),
    store.subscribe(({ outgoing, messages, error }) => {
      if (error) history.blame(`${name}: the conversation failed with ${error.code}`)
      for (const [key, invocation] of sent) {
        const item = outgoing.find(entry => entry.key === key)
        if (item?.status === 'pending') continue
        sent.delete(key)
        const message = messages.find(entry => entry.key === key)
        if (item?.status === 'failed') history.end(invocation, 'refused', { code: item.error?.code })
        else history.end(invocation, 'acknowledged', { message })
      }
    }),
  ]
  client.connect()
  await withDeadline(`${name} to open`, store.open(), openMs)
  const id = store.get().conversation!.id

  async function attempt(
    operation: Invocation['operation'],
    mark: string,
    work: () => Promise<unknown>,
  ): Promise<void> {
    const invocation = history.begin({ tab: name, conversation: id, operation, mark })
    try {
      await work()
      history.end(invocation, 'acknowledged')
    } catch (error) {
      const { code } = error as ParleyError
      const unheard = ['DISCONNECTED', 'TIMEOUT', 'ABORTED'].includes(code)
      history.end(invocation, unheard ? 'unknown' : 'refused', { code })
    }
  }

  const view = (): View => {
    const { seq, messages, conversation } = store.get()
    return { seq, messages, title: conversation?.title ?? null }
  }
  return {
    name,
    kind: 'sdk',
    conversationId: () => id,
    token: () => client.state.session!.token,
    ask(content) {
      const { key } = store.send(content)
      const fields = { tab: name, conversation: id, operation: 'message:send', mark: key, content } as const
      const invocation = history.begin(fields)
      sent.set(key, invocation)
      return settled(store, () => invocation.outcome !== 'pending')
    },
    retitle: title =>
      attempt('conversation:update', title, () =>
        client.call('conversation:update', { conversation_id: id, title }, { timeout: 6000 }),
      ),
    async stop() {
      const answer = startOfAnswer(view())
      if (answer) await attempt('reply:stop', answer.id, () => store.stop(answer.id))
    },
    async read() {
      const { seq } = store.get()
      await attempt('message:read', String(seq), () =>
        client.call('message:read', { conversation_id: id, seq }, { timeout: 6000 }),
      )
    },
    hurry: () => void machine.dispatchEvent(new Event('online')),
    view,
    busy: () => sent.size > 0,
    close() {
      closing = true
      for (const stop of leave) stop()
      store.close()
      client.disconnect()
    },
  }
}

function settled(store: { subscribe(listener: () => void): () => void }, done: () => boolean): Promise<void> {
  return new Promise(resolve => {
    const leave = store.subscribe(() => {
      // The listener that settles invocations was there first.
      if (!done()) return
      leave()
      resolve()
    })
    if (done()) {
      leave()
      resolve()
    }
  })
}

/** What a person looking at the tab must never see: seq going back, a message twice or out of order, text taken back, thoughts. */
export function watchView(name: string, history: History, leak: TabOptions['leak']) {
  const blame = (line: string) => history.blame(`${name}: ${line}`)
  const takenBack = ({ id }: Message) => history.takenBack.push({ tab: name, messageId: id })
  // That it began anew, and that it ended, may come at once.
  const rewritten = ({ id }: Message) => history.rewritten.push({ tab: name, messageId: id })
  const shown = new Map<string, Message>()
  let last = 0
  let life = history.lost
  const isAnother = ({ id, content }: Message) => !content.startsWith(shown.get(id)?.content ?? '')
  return ({ seq, messages }: Pick<View, 'seq' | 'messages'>) => {
    if (history.lost !== life && (seq < last || messages.some(isAnother))) {
      // A backup was put back, and the tab begins anew: others may have written more than was lost by then.
      life = history.lost
      last = 0
      shown.clear()
    }
    if (seq < last) blame(`seq went from ${last} back to ${seq}`)
    last = seq
    let before = 0
    for (const message of messages) {
      if (message.seq <= before) blame(`message ${message.seq} stands after ${before}`)
      before = message.seq
      const known = shown.get(message.id)
      shown.set(message.id, message)
      if (known === message) continue
      const leaked = leak(JSON.stringify(message))
      if (leaked) blame(`the answer ${message.seq} showed ${leaked}`)
      if (!known) continue
      if (message.status !== 'streaming') judgeFinal(known, message, { blame, takenBack, rewritten })
      // None at all: another node writes it on in other words.
      else if (message.content !== '' && !message.content.startsWith(known.content))
        blame(`the answer ${message.seq} lost text`)
    }
  }
}
