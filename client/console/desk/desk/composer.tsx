import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Language } from '#protocol'
import { messageMaxLength, noteMaxLength } from '#protocol/core/limits'
import { type ConversationStore, createKey, toParleyError } from '../../../sdk/index.ts'
import { AttachButton, PickedFiles } from '../../../ui/attachments.tsx'
import { pasteFiles, useGrowing } from '../../../ui/field.ts'
import { Icon } from '../../../ui/icons.tsx'
import { moveChoice, Suggestions } from '../../../ui/suggestions.tsx'
import { useStore } from '../../../ui/use-store.ts'
import { consoleErrorSentence } from '../../errors.ts'
import { useAttempt, useDesk, useDeskAction } from './context.ts'
import { focusList } from './focus-list.ts'
import { OfferPanel } from './offer.tsx'
import { isIn, useTranslate } from './translated.tsx'
import { useSuggestions } from './use-suggestions.ts'

interface Props {
  id: string
  store: ConversationStore
  /** Whether there is a box for replies: notes can always be left. */
  mayReply: boolean
  /** Why nothing can be said to the visitor any more, or null. What was typed stays. */
  closed: string | null
  /** The visitor's language, where replies are to be translated into it; else null. */
  translateTo: Language | null
}

const maxLengths = { reply: messageMaxLength, note: noteMaxLength }
const maxHeightPx = 200
/** Building an answer takes longer than other calls. */
const draftTimeoutMs = 90_000

/** A draft's reference marks: the visitor would see numbers without sources. */
const marks = / ?\[\d{1,3}\]/g

