import { messagesOf } from './cast.ts'
import type { Scene } from './scene.ts'

export const sentences = {
  queued: 'waits for a person',
  human: 'a person has it',
  ai: 'back with the AI',
  answer: 'the AI answers',
  agent: "the agent's words arrive",
  offer: 'a person is offered',
  told: 'the visitor is told',
  address: 'the address is listed',
} as const

type Expected = keyof typeof sentences

const checks: Record<Expected, (scene: Scene, text: string) => boolean | Promise<boolean>> = {
  queued: scene => modeOf(scene) === 'queued',
  human: scene => modeOf(scene) === 'human',
  ai: scene => modeOf(scene) === 'ai',
  answer: ({ visitor, questionId }) =>
    messagesOf(visitor).some(entry => entry.in_reply_to === questionId && entry.status === 'complete'),
  agent: ({ visitor, spoken }) =>
    messagesOf(visitor).some(entry => entry.role === 'agent' && entry.content === spoken.at(-1)),
  offer: ({ visitor }) => messagesOf(visitor).some(entry => entry.action === 'handoff'),
  told: ({ visitor }, text) =>
    messagesOf(visitor).some(entry => entry.role === 'system' && new RegExp(text).test(entry.content)),
  address: async ({ agent, id }) => {
    const { items } = await agent.ask('contact:list', { done: false })
    const found = items.find(item => item.conversation_id === id)
    if (found) await agent.ask('contact:settle', { contact_id: found.id, done: true })
    return found !== undefined
  },
}

/** Waits until it is so. @throws where it is not within `withinMs` */
export async function expect(scene: Scene, what: Expected, text: string, withinMs: number): Promise<void> {
  const end = performance.now() + withinMs
  while (!(await checks[what](scene, text))) {
    if (performance.now() > end)
      throw new Error(`not within ${withinMs / 1000} s: ${sentences[what]}; ${stateOf(scene)}`)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

function modeOf({ visitor }: Scene): string {
  return visitor.received.findLast(({ event }) => event === 'handoff:changed')?.payload.mode ?? 'ai'
}

function stateOf(scene: Scene): string {
  const last = messagesOf(scene.visitor).at(-1)
  return `it is '${modeOf(scene)}'${last ? `, last heard: ${last.role} "${last.content.slice(0, 60)}"` : ''}`
}
