import type { ConversationStore } from '../../sdk/index.ts'
import { Glyph } from '../../ui/glyph.tsx'
import * as glyphs from '../../ui/glyphs.tsx'
import type { Shown } from '../core/context.ts'
import { useState } from '../core/shared.ts'
import { Listen } from './voice.tsx'
import { useLazy } from './words.ts'

export function Actions({ conversation, message }: { conversation: ConversationStore; message: Shown }) {
  const { model, t } = useLazy()
  const [isCopied, setCopied] = useState(false)
  const isWhole = message.status !== 'streaming'

  async function copy() {
    await navigator.clipboard.writeText(message.content)
    setCopied(true)
    setTimeout(() => setCopied(false), 2000)
  }

  function rate(rating: -1 | 1) {
    conversation.rate(message.id, rating).then(
      () => model.emit('rating', { of: 'answer', rating }),
      () => {},
    )
  }

  return (
    <div class={isWhole ? 'actions' : 'early'}>
      {/* Plain http pages have no clipboard. */}
      {isWhole && navigator.clipboard && (
        <button type="button" aria-label={t(isCopied ? 'copied' : 'copy')} title={t('copy')} onClick={copy}>
          <Glyph of={isCopied ? glyphs.check : glyphs.copy} size={16} />
        </button>
      )}
      {isWhole && message.role === 'assistant' && (
        <>
          <button
            type="button"
            aria-label={t('good')}
            title={t('good')}
            aria-pressed={message.feedback === 1}
            onClick={() => rate(1)}
          >
            <Glyph of={glyphs.up} size={16} />
          </button>
          <button
            type="button"
            aria-label={t('bad')}
            title={t('bad')}
            aria-pressed={message.feedback === -1}
            onClick={() => rate(-1)}
          >
            <Glyph of={glyphs.thumbDown} size={16} />
          </button>
        </>
      )}
      <Listen messageId={message.id} />
    </div>
  )
}
