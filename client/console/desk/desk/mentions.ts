import type { Agent } from '#protocol'

/** A note's text cut at its mentions: every second part is one. The longest name that fits is meant. */
export function splitMentions(content: string, agents: Agent[]): string[] {
  const names = agents.flatMap(({ name }) => name ?? []).sort((a, b) => b.length - a.length)
  const parts: string[] = []
  let from = 0
  for (const { index: at } of content.matchAll(/[@＠]/g)) {
    const name = names.find(name => content.startsWith(name, at + 1))
    if (!name) continue
    parts.push(content.slice(from, at), content.slice(at, at + 1 + name.length))
    from = at + 1 + name.length
  }
  return [...parts, content.slice(from)]
}
