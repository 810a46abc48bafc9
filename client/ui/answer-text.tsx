import { useMemo } from 'preact/hooks'
import type { Message } from '#protocol'
import type { Translate } from './i18n.ts'
import { Markup } from './markup.tsx'

interface Props extends Pick<Message, 'content' | 'references'> {
  t: Translate<'source'>
  onSource(number: number): void
}

/**
 * What the assistant says, with marks that open its references. Kept as it is until the text changes: a thread holds many answers, and one is being
 * written.
 */
export function AnswerText({ content, references, t, onSource }: Props) {
  return useMemo(() => {
    const titles = new Map(references.map(({ number, title }) => [number, title]))
    return (
      <Markup
        content={content}
        known={new Set(titles.keys())}
        sourceLabel={number => t('source', { number, title: titles.get(number) ?? '' })}
        onSource={onSource}
      />
    )
  }, [content, references, t])
}
