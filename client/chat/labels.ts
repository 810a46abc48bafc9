import type { Conversation } from '#protocol'
import { type Language, locale } from '../ui/i18n.ts'
import type { T } from './words.ts'

/** What a conversation is called where it has no title of its own. */
export function labelOf({ title, created_at }: Conversation, language: Language, t: T): string {
  const date = new Date(created_at).toLocaleDateString(locale(language), { day: 'numeric', month: 'short' })
  return title ?? t('untitled', { date })
}

export type GroupName = 'pinned' | 'today' | 'yesterday' | 'week' | 'earlier'

const dayMs = 86_400_000

/** In the order of the list; days are those of the reader. */
export function groupsOf(items: Conversation[], now: number): [GroupName, Conversation[]][] {
  const midnight = new Date(now).setHours(0, 0, 0, 0)
  const groups: Record<GroupName, Conversation[]> = {
    pinned: [],
    today: [],
    yesterday: [],
    week: [],
    earlier: [],
  }
  for (const item of items) groups[groupOf(item, midnight)].push(item)
  return (Object.entries(groups) as [GroupName, Conversation[]][]).filter(([, group]) => group.length > 0)
}

function groupOf({ pinned, last_message_at, created_at }: Conversation, midnight: number): GroupName {
  const at = Date.parse(last_message_at ?? created_at)
  if (pinned) return 'pinned'
  if (at >= midnight) return 'today'
  if (at >= midnight - dayMs) return 'yesterday'
  return at >= midnight - 6 * dayMs ? 'week' : 'earlier'
}

/** Part of a text around what was found in it, with where that stands. */
export interface Snippet {
  text: string
  highlights: { start: number; end: number }[]
}

const snippetMaxLength = 120
const leadMaxLength = 30

export function snippetOf(content: string, highlights: Snippet['highlights']): Snippet {
  const from = Math.max(0, (highlights[0]?.start ?? 0) - leadMaxLength)
  const text = content.slice(from, from + snippetMaxLength).replaceAll('\n', ' ')
  const shifted = highlights
    .map(({ start, end }) => ({ start: start - from, end: Math.min(end - from, text.length) }))
    .filter(({ start, end }) => start < end)
  return { text, highlights: shifted }
}
