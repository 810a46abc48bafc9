import { useEffect, useRef, useState } from 'preact/hooks'
import type { Message } from '#protocol'
import { messageMaxLength, retractMaxMs } from '#protocol/core/limits'
import { Dialog } from '../../../ui/dialog.tsx'
import { useGrowing } from '../../../ui/field.ts'
import { Icon } from '../../../ui/icons.tsx'
import { useConsole } from '../../context.ts'
import { AdoptButton } from '../../shop/evaluation/adopt-button.tsx'
import { useAttempt, useDesk, useDeskAction } from './context.ts'

interface ToolsProps {
  message: Message
  /** It is one's own, and one has the conversation. */
  mayChange: boolean
  onEdit(): void
  onRedact(): void
}

/** What can be done with what was said: one's own is corrected, an administrator removes any. */
export function MessageTools({ message, mayChange, onEdit, onRedact }: ToolsProps) {
  const { t } = useDesk()
  const { session } = useConsole()
  const role = session.get().user?.role
  const mayRedact = (role === 'admin' || role === 'super_admin') && message.status !== 'streaming'
  const mayAdopt =
    mayRedact && (message.role === 'user' || message.role === 'assistant') && message.content !== ''
  if (message.removed || !(mayChange || mayRedact)) return null
  return (
    <span class="message-tools">
      {mayAdopt && <AdoptButton origin={{ message_id: message.id }} size={15} />}
      {mayChange && (
        <button type="button" aria-label={t('edit')} title={t('edit')} onClick={onEdit}>
          <Icon name="pencil" size={15} />
        </button>
      )}
      {mayRedact && (
        <button type="button" aria-label={t('redact')} title={t('redact')} onClick={onRedact}>
          <Icon name="trash" size={15} />
        </button>
      )}
    </span>
  )
}

export function RedactDialog({ message, onClose }: { message: Message; onClose(): void }) {
  const { desk, t } = useDesk()
  const attempt = useAttempt()
  return (
    <Dialog
      title={t('redactTitle')}
      confirm={t('redactConfirm')}
      cancel={t('cancel')}
      isDangerous
      onAnswer={isConfirmed => {
        onClose()
        if (isConfirmed) void attempt(() => desk.client.call('message:redact', { message_id: message.id }))
      }}
    >
      <p>{t('redactText')}</p>
    </Dialog>
  )
}

/** For ten seconds after it was said; the words go back to the box, where that is empty. */
export function TakeBack({ message: { id, conversation_id, content, created_at } }: { message: Message }) {
  const { desk, t } = useDesk()
  const { run, isBusy } = useDeskAction()
  const leftMs = () => Date.parse(created_at) + retractMaxMs - desk.client.now()
  const [seconds, setSeconds] = useState(() => Math.ceil(leftMs() / 1000))
  useEffect(() => {
    if (leftMs() <= 0) return
    const timer = setInterval(() => {
      setSeconds(Math.ceil(leftMs() / 1000))
      if (leftMs() <= 0) clearInterval(timer)
    }, 250)
    return () => clearInterval(timer)
  }, [created_at])

  async function takeBack() {
    await desk.client.call('message:retract', { message_id: id })
    const writing = desk.writing(conversation_id)
    if (writing.get().reply.trim() === '') writing.type('reply', content)
  }

  if (seconds <= 0) return null
  return (
    <p class="under">
      <button type="button" class="link" disabled={isBusy} onClick={() => void run(takeBack)}>
        {t('takeBack')}
      </button>{' '}
      <span aria-hidden="true">{t('secondsLeft', { seconds })}</span>
    </p>
  )
}

const editorMaxPx = 240

/** What was said, to be corrected where it stands. */
export function MessageEditor({ message: { id, content }, onClose }: { message: Message; onClose(): void }) {
  const { desk, t } = useDesk()
  const { run, isBusy } = useDeskAction()
  const [text, setText] = useState(content)
  const field = useGrowing(text, editorMaxPx)
  const isInitial = useRef(true)
  useEffect(() => {
    if (!isInitial.current) return
    isInitial.current = false
    field.current?.focus()
    field.current?.setSelectionRange(content.length, content.length)
  }, [])

  async function save() {
    const corrected = text.trim()
    if (corrected !== content) await desk.client.call('message:edit', { message_id: id, content: corrected })
    onClose()
  }

  return (
    <form
      class="editor"
      onSubmit={event => {
        event.preventDefault()
        if (text.trim() && !isBusy) void run(save)
      }}
    >
      <textarea
        ref={field}
        rows={1}
        maxLength={messageMaxLength}
        value={text}
        aria-label={t('edit')}
        onInput={({ currentTarget }) => setText(currentTarget.value)}
        onKeyDown={event => {
          if (event.isComposing || event.keyCode === 229) return
          if (event.key === 'Escape') onClose()
          else if (event.key === 'Enter' && !event.shiftKey) event.currentTarget.form?.requestSubmit()
          else return
          event.preventDefault()
          event.stopPropagation()
        }}
      />
      <p class="under">
        <button type="button" class="button small" onClick={onClose}>
          {t('cancel')}
        </button>
        <button type="submit" class="button small primary" disabled={isBusy || !text.trim()}>
          {t('saveEdit')}
        </button>
      </p>
    </form>
  )
}
