import { useEffect, useState } from 'preact/hooks'
import type { Language } from '#protocol'
import type { ConversationStore } from '../../../sdk/index.ts'
import { PickedFiles } from '../../../ui/attachments.tsx'
import { pasteFiles } from '../../../ui/field.ts'
import { pageErrorSentence } from '../../../ui/page-errors.ts'
import { Suggestions } from '../../../ui/suggestions.tsx'
import { useStore } from '../../../ui/use-store.ts'
import { ComposerFoot } from './composer-foot.tsx'
import { useDesk } from './context.ts'
import { MacroDialog } from './macro-dialog.tsx'
import { OfferPanel } from './offer.tsx'
import { isIn } from './translated.tsx'
import { useField } from './use-field.ts'
import { useMode } from './use-mode.ts'
import { useOffers } from './use-offers.ts'
import { useSending } from './use-sending.ts'
import type { OfferedMacro } from './use-suggestions.ts'
import type { Mode } from './writing.ts'

interface Props {
  id: string
  store: ConversationStore
  /** Whether there is a box for replies: notes can always be left. */
  mayReply: boolean
  /** Whether the assistant, which has the conversation, can be told something in private. */
  mayGuide: boolean
  /** Why nothing can be said to the visitor any more, or null. What was typed stays. */
  closed: string | null
  /** The visitor's language, where replies are to be translated into it; else null. */
  translateTo: Language | null
}

const placeholders = {
  reply: 'replyPlaceholder',
  note: 'notePlaceholder',
  guide: 'guidePlaceholder',
} as const

export function Composer({ id, store, mayReply, mayGuide, closed, translateTo }: Props) {
  const { desk, commands, language, t } = useDesk()
  const writing = desk.writing(id)
  const modes: Mode[] = mayReply ? ['reply', 'note'] : mayGuide ? ['guide', 'note'] : ['note']
  const mode = useMode(writing, modes)
  const text = useStore(writing)[mode]
  const written = { id, writing, mode, text }
  const { files, excess, mayGo, send } = useSending({ ...written, store, isClosed: closed !== null })
  const [macro, setMacro] = useState<OfferedMacro | null>(null)
  const { field, focus, setCaret, suggestions, pick, callSuggestions, onKeyDown } = useField({
    ...written,
    onSend: send,
    onMacro: setMacro,
  })
  const offers = useOffers(id, writing, focus)
  const isTranslatable = mode === 'reply' && text.trim() !== '' && translateTo && !isIn(translateTo, text)
  const listId = `suggestions-${id}`

  // What the agent has just taken or opened is written in next.
  useEffect(() => {
    if (mayReply && desk.isAwaited(id) && matchMedia('(hover: hover)').matches) focus()
  }, [mayReply])

  useEffect(() => {
    const offered = commands.get(id) ?? {}
    commands.set(id, offered)
    offered.compose = focus
    offered.mode = toggleMode
    offered.draft = mayReply ? offers.draft : undefined
  })

  function toggleMode() {
    writing.setMode(modes.find(other => other !== mode) ?? mode)
    focus()
  }

  return (
    <>
      <form
        class={`composer ${mode}`}
        onSubmit={event => {
          event.preventDefault()
          void send()
        }}
      >
        <Warnings closed={mayReply ? closed : null} hasText={text.trim() !== ''} mode={mode} />
        <Called id={listId} mode={mode} suggestions={suggestions} onPick={pick} />
        {mode === 'reply' && <OfferPanel writing={writing} onAnswer={focus} />}
        <textarea
          ref={field}
          rows={1}
          value={text}
          aria-label={t(mode)}
          placeholder={t(placeholders[mode])}
          aria-controls={suggestions ? listId : undefined}
          aria-activedescendant={suggestions ? `${listId}-${suggestions.chosen}` : undefined}
          onInput={({ currentTarget }) => {
            writing.type(mode, currentTarget.value)
            setCaret(currentTarget.selectionStart)
            if (mode === 'reply') store.typing()
            desk.typed(id)
          }}
          onSelect={({ currentTarget }) => setCaret(currentTarget.selectionStart)}
          onKeyDown={onKeyDown}
          onPaste={event => mode === 'reply' && pasteFiles(event, files)}
        />
        {mode === 'reply' && (
          <PickedFiles files={files} errorSentence={pageErrorSentence} language={language} t={t} />
        )}
        {excess > 0 && (
          <p class="problem" role="alert">
            {t('tooLong', { count: excess })}
          </p>
        )}
        <ComposerFoot
          mode={mode}
          modes={modes}
          text={text}
          files={files}
          offers={offers}
          mayReply={mayReply}
          mayGo={mayGo}
          translateTo={isTranslatable ? translateTo : null}
          onToggleMode={toggleMode}
          onCall={callSuggestions}
        />
      </form>
      {macro && <MacroDialog id={id} macro={macro} onClose={() => setMacro(null)} />}
    </>
  )
}

interface CalledProps {
  id: string
  mode: Mode
  suggestions: ReturnType<typeof useField>['suggestions']
  onPick(index: number): void
}

/** What the word being typed may call. */
function Called({ id, mode, suggestions, onPick }: CalledProps) {
  const { t } = useDesk()
  if (!suggestions) return null
  return (
    <Suggestions
      id={id}
      label={t(mode === 'reply' ? 'canned' : 'colleagues')}
      items={suggestions.items}
      chosen={suggestions.chosen}
      onPick={onPick}
    >
      <p class="muted">{t(mode === 'reply' ? 'noCanned' : 'noColleagues')}</p>
    </Suggestions>
  )
}

/** What to know before it is sent. */
function Warnings({ closed, hasText, mode }: Pick<Props, 'closed'> & { hasText: boolean; mode: Mode }) {
  const { desk, t } = useDesk()
  const hasModel = desk.client.state.session?.features.translation
  return (
    <>
      {closed && (
        <p class="warning" role="status">
          {closed} {hasText && t('wordsKept')}
        </p>
      )}
      {mode === 'guide' && !hasModel && <p class="warning">{t('guideNeedsModel')}</p>}
    </>
  )
}
