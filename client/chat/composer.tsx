import { useEffect, useState } from 'preact/hooks'
import type { Message } from '#protocol'
import { messageMaxLength } from '#protocol/core/limits'
import { AttachButton, PickedFiles } from '../ui/attachments.tsx'
import { pasteFiles, useGrowing } from '../ui/field.ts'
import { Icon } from '../ui/icons.tsx'
import { pageErrorSentence } from '../ui/page-errors.ts'
import { useStore } from '../ui/use-store.ts'
import { useAction, useChat } from './context.ts'

const maxHeightPx = 240
const nothing = { get: () => null, subscribe: () => () => {} }

export function Composer() {
  const { client, current, language, t } = useChat()
  const { id, conversation, files } = useStore(current)
  const state = useStore(conversation ?? nothing)
  const slot = `draft:${id ?? 'new'}`
  const [draft, setDraft] = useState(() => client.slots.read<string>(slot) ?? '')
  const field = useGrowing(draft, maxHeightPx)
  const picked = useStore(files)
  const { isBusy, run } = useAction()
  const answering = state?.messages.findLast(({ status }) => status === 'streaming')
  const isClosed = state?.conversation?.status === 'closed'
  const excess = draft.length - messageMaxLength
  const maySend =
    !isBusy &&
    !isClosed &&
    excess <= 0 &&
    picked.every(({ attachment }) => attachment) &&
    Boolean(draft.trim() || picked.length)

  // A finger would bring the keyboard up over what there is to read.
  useEffect(() => {
    if (matchMedia('(pointer: fine)').matches) field.current?.focus()
  }, [])

  function change(text: string) {
    setDraft(text)
    client.slots.write(slot, text || null)
  }

  async function send() {
    if (!maySend) return
    const attachments = files.take() ?? []
    const content = draft.trim()
    change('')
    // What could not be begun stands in the field again.
    if (!(await run(() => current.send(content, attachments)))) change(content)
  }

  function onKeyDown(event: KeyboardEvent) {
    // While an input method composes, Enter chooses a word; Safari tells so by 229 alone.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return
    event.preventDefault()
    void send()
  }

  return (
    <form
      class="composer"
      onSubmit={event => {
        event.preventDefault()
        void send()
      }}
      onDragOver={event => event.preventDefault()}
      onDrop={event => {
        event.preventDefault()
        files.add(event.dataTransfer?.files ?? [])
      }}
    >
      {excess > 0 && (
        <p class="problem" role="alert">
          {t('tooLong', { count: excess })}
        </p>
      )}
      <PickedFiles files={files} errorSentence={pageErrorSentence} language={language} t={t} />
      <div class="field">
        <AttachButton files={files} t={t} />
        <textarea
          ref={field}
          rows={1}
          dir="auto"
          value={draft}
          disabled={isClosed}
          placeholder={t(isClosed ? 'closed' : 'placeholder')}
          aria-label={t('message')}
          title={t('hint')}
          enterkeyhint="send"
          onInput={event => {
            change(event.currentTarget.value)
            conversation?.typing()
          }}
          onKeyDown={onKeyDown}
          onPaste={event => pasteFiles(event, files)}
        />
        <SendOrStop answering={answering} maySend={maySend} />
      </div>
    </form>
  )
}

/** Further questions may be asked while one is answered. */
function SendOrStop({ answering, maySend }: { answering: Message | undefined; maySend: boolean }) {
  const { current, t } = useChat()
  return (
    <>
      {answering && (
        <button
          type="button"
          class="round stop"
          aria-label={t('stop')}
          title={t('stop')}
          onClick={() =>
            current
              .get()
              .conversation?.stop(answering.id)
              .catch(() => {})
          }
        >
          <Icon name="stop" size={18} />
        </button>
      )}
      {(!answering || maySend) && (
        <button type="submit" class="round" aria-label={t('send')} title={t('send')} disabled={!maySend}>
          <Icon name="send" size={18} />
        </button>
      )}
    </>
  )
}
