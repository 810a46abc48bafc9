import type { Language } from '#protocol'
import type { Settings } from '#protocol/desk/service'
import { enter, messagesOf, type Person } from './cast.ts'

export type Step = { text?: string } & (
  | { visitor: 'says' | 'requests' | 'cancels' | 'leaves' | 'returns' | 'leaves an address' }
  | { agent: AgentVerb }
  | { colleague: AgentVerb }
  | { owner: AgentVerb }
  | { both: 'accept' }
  | { expect: 'queued' | 'human' | 'ai' | 'answer' | 'agent' | 'offer' | 'told' | 'address' }
)
type AgentVerb = 'accepts' | 'says' | 'completes' | 'leaves' | 'returns'

/** A conversation as it was recorded, and what should come of it. */
export interface Recorded {
  name: string
  language: Language
  /** How the desk is run meanwhile. */
  settings?: Partial<Settings>
  steps: Step[]
}

export interface Played {
  name: string
  should: string[]
  happened: string[]
  ok: boolean
  ms: number
}

export interface Cast {
  url: string
  agent: Person
  colleague: Person
}

const key = () => crypto.randomUUID()

const sentences = {
  queued: 'waits for a person',
  human: 'a person has it',
  ai: 'back with the AI',
  answer: 'the AI answers',
  agent: "the agent's words arrive",
  offer: 'a person is offered',
  told: 'the visitor is told',
  address: 'the address is listed',
} as const

/** Plays one conversation to its end, or to the first thing that did not happen within `withinMs`. */
export async function play(recorded: Recorded, cast: Cast, withinMs: number): Promise<Played> {
  const started = performance.now()
  const visitor = await enter(cast.url, 'visitor')
  const { conversation } = await visitor.ask('conversation:open', {
    new: true,
    key: key(),
    language: recorded.language,
  })
  const scene = createScene(recorded, cast, visitor, conversation.id)
  const should: string[] = []
  const happened: string[] = []
  let ok = true
  for (const step of recorded.steps) {
    const expected = 'expect' in step ? sentences[step.expect] : 'both' in step ? 'one of two wins' : null
    if (expected) should.push(expected)
    if (!ok) continue
    try {
      await scene.act(step, withinMs)
      if (expected) happened.push(expected)
    } catch (error) {
      happened.push((error as Error).message)
      ok = false
    }
  }
  visitor.leave()
  return { name: recorded.name, should, happened, ok, ms: Math.round(performance.now() - started) }
}

function createScene(recorded: Recorded, { agent, colleague }: Cast, visitor: Person, id: string) {
  const spoken: string[] = []
  let handoffId = ''
  let owner: Person = agent
  let requested = ''
  let seen = 0

  async function actVisitor(verb: string, text = ''): Promise<void> {
    if (verb === 'says') {
      const { message } = await visitor.ask('message:send', {
        conversation_id: id,
        key: key(),
        content: text,
      })
      requested = message.id
    } else if (verb === 'requests') {
      await visitor.ask('handoff:request', { conversation_id: id, key: key() })
    } else if (verb === 'cancels') await visitor.ask('handoff:cancel', { conversation_id: id })
    else if (verb === 'leaves an address')
      await visitor.ask('handoff:contact', { conversation_id: id, email: 'drill@example.com' })
    else if (verb === 'leaves') visitor.leave()
    else {
      seen = visitor.received.findLast(({ payload }) => payload?.seq)?.payload.seq ?? 0
      await visitor.comeBack()
      const { events } = await visitor.ask('conversation:open', { conversation_id: id, since_seq: seen })
      for (const { event, payload } of events) visitor.received.push({ event, payload })
    }
  }

  async function actStaff(person: Person, verb: string, text = ''): Promise<void> {
    if (verb === 'accepts') {
      await person.ask('handoff:accept', { handoff_id: await present(), key: key() })
      owner = person
    } else if (verb === 'completes') {
      await person.ask('handoff:complete', { handoff_id: await present(), key: key() })
    } else if (verb === 'says') {
      spoken.push(text)
      await person.ask('message:send', { conversation_id: id, key: key(), content: text })
    } else if (verb === 'leaves') person.leave()
    else await person.comeBack()
  }

  /** The handoff of this conversation, as the visitor is shown it. */
  async function present(): Promise<string> {
    const { handoff } = await visitor
      .ask('handoff:get', { conversation_id: id })
      .catch(() => ({ handoff: null }))
    handoffId = handoff?.id ?? handoffId
    return handoffId
  }

  async function acceptBoth(): Promise<void> {
    const handoff_id = await present()
    const replies = await Promise.all(
      [agent, colleague].map(person => person.call('handoff:accept', { handoff_id, key: key() })),
    )
    const winners = replies.filter(reply => reply.success)
    const refused = replies.find(reply => !reply.success)
    if (winners.length !== 1 || !refused || refused.success) throw new Error(`${winners.length} of two won`)
    if (refused.error.code !== 'CONFLICT') throw new Error(`the other was told ${refused.error.code}`)
    owner = replies[0]!.success ? agent : colleague
  }

  const checks = {
    queued: () => mode() === 'queued',
    human: () => mode() === 'human',
    ai: () => mode() === 'ai',
    answer: () =>
      messagesOf(visitor).some(entry => entry.in_reply_to === requested && entry.status === 'complete'),
    agent: () => messagesOf(visitor).some(entry => entry.role === 'agent' && entry.content === spoken.at(-1)),
    offer: () => messagesOf(visitor).some(entry => entry.action === 'handoff'),
    told: (text: string) =>
      messagesOf(visitor).some(entry => entry.role === 'system' && new RegExp(text).test(entry.content)),
    address: async () => {
      const { items } = await agent.ask('contact:list', { done: false })
      const found = items.find(item => item.conversation_id === id)
      if (found) await agent.ask('contact:settle', { contact_id: found.id, done: true })
      return found !== undefined
    },
  }

  function mode(): string {
    return visitor.received.findLast(({ event }) => event === 'handoff:changed')?.payload.mode ?? 'ai'
  }

  async function expect(what: keyof typeof checks, text: string, withinMs: number): Promise<void> {
    const end = performance.now() + withinMs
    while (!(await checks[what](text))) {
      if (performance.now() > end)
        throw new Error(`not within ${withinMs / 1000} s: ${sentences[what]}; ${state()}`)
      await new Promise(resolve => setTimeout(resolve, 50))
    }
  }

  function state(): string {
    const last = messagesOf(visitor).at(-1)
    return `it is '${mode()}'${last ? `, last heard: ${last.role} "${last.content.slice(0, 60)}"` : ''}`
  }

  return {
    async act(step: Step, withinMs: number): Promise<void> {
      if ('visitor' in step) return actVisitor(step.visitor, step.text)
      if ('agent' in step) return actStaff(agent, step.agent, step.text)
      if ('colleague' in step) return actStaff(colleague, step.colleague, step.text)
      if ('owner' in step) return actStaff(owner, step.owner, step.text)
      if ('both' in step) return acceptBoth()
      return expect(step.expect, step.text ?? '', withinMs)
    },
    recorded,
  }
}
