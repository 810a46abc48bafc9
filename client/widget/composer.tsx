import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Message } from '#protocol'
import type { ConversationStore } from '../sdk/index.ts'
import { Glyph } from '../ui/glyph.tsx'
import * as glyphs from '../ui/glyphs.tsx'
import { useWidget } from './context.ts'

/** As `message:send` allows. */
const longest = 8000
const tallest = 144

export function Composer(props: { conversation: ConversationStore; answering: Message | undefined }) {
  const { model, t } = useWidget()
  const { slots } = model.client
  const [draft, setDraft] = useState(() => slots.read<string>('draft') ?? '')
  const field = useRef<HTMLTextAreaElement>(null)
  const { conversation, answering } = props
  const excess = draft.length - longest

  useLayoutEffect(() => {
    const { current } = field
    if (!current) return
    current.style.height = 'auto'
    current.style.height = `${Math.min(current.scrollHeight, tallest)}px`
  }, [draft])

  function change(text: string) {
    setDraft(text)
    slots.write('draft', text || null)
  }

  function send() {
    if (!draft.trim() || excess > 0) return
    model.send(draft.trim())
    change('')
    field.current?.focus()
  }

  function onKeyDown(event: KeyboardEvent) {
    // While an input method composes, Enter chooses a word; Safari tells so by 229 alone.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return
    event.preventDefault()
    send()
  }

  return (
    <form
      class="composer"
      onSubmit={event => {
        event.preventDefault()
        send()
      }}
    >
      {excess > 0 && (
        <p class="excess" role="alert">
          {t('tooLong', { count: excess })}
        </p>
      )}
      <div class="field">
        <textarea
          ref={field}
          rows={1}
          value={draft}
          placeholder={t('placeholder')}
          aria-label={t('message')}
          title={t('hint')}
          enterkeyhint="send"
          onInput={event => {
            change(event.currentTarget.value)
            conversation.typing()
          }}
          onKeyDown={onKeyDown}
        />
        {answering && (
          <button
            type="button"
            class="round stop"
            aria-label={t('stop')}
            title={t('stop')}
            onClick={() => conversation.stop(answering.id).catch(() => {})}
          >
            <Glyph of={glyphs.stop} />
          </button>
        )}
        {(!answering || draft.trim()) && (
          <button
            type="submit"
            class="round"
            aria-label={t('send')}
            title={t('send')}
            disabled={!draft.trim() || excess > 0}
          >
            <Glyph of={glyphs.send} />
          </button>
        )}
      </div>
    </form>
  )
}
