import { useState } from 'preact/hooks'
import type { Message } from '#protocol'
import { messageMaxLength } from '#protocol/core/limits'
import type { ConversationStore } from '../../sdk/index.ts'
import { pasteFiles, useGrowing } from '../../ui/field.ts'
import type { Files } from '../../ui/files.ts'
import { Glyph } from '../../ui/glyph.tsx'
import * as glyphs from '../../ui/glyphs.tsx'
import { useStore } from '../../ui/use-store.ts'
import { useWidget } from './context.ts'

const maxHeightPx = 144
const noFiles: Pick<Files, 'get' | 'subscribe'> = { get: () => [], subscribe: () => () => {} }

export function Composer(props: { conversation: ConversationStore; answering: Message | undefined }) {
  const { model, lazy, t } = useWidget()
  const { slots } = model.client
  const [draft, setDraft] = useState(() => slots.read<string>('draft') ?? '')
  const field = useGrowing(draft, maxHeightPx)
  const { conversation, answering } = props
  const excess = draft.length - messageMaxLength
  const { files } = model.get()
  const picked = useStore(files ?? noFiles)
  const mayGo =
    excess <= 0 && picked.every(({ attachment }) => attachment) && Boolean(draft.trim() || picked.length)

  function change(text: string) {
    setDraft(text)
    slots.write('draft', text || null)
  }

  function send() {
    if (!mayGo) return
    model.send(draft.trim(), files?.take() ?? [])
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
      {lazy && files && <lazy.Picked files={files} />}
      <div class="field">
        {lazy && files && <lazy.Attach files={files} />}
        <textarea
          ref={field}
          rows={1}
          dir="auto"
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
          onPaste={event => pasteFiles(event, files)}
        />
        {lazy && <lazy.Speak onText={text => change(draft + text)} />}
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
        {(!answering || mayGo) && (
          <button type="submit" class="round" aria-label={t('send')} title={t('send')} disabled={!mayGo}>
            <Glyph of={glyphs.send} />
          </button>
        )}
      </div>
    </form>
  )
}
