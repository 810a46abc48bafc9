import { useState } from 'preact/hooks'
import type { OperationOutput } from '#protocol'
import { Dialog } from '../../../ui/dialog.tsx'
import type { Column } from '../../../ui/table.tsx'
import { dateTimeLabel } from '../../../ui/time.ts'
import { useAction, useConsole } from '../../context.ts'
import { PagedTable, usePages } from '../../pages.tsx'
import { Delivery } from './delivery.tsx'
import { translator } from './words.ts'

type Mail = OperationOutput<'mail:list'>['items'][number]
type Letter = OperationOutput<'mail:get'>['mail']

const tones = { queued: 'busy', sent: 'good', failed: 'bad', kept: '' } as const

/** What was written to people, and whether it went out. */
export function MailView() {
  const { session, t, language } = useConsole(translator)
  const mails = usePages('mail:list', {})
  const [letter, setLetter] = useState<Letter | null>(null)
  const { isBusy, run } = useAction()

  function open({ id }: Mail) {
    void run(async () => {
      const { mail } = await session.call('mail:get', { id })
      setLetter(mail)
    })
  }

  const columns: Column<Mail>[] = [
    {
      name: 'subject',
      label: t('subject'),
      cell: ({ subject, recipient }) => (
        <>
          <span class="title">{subject}</span>
          <small class="muted">{recipient}</small>
        </>
      ),
    },
    {
      name: 'state',
      label: t('state'),
      cell: ({ status, error }) => (
        <>
          <span class={`tag ${tones[status]}`} title={status === 'kept' ? t('keptHint') : undefined}>
            {t(status)}
          </span>
          {error && <small class="problem">{error}</small>}
        </>
      ),
    },
    {
      name: 'when',
      label: t('when'),
      kind: 'wide',
      cell: ({ created_at }) => dateTimeLabel(created_at, language),
    },
    {
      name: 'read',
      label: '',
      kind: 'end',
      cell: mail =>
        mail.staff && session.get().user?.role !== 'super_admin' ? (
          <span class="tag">{t('staffMail')}</span>
        ) : (
          <button type="button" class="button small" aria-busy={isBusy} onClick={() => open(mail)}>
            {t('read')}
          </button>
        ),
    },
  ]

  return (
    <>
      <Delivery />
      <section class="card">
        <PagedTable
          of={mails}
          columns={columns}
          keyOf={({ id }) => id}
          empty={{ title: t('noMail'), text: t('noMailText') }}
        />
        {letter && (
          <Dialog title={letter.subject} cancel={t('close')} isWide onAnswer={() => setLetter(null)}>
            <p class="muted">{letter.recipient}</p>
            <pre class="letter">{letter.text ?? t('noText')}</pre>
          </Dialog>
        )}
      </section>
    </>
  )
}
