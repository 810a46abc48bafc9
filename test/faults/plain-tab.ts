import { io, type Socket } from 'socket.io-client'
import type { EventPayload, Message, OperationInput, OperationName, OperationOutput, Reply } from '#protocol'
import { createAssembly } from './assembly.ts'
import type { Delivery, Invocation } from './history.ts'
import { startOfAnswer, type Tab, type TabOptions } from './tab.ts'
import { passed, until } from './wait.ts'

const callMs = 6000
const openMs = 30_000
const durable = ['message:created', 'message:updated', 'conversation:updated']

class Unheard extends Error {}
class Refused extends Error {
  readonly code: string
  readonly retryable: boolean
  constructor({ code, retryable }: { code: string; retryable: boolean }) {
    super(code)
    this.code = code
    this.retryable = retryable
  }
}

/** A tab by hand: socket.io-client and SPEC.md, nothing of ours. Comes back, resumes and rejoins on its own. */
export async function openPlainTab(options: TabOptions): Promise<Tab> {
  const { name, url, history, leak, random, nodes, joins } = options
  const blame = (line: string) => history.blame(`${name}: ${line}`)
  const assembly = createAssembly({
    blame,
    leak,
    ordered: nodes === 1,
    takenBack: message => history.takenBack.push({ tab: name, messageId: message.id }),
    rejoin: message => void rejoin(message),
    behind: () => void resume(),
  })
  let socket: Socket
  let token = joins?.token
  let id = joins?.conversationId ?? ''
  let incarnation: string | null = null
  let connection = 0
  let ready = false
  let closed = false
  let resuming = false
  let again = false
  let acknowledged = 0
  let writes = 0
  let pending = 0
  let opened = false

  function connect() {
    if (closed) return
    const current = ++connection
    socket = io(`${url}/visitor`, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      timeout: 5000,
      auth: { protocol: 1, token },
    })
    const own = socket
    let lost = false
    const disconnect = () => {
      if (lost) return
      lost = true
      own.disconnect()
      if (own === socket) ready = false
      void passed(random.whole(20, 300)).then(connect)
    }
    const silent = setTimeout(disconnect, 10_000)
    own.on('connect_error', disconnect)
    own.on('disconnect', disconnect)
    own.on('session:ready', (session: EventPayload<'session:ready'>) => {
      clearTimeout(silent)
      token = session.token
      if (incarnation !== null && incarnation !== session.incarnation) restart()
      incarnation = session.incarnation
      ready = true
      void resume()
    })
    own.onAny((event: string, payload) => receive(event, payload, current))
  }

  function restart() {
    assembly.restart()
    acknowledged = 0
  }

  /** Of a text in pieces the assembly looks at the whole. */
  function judge(what: string, payload: unknown): void {
    const leaked = leak(JSON.stringify(payload) ?? '')
    if (leaked) blame(`${what} carried ${leaked}`)
  }

  function receive(event: string, payload: any, current: number) {
    judge(event, payload)
    if (payload?.conversation_id && payload.conversation_id !== id) return
    if (event === 'reply:delta') {
      history.tick()
      assembly.delta(payload, current)
    } else if (durable.includes(event)) {
      const delivery = { tab: name, connection: current, origin: 'live', event, payload } as Delivery
      history.deliver(delivery)
      assembly.receive(delivery)
    }
  }

  async function call<K extends OperationName>(
    operation: K,
    input: OperationInput<K>,
  ): Promise<OperationOutput<K>> {
    if (!ready) throw new Unheard('not connected')
    const reply: Reply<OperationOutput<K>> = await socket
      .timeout(callMs)
      .emitWithAck(operation, input)
      .catch(error => {
        throw new Unheard(String(error))
      })
    judge(`the answer to ${operation}`, reply)
    if (reply.success) return reply.data
    throw new Refused(reply.error)
  }

  /** Law D4: says how far it is, applies what it missed, then fetches the text of the answer being written. */
  async function resume(): Promise<void> {
    again = resuming
    if (resuming) return
    resuming = true
    try {
      const before = acknowledged
      const current = connection
      const answer = await call(
        'conversation:open',
        id ? { conversation_id: id, since_seq: assembly.seq } : {},
      )
      if (answer.seq < before) blame(`opened at ${answer.seq} after its write ${before}`)
      if (id && answer.snapshot && answer.seq - assembly.seq < 50)
        blame(`a snapshot at ${answer.seq} where ${assembly.seq} was known`)
      id = answer.conversation.id
      assembly.start(answer)
      for (const { event, payload } of answer.events) {
        const delivery = {
          tab: name,
          connection: current,
          origin: 'replay',
          event,
          payload,
        } as unknown as Delivery
        history.deliver(delivery)
        assembly.receive(delivery)
      }
      opened = true
      for (const message of assembly.streaming()) void rejoin(message)
    } catch (error) {
      if (error instanceof Refused && !error.retryable) blame(`open refused with ${error.code}`)
      else again = true
    }
    resuming = false
    if (!again || closed || !ready) return
    await passed(50)
    void resume()
  }

  async function rejoin(message: Message): Promise<void> {
    const offset = assembly.askedFrom(message)
    try {
      const { text } = await call('reply:rejoin', { message_id: message.id, offset })
      assembly.rejoined(message.id, { offset, text })
    } catch {
      assembly.rejoined(message.id, null)
    }
  }

  async function attempt(invocation: Invocation, work: () => Promise<Message | undefined>): Promise<boolean> {
    pending++
    try {
      const message = await work()
      if (message) acknowledged = Math.max(acknowledged, message.seq)
      history.end(invocation, 'acknowledged', { message })
      return true
    } catch (error) {
      const refused = error instanceof Refused
      history.end(invocation, refused ? 'refused' : 'unknown', { code: (error as Refused).code })
      return refused && !error.retryable
    } finally {
      pending--
    }
  }

  const begin = (operation: Invocation['operation'], mark: string, content?: string) =>
    history.begin({ tab: name, conversation: id, operation, mark, content })

  connect()
  await until(`${name} to open`, () => opened, openMs)

  return {
    name,
    kind: 'plain',
    conversationId: () => id,
    token: () => token!,
    async ask(content) {
      const key = `${name}:${writes++}`
      const tries = random.chance(0.75) ? 50 : 1
      const invocation = begin('message:send', key, content)
      for (let attempts = 0; attempts < tries && !closed; attempts++) {
        const done = await attempt(invocation, async () => {
          const { message } = await call('message:send', { conversation_id: id, key, content })
          return message
        })
        if (done) break
        await passed(random.whole(50, 300))
      }
    },
    retitle: async title =>
      void (await attempt(begin('conversation:update', title), async () => {
        await call('conversation:update', { conversation_id: id, title })
        return undefined
      })),
    async stop() {
      const answer = startOfAnswer(assembly.view())
      if (!answer) return
      await attempt(begin('reply:stop', answer.id), async () => {
        await call('reply:stop', { message_id: answer.id })
        return undefined
      })
    },
    async read() {
      const { seq } = assembly
      await attempt(begin('message:read', String(seq)), async () => {
        await call('message:read', { conversation_id: id, seq })
        return undefined
      })
    },
    hurry() {},
    view: assembly.view,
    busy: () => pending > 0,
    close() {
      closed = true
      socket.disconnect()
    },
  }
}
