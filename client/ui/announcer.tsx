import { useMemo } from 'preact/hooks'
import type { Language } from '#protocol'
import type { ConversationState } from '../sdk/index.ts'
import { plainText } from './markdown.ts'

interface Props {
  state: ConversationState
  language: Language
  t(word: 'writing' | ConversationState['progress'][string]): string
}

/** A screen reader hears what is going on and the whole answer, not every token. */
export function Announcer({ state: { messages, progress }, language, t }: Props) {
  const last = messages.at(-1)
  const phase = last && progress[last.id]
  const announcement = useMemo(() => {
    if (!last || last.role === 'user') return ''
    if (last.status === 'streaming') return t(phase ?? 'writing')
    return last.role === 'assistant' ? plainText(last.content) : last.content
  }, [last, phase, language])
  return (
    <p class="hidden" role="status">
      {announcement}
    </p>
  )
}
