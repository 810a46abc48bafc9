import type { Settings } from '#protocol/desk/service'
import { enter } from './cast.ts'
import conversations from './conversations.json' with { type: 'json' }
import { type Played, play, type Recorded } from './player.ts'

export interface DrillOptions {
  url: string
  /** Access tokens: of an administrator, who sets how the desk is run, and of two people who answer. */
  tokens: { lead: string; agent: string; colleague: string }
  /** How long anything that should happen may take. */
  withinMs: number
  report(played: Played): void
}

/** Plays every recorded conversation; the settings are put back as they were, whatever happens. */
export async function runDrill({ url, tokens, withinMs, report }: DrillOptions): Promise<Played[]> {
  const lead = await enter(url, 'agent', tokens.lead)
  const { settings: before } = await lead.ask('handoff:settings', {})
  const calm: Partial<Settings> = { routing: 'manual', hours: null, silence_s: null, wait_limit_s: null }
  const cast = {
    url,
    agent: await enter(url, 'agent', tokens.agent),
    colleague: await enter(url, 'agent', tokens.colleague),
  }
  const all: Played[] = []
  try {
    for (const recorded of conversations as Recorded[]) {
      await lead.ask('handoff:configure', { ...calm, ...recorded.settings })
      const played = await play(recorded, cast, withinMs)
      report(played)
      all.push(played)
    }
  } finally {
    await lead.ask('handoff:configure', before)
    for (const person of [lead, cast.agent, cast.colleague]) person.leave()
  }
  return all
}
