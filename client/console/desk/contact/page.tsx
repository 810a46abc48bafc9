import type { Contact } from '#protocol/desk/service'
import type { Column } from '../../../ui/table.tsx'
import { dateTimeLabel } from '../../../ui/time.ts'
import { useAction, useConsole } from '../../context.ts'
import { type Choice, flagOf, PagedTable, Select, usePages } from '../../pages.tsx'
import { useTabState } from '../../tab-state.ts'
import { translator } from './words.ts'

/** Addresses that visitors left because nobody was there. */
export function ContactsView() {
  const { session, t, language } = useConsole(translator)
  const [done, setDone] = useTabState<Choice>('contacts:done', 'false')
  const contacts = usePages('contact:list', { done: flagOf(done) })
  const { isBusy, run } = useAction()

  function settle({ id, done }: Contact) {
    void run(async () => {
      await session.call('contact:settle', { contact_id: id, done: !done })
      contacts.reload()
    })
  }

  const columns: Column<Contact>[] = [
    {
      name: 'contact',
      label: t('contact'),
      cell: ({ email, phone }) => (
        <>
          {email && <a href={`mailto:${email}`}>{email}</a>} {phone && <a href={`tel:${phone}`}>{phone}</a>}
        </>
      ),
    },
    { name: 'message', label: t('message'), cell: ({ message }) => <span class="long">{message}</span> },
    {
      name: 'left',
      label: t('left'),
      kind: 'wide',
      cell: ({ created_at }) => dateTimeLabel(created_at, language),
    },
    {
      name: 'settle',
      label: '',
      kind: 'end',
      cell: contact => (
        <button type="button" class="button small" aria-busy={isBusy} onClick={() => settle(contact)}>
          {t(contact.done ? 'reopen' : 'settle')}
        </button>
      ),
    },
  ]

  return (
    <section class="card">
      <div class="toolbar">
        <Select
          label={t('state')}
          value={done}
          options={[
            ['false', t('open')],
            ['true', t('done')],
            ['', t('all')],
          ]}
          onSelect={setDone}
        />
      </div>
      <PagedTable
        of={contacts}
        columns={columns}
        keyOf={({ id }) => id}
        empty={{ title: t('noContacts'), text: t('noContactsText') }}
      />
    </section>
  )
}
