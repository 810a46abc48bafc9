import { useState } from 'preact/hooks'
import type { OperationOutput } from '#protocol'
import { saveBlob } from '../../../ui/save-blob.ts'
import { type Column, Table } from '../../../ui/table.tsx'
import { dateTimeLabel } from '../../../ui/time.ts'
import { useAction, useConsole, useLoaded, useSettled } from '../../context.ts'
import { SearchField } from '../../pages.tsx'
import { personLabel } from '../../person-label.ts'
import { ReasonDialog } from '../../reason-dialog.tsx'
import { Empty, Loading } from '../../state.tsx'
import { translator } from './words.ts'

type Person = OperationOutput<'privacy:find_people'>['people'][number]

const searchMinLength = 2

/** Whoever asks what is held on them, or wants it gone: customers, and visitors who left no more than an address. */
export function HeldData() {
  const { t } = useConsole(translator)
  const [search, setSearch] = useState('')
  const settled = useSettled(search.trim())
  return (
    <section class="card part">
      <h2>{t('people')}</h2>
      <p class="muted">{t('peopleText')}</p>
      <div class="toolbar">
        <SearchField label={t('searchPeople')} value={search} onSearch={setSearch} />
      </div>
      {settled.length >= searchMinLength && <FoundPeople search={settled} />}
    </section>
  )
}

function FoundPeople({ search }: { search: string }) {
  const { session, toasts, t } = useConsole(translator)
  const found = useLoaded('privacy:find_people', { search })
  const [erased, setErased] = useState<Person | null>(null)
  const { isBusy, run } = useAction()
  const columns = useColumns({ isBusy, onExport: download, onErase: setErased })
  const nameOf = useNameOf()

  function download({ id }: Person) {
    void run(async () => saveBlob(await session.file('privacy:export_person', { id }), `parley-${id}.tar.gz`))
  }

  function erase(person: Person, reason: string) {
    void run(async () => {
      await session.call('privacy:erase_person', { id: person.id, reason })
      toasts.say(t('erased', { name: nameOf(person) }))
      found.reload()
    })
  }

  return (
    <>
      <Loading of={found}>
        {({ people }) =>
          people.length === 0 ? (
            <Empty title={t('nobody')} text={t('nobodyText')} />
          ) : (
            <Table columns={columns} rows={people} keyOf={({ id }) => id} />
          )
        }
      </Loading>
      {erased && (
        <ReasonDialog
          title={t('eraseTitle', { name: nameOf(erased) })}
          text={t('eraseText')}
          confirm={t('erase')}
          label={t('reason')}
          onAnswer={reason => {
            setErased(null)
            if (reason !== null) erase(erased, reason)
          }}
        />
      )}
    </>
  )
}

function useNameOf(): (person: Person) => string {
  const { t } = useConsole(translator)
  return person => personLabel(person) ?? person.contacts[0] ?? t('noName')
}

interface ColumnOptions {
  isBusy: boolean
  onExport(person: Person): void
  onErase(person: Person): void
}

function useColumns({ isBusy, onExport, onErase }: ColumnOptions): Column<Person>[] {
  const { t, language } = useConsole(translator)
  const nameOf = useNameOf()
  return [
    {
      name: 'person',
      label: t('person'),
      cell: person => (
        <>
          <span class="title">{nameOf(person)}</span> <span class="tag">{t(person.role as 'visitor')}</span>
          <small class="muted">
            {[...new Set([person.email, ...person.contacts])].filter(Boolean).join(' · ') || person.id}
          </small>
        </>
      ),
    },
    {
      name: 'conversations',
      label: t('conversationCount'),
      kind: 'number wide',
      cell: ({ conversations }) => conversations,
    },
    {
      name: 'active',
      label: t('lastActive'),
      kind: 'wide',
      cell: ({ last_active_at }) => dateTimeLabel(last_active_at, language),
    },
    {
      name: 'acts',
      label: '',
      kind: 'end',
      cell: person => (
        <span class="row-acts">
          <button
            type="button"
            class="button small"
            aria-label={`${t('export')} ${nameOf(person)}`}
            aria-busy={isBusy}
            onClick={() => onExport(person)}
          >
            {t('export')}
          </button>
          <button
            type="button"
            class="button small danger"
            aria-label={`${t('erase')} ${nameOf(person)}`}
            aria-busy={isBusy}
            onClick={() => onErase(person)}
          >
            {t('erase')}
          </button>
        </span>
      ),
    },
  ]
}
