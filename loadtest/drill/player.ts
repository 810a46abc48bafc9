import type { Language } from '#protocol'
import type { Settings } from '#protocol/desk/service'
import { acceptBoth, actStaff, actVisitor } from './act.ts'
import { enter, type Person } from './cast.ts'
import { expect, sentences } from './expect.ts'
import type { Scene } from './scene.ts'

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

/** Plays one conversation to its end, or to the first thing that did not happen within `withinMs`. */
export async function play(recorded: Recorded, cast: Cast, withinMs: number): Promise<Played> {
  const started = performance.now()
  const visitor = await enter(cast.url, 'visitor')
  const { conversation } = await visitor.ask('conversation:open', {
    new: true,
    key: crypto.randomUUID(),
    language: recorded.language,
  })
  const { agent, colleague } = cast
  const scene: Scene = {
    id: conversation.id,
    visitor,
    agent,
    colleague,
    owner: agent,
    spoken: [],
    questionId: '',
    handoffId: '',
  }
  const should: string[] = []
  const happened: string[] = []
  let ok = true
  for (const step of recorded.steps) {
    const expected = 'expect' in step ? sentences[step.expect] : 'both' in step ? 'one of two wins' : null
    if (expected) should.push(expected)
    if (!ok) continue
    try {
      await perform(scene, step, withinMs)
      if (expected) happened.push(expected)
    } catch (error) {
      happened.push((error as Error).message)
      ok = false
    }
  }
  visitor.leave()
  return { name: recorded.name, should, happened, ok, ms: Math.round(performance.now() - started) }
}

async function perform(scene: Scene, step: Step, withinMs: number): Promise<void> {
  if ('visitor' in step) return actVisitor(scene, step.visitor, step.text)
  if ('agent' in step) return actStaff(scene, scene.agent, step.agent, step.text)
  if ('colleague' in step) return actStaff(scene, scene.colleague, step.colleague, step.text)
  if ('owner' in step) return actStaff(scene, scene.owner, step.owner, step.text)
  if ('both' in step) return acceptBoth(scene)
  return expect(scene, step.expect, step.text ?? '', withinMs)
}
