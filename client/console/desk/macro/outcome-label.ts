import type { Agent } from '#protocol'
import type { Team } from '#protocol/desk/service'
import type { translator, Words } from './words.ts'

type T = ReturnType<typeof translator>

/** Where a conversation goes, in words. */
export function outcomeLabel(
  outcome: string | null,
  { teams, agents }: { teams: readonly Team[]; agents: readonly Agent[] },
  t: T,
): string {
  const named = {
    complete: 'complete',
    snooze: 'snooze',
    ai: 'toAi',
    queue: 'toQueue',
  } as const satisfies Record<string, keyof Words>
  if (outcome === null) return t('stays')
  if (Object.hasOwn(named, outcome)) return t(named[outcome as keyof typeof named])
  const team = teams.find(({ id }) => outcome === `team:${id}`)
  if (team) return t('toTeam', { name: team.name })
  const agent = agents.find(({ id }) => outcome === id)
  return agent ? t('toAgent', { name: agent.name ?? t('agent') }) : t('toGone')
}