export function Composer({ id, store, mayReply, closed, translateTo }: Props) {
  const { desk, commands, toasts, language, t } = useDesk()
  const attempt = useAttempt()
  const writing = desk.writing(id)
  const state = useStore(writing)
  const mode = mayReply ? state.mode : 'note'
  const text = state[mode]
  const drafting = useDeskAction()
  const translating = useDeskAction()
  const translate = useTranslate(id)
  const [caret, setCaret] = useState(0)
  const field = useGrowing(text, maxHeightPx)
  /** Where the caret goes with the next text, before anything else can be typed. */
  const placed = useRef<number | null>(null)
  const suggestions = useSuggestions({ id, mode, text, caret })
  const excess = text.length - maxLengths[mode]
  const files = desk.files(id)
  const picked = useStore(files)
  const goesAlong = mode === 'reply' && picked.length > 0
  const mayGo =
    excess <= 0 &&
    !(closed && mode === 'reply') &&
    (text.trim() !== '' || goesAlong) &&
    !(goesAlong && picked.some(({ attachment }) => !attachment))
  const listId = `suggestions-${id}`

  useLayoutEffect(() => {
    if (placed.current !== null) field.current?.setSelectionRange(placed.current, placed.current)
    placed.current = null
  }, [text])

  // What the agent has just taken or opened is written in next.
  useEffect(() => {
    if (mayReply && desk.isAwaited(id) && matchMedia('(hover: hover)').matches) field.current?.focus()
  }, [mayReply])

  useEffect(() => {
    const offered = commands.get(id) ?? {}
    commands.set(id, offered)
    offered.compose = () => field.current?.focus()
    offered.mode = toggleMode
    offered.draft = mayReply ? suggest : undefined
  })

  /** Null where the visitor waits for no answer. */
  async function draftFor(conversation_id: string) {
    try {
      return await desk.client.call('draft:suggest', { conversation_id }, { timeout: draftTimeoutMs })
    } catch (thrown) {
      if (toParleyError(thrown).code === 'CONFLICT') return null
      throw thrown
    }
  }

  function toggleMode() {
    if (mayReply) writing.setMode(mode === 'reply' ? 'note' : 'reply')
    field.current?.focus()
  }

  async function suggest() {
    if (drafting.isBusy) return
    field.current?.focus()
    writing.setMode('reply')
    await drafting.run(async () => {
      const draft = await draftFor(id)
      if (!draft) return toasts.say(t('nothingToDraft'))
      const { references } = draft
      writing.offer({ kind: 'draft', text: draft.text.replace(marks, ''), references }, '')
    })
  }

  /** To be read, and changed, before it is sent. */
  async function turn(to: Language) {
    field.current?.focus()
    const original = text
    await translating.run(async () => {
      const translation = await translate(original, to)
      writing.offer({ kind: 'translation', text: translation, references: null }, original)
    })
  }

  async function send() {
    const content = text.trim()
    if (!mayGo) return
    if (mode === 'reply') {
      store.send(content, files.take() ?? [])
      return writing.clear('reply')
    }
    const input = { conversation_id: id, key: createKey(), content }
    if (await attempt(() => desk.client.call('note:add', input))) writing.clear('note')
  }

  function pick(index: number) {
    const next = suggestions?.pick(index)
    if (!next) return
    placed.current = next.caret
    writing.insert(mode, next.text)
    setCaret(next.caret)
    field.current?.focus()
  }

  function onKeyDown(event: KeyboardEvent) {
    // While an input method composes, Enter chooses a word; Safari tells so by 229 alone.
    if (event.isComposing || event.keyCode === 229) return
    if (suggestions && onSuggestionKey(event)) return event.preventDefault()
    if (isUndo(event) && writing.canRestore(mode)) {
      event.preventDefault()
      writing.restore(mode)
    } else if (event.key === 'Escape') {
      event.preventDefault()
      focusList()
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault()
      void send()
    }
  }

  function onSuggestionKey({ key }: KeyboardEvent): boolean {
    if (!suggestions) return false
    const moved = moveChoice(key, suggestions.chosen, suggestions.items.length)
    if (moved !== null) suggestions.choose(moved)
    else if (key === 'Escape') suggestions.dismiss()
    else if ((key === 'Enter' || key === 'Tab') && suggestions.items.length > 0) pick(suggestions.chosen)
    else return false
    return true
  }

  return (
    <form
      class={`composer ${mode}`}
      onSubmit={event => {
        event.preventDefault()
        void send()
      }}
    >
      {closed && mayReply && (
        <p class="warning" role="status">
          {closed} {text.trim() && t('wordsKept')}
        </p>
      )}
      {suggestions && (
        <Suggestions
          id={listId}
          label={t(mode === 'reply' ? 'canned' : 'colleagues')}
          items={suggestions.items}
          chosen={suggestions.chosen}
          onPick={pick}
        >
          <p class="muted">{t(mode === 'reply' ? 'noCanned' : 'noColleagues')}</p>
        </Suggestions>
      )}
      {mode === 'reply' && <OfferPanel writing={writing} onAnswer={() => field.current?.focus()} />}
      <textarea
        ref={field}
        rows={1}
        value={text}
        aria-label={t(mode)}
        placeholder={t(mode === 'reply' ? 'replyPlaceholder' : 'notePlaceholder')}
        aria-controls={suggestions ? listId : undefined}
        aria-activedescendant={suggestions ? `${listId}-${suggestions.chosen}` : undefined}
        onInput={({ currentTarget }) => {
          writing.type(mode, currentTarget.value)
          setCaret(currentTarget.selectionStart)
          if (mode === 'reply') store.typing()
        }}
        onSelect={({ currentTarget }) => setCaret(currentTarget.selectionStart)}
        onKeyDown={onKeyDown}
        onPaste={event => mode === 'reply' && pasteFiles(event, files)}
      />
      {mode === 'reply' && (
        <PickedFiles files={files} errorSentence={consoleErrorSentence} language={language} t={t} />
      )}
      {excess > 0 && (
        <p class="problem" role="alert">
          {t('tooLong', { count: excess })}
        </p>
      )}
      <div class="composer-foot">
        {mayReply && (
          <fieldset class="modes" aria-label={t('mode')}>
            {(['reply', 'note'] as const).map(name => (
              <button
                key={name}
                type="button"
                aria-pressed={name === mode}
                title={`${t(name)} (Alt M)`}
                onClick={() => name === mode || toggleMode()}
              >
                {t(name)}
              </button>
            ))}
          </fieldset>
        )}
        {mode === 'reply' && <AttachButton files={files} t={t} />}
        {mayReply && (
          <button
            type="button"
            class="button small draft"
            aria-label={t('draft')}
            disabled={drafting.isBusy}
            title={`${t('draft')} (Alt G)`}
            onClick={suggest}
          >
            <Icon name="spark" size={16} />
            <span>{t(drafting.isBusy ? 'drafting' : 'draft')}</span>
          </button>
        )}
        {translateTo && mode === 'reply' && text.trim() !== '' && !isIn(translateTo, text) && (
          <button
            type="button"
            class="button small translate"
            aria-label={t('translateTo', { language: t(translateTo) })}
            title={t('translateTo', { language: t(translateTo) })}
            disabled={translating.isBusy}
            onClick={() => void turn(translateTo)}
          >
            <Icon name="globe" size={16} />
            <span>
              {translating.isBusy ? t('translating') : t('translateTo', { language: t(translateTo) })}
            </span>
          </button>
        )}
        <button type="submit" class="button small primary" disabled={!mayGo}>
          <Icon name={mode === 'reply' ? 'send' : 'note'} size={16} />
          {t(mode === 'reply' ? 'send' : 'addNote')}
        </button>
      </div>
    </form>
  )
}

function isUndo({ key, ctrlKey, metaKey, shiftKey, altKey }: KeyboardEvent): boolean {
  return key.toLowerCase() === 'z' && (ctrlKey || metaKey) && !shiftKey && !altKey
}
