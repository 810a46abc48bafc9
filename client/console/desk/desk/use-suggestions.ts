import { useEffect, useState } from 'preact/hooks'
import type { OperationOutput } from '#protocol'
import type { CannedReply } from '#protocol/desk/desk'
import type { Suggestion } from '../../../ui/suggestions.tsx'
import { useDesk, useDeskState } from './context.ts'
import type { Mode } from './writing.ts'

interface Typed {
  id: string
  mode: Mode
  text: string
  caret: number
}

interface Choice {
  items: Suggestion[]
  chosen: number
  choose(index: number): void
  /** Until something else is typed. */
  dismiss(): void
  /** The text with what was chosen put in, and where the caret is then; the macro that is to be run instead. */
  pick(index: number): { text: string; caret: number; macro: OfferedMacro | null } | null
}

export type OfferedMacro = OperationOutput<'macro:list'>['macros'][number]

interface Offered extends Suggestion {
  inserted: string
  macro?: OfferedMacro
}

/** The word before the caret that begins with the sign: `/` calls a ready-made reply, `@` a colleague, also where no blank is before it as in Chinese. */
const signs: Partial<Record<Mode, RegExp>> = {
  reply: /(?:^|[\s，。！？；：])([/／]([\p{L}\d_-]*))$/u,
  note: /(?:^|[^\w.@＠-])([@＠]([\p{L}\d_.-]*))$/u,
}
const shownAtMost = 30

/** What the word being typed may call; null when it calls nothing. */
export function useSuggestions({ id, mode, text, caret }: Typed): Choice | null {
  const { agents } = useDeskState()
  /** By id: a list that is read anew has another order. */
  const [chosenId, setChosen] = useState<string | null>(null)
  const [dismissed, dismiss] = useState<string | null>(null)
  const before = text.slice(0, caret)
  const [, whole, word] = signs[mode]?.exec(before) ?? []
  const isCalled = word !== undefined && dismissed !== before
  const { replies, macros } = useReplies(id, isCalled && mode === 'reply')

  useEffect(() => setChosen(null), [word, mode])

  if (!isCalled || whole === undefined) return null
  const found =
    mode === 'reply' ? [...matchingMacros(macros, word), ...matching(replies, word)] : colleagues()
  return {
    items: found,
    chosen: Math.max(
      0,
      found.findIndex(({ id }) => id === chosenId),
    ),
    choose: index => setChosen(found[index]?.id ?? null),
    dismiss: () => dismiss(before),
    pick(index) {
      const item = found[index]
      if (!item) return null
      const start = caret - whole.length
      const filled = text.slice(0, start) + item.inserted
      return { text: filled + text.slice(caret), caret: filled.length, macro: item.macro ?? null }
    },
  }

  function colleagues(): Offered[] {
    const wanted = word?.toLowerCase() ?? ''
    return agents
      .filter(agent => agent.name?.toLowerCase().includes(wanted))
      .slice(0, shownAtMost)
      .map(({ id, name }) => ({ id, title: name ?? '', inserted: `@${name} ` }))
  }
}

/** Those whose shortcut begins with the word first, then those that hold it. */
function matching(replies: CannedReply[], word: string): Offered[] {
  const wanted = word.toLowerCase()
  const rank = ({ shortcut, text }: CannedReply) =>
    shortcut.toLowerCase().startsWith(wanted) ? 0 : text.toLowerCase().includes(wanted) ? 1 : 2
  return replies
    .map(reply => ({ reply, rank: rank(reply) }))
    .filter(({ rank }) => rank < 2)
    .sort((a, b) => a.rank - b.rank)
    .slice(0, shownAtMost)
    .map(({ reply: { id, shortcut, text } }) => ({ id, title: `/${shortcut}`, text, inserted: text }))
}

/** Nothing is put in for them: what they say is said when they are run. */
function matchingMacros(macros: OfferedMacro[], word: string): Offered[] {
  const wanted = word.toLowerCase()
  return macros
    .filter(({ name }) => name.toLowerCase().includes(wanted))
    .slice(0, shownAtMost)
    .map(macro => {
      const labels = macro.labels.map(({ name }) => name).join(', ')
      return {
        id: macro.id,
        title: `⚡ ${macro.name}`,
        text: [macro.text, labels].filter(Boolean).join(' · '),
        inserted: '',
        macro,
      }
    })
}

/** The ready-made replies and macros filled in for this conversation, read each time they are called for. */
function useReplies(id: string, isWanted: boolean) {
  const { desk } = useDesk()
  const [offered, setOffered] = useState<{ replies: CannedReply[]; macros: OfferedMacro[] }>({
    replies: [],
    macros: [],
  })
  useEffect(() => {
    if (!isWanted) return
    const language = desk.conversation(id).get().conversation?.language
    Promise.all([
      desk.client.call('canned:list', { conversation_id: id, language }),
      desk.client.call('macro:list', { conversation_id: id }),
    ]).then(
      ([{ replies }, { macros }]) => setOffered({ replies, macros }),
      // The list stays as it was; typing goes on.
      () => {},
    )
  }, [desk, id, isWanted])
  return offered
}
