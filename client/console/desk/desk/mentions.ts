import type { Agent } from '#protocol'

/** A note's text cut at its mentions: every second part is one. The longest name that fits is meant. */
export function splitMentions(content: string, agents: Agent[]): string[] {
  const names = agents.flatMap(({ name }) => name ?? []).sort((a, b) => b.length - a.length)
  const parts: string[] = []
  let from = 0
  for (let at = content.indexOf('@'); at >= 0; at = content.indexOf('@', at + 1)) {
    const name = names.find(name => content.startsWith(name, at + 1))
    if (!name) continue
    parts.push(content.slice(from, at), `@${name}`)
    from = at + 1 + name.length
  }
  return [...parts, content.slice(from)]
}
