import './page.css'
import { useState } from 'preact/hooks'
import type { OperationOutput } from '#protocol'
import { auditScopes } from '#protocol/core/limits'
import type { AuditScope } from '#protocol/identity/audit'
import { Dialog } from '../../../ui/dialog.tsx'
import { Icon } from '../../../ui/icons.tsx'
import { saveBlob } from '../../../ui/save-blob.ts'
import type { Column } from '../../../ui/table.tsx'
import { dateTimeLabel } from '../../../ui/time.ts'
import { useAction, useConsole, useSettled } from '../../context.ts'
import { PagedTable, SearchField, Select, usePages } from '../../pages.tsx'
import { type T, translator } from './words.ts'

type Entry = OperationOutput<'audit:list'>['items'][number]

/** Who did what, when, from where, and what it changed. */
export function AuditView() {
  const { session, t, language } = useConsole(translator)
  const [scope, setScope] = useState<AuditScope | ''>('')
  const [action, setAction] = useState('')
  const [from, setFrom] = useState('')
  const [until, setUntil] = useState('')
  const [shown, setShown] = useState<Entry | null>(null)
  const { isBusy, run } = useAction()
  const filter = { scope, action: useSettled(action), from: momentOf(from), until: momentOf(until, 1) }
  const entries = usePages('audit:list', filter)

  function download() {
    void run(async () => saveBlob(await session.file('audit:download', filter), 'audit.csv'))
  }

  const columns: Column<Entry>[] = [
    { name: 'when', label: t('when'), cell: ({ at }) => dateTimeLabel(at, language) },
    {
      name: 'what',
      label: t('what'),
      cell: ({ action, scope, subject_name }) => (
        <>
          <span class="title">{action}</span> <span class="tag">{scope}</span>
          {subject_name && <small class="muted">{subject_name}</small>}
        </>
      ),
    },
    {
      name: 'who',
      label: t('who'),
      kind: 'wide',
      cell: ({ actor_name, actor_role }) => (
        <>
          {actor_name ?? roleLabel(actor_role, t)}
          {actor_name && <small class="muted">{roleLabel(actor_role, t)}</small>}
        </>
      ),
    },
    { name: 'address', label: t('address'), kind: 'wide', cell: ({ address }) => address },
    {
      name: 'details',
      label: '',
      kind: 'end',
      cell: entry => (
        <button type="button" class="button small" onClick={() => setShown(entry)}>
          {t('details')}
        </button>
      ),
    },
  ]

  return (
    <section class="card">
      <div class="toolbar">
        <Select
          label={t('area')}
          value={scope}
          options={[['', t('anyArea')], ...auditScopes.map(name => [name, name] as const)]}
          onSelect={setScope}
        />
        <SearchField label={t('action')} value={action} onSearch={setAction} />
        <Day label={t('from')} value={from} onDay={setFrom} />
        <Day label={t('until')} value={until} onDay={setUntil} />
        <button type="button" class="button push" aria-busy={isBusy} onClick={download}>
          <Icon name="download" size={18} />
          {t('download')}
        </button>
      </div>
      <PagedTable
        of={entries}
        columns={columns}
        keyOf={({ id }) => id}
        empty={{ title: t('noEntries'), text: t('noEntriesText') }}
      />
      {shown && <Details entry={shown} onClose={() => setShown(null)} />}
    </section>
  )
}

const roles = ['anyone', 'visitor', 'user', 'agent', 'admin', 'super_admin', 'server', 'site'] as const

function roleLabel(role: string, t: T): string {
  const known = roles.find(name => name === role)
  return known ? t(known) : role
}

/** The beginning of a day as it is here, or of one after it: not every day has 24 hours. */
function momentOf(day: string, later = 0): string {
  if (!day) return ''
  const moment = new Date(`${day}T00:00`)
  moment.setDate(moment.getDate() + later)
  return moment.toISOString()
}

function Day({ label, value, onDay }: { label: string; value: string; onDay(day: string): void }) {
  return (
    <label class="day-field">
      <span class="muted">{label}</span>
      <input class="input" type="date" value={value} onInput={event => onDay(event.currentTarget.value)} />
    </label>
  )
}

function Details({ entry, onClose }: { entry: Entry; onClose(): void }) {
  const { t } = useConsole(translator)
  const { action, actor_name, actor_role, actor_id, subject, subject_name, before, after, request_id } = entry
  const facts: [label: string, name: string | null, id: string | null][] = [
    [t('who'), actor_name ?? roleLabel(actor_role, t), actor_id],
    [t('subject'), subject_name, subject],
    [t('request'), null, request_id],
  ]
  return (
    <Dialog title={action} cancel={t('close')} isWide onAnswer={onClose}>
      <dl class="audit-facts">
        {facts.map(([label, name, id]) => (
          <div key={label} hidden={!name && !id}>
            <dt>{label}</dt>
            <dd>
              {name} {id && <code class="muted">{id}</code>}
            </dd>
          </div>
        ))}
      </dl>
      <State title={t('before')} state={before} />
      <State title={t('after')} state={after} />
    </Dialog>
  )
}

function State({ title, state }: { title: string; state: unknown }) {
  if (state === null) return null
  return (
    <>
      <h3>{title}</h3>
      <pre class="json">{JSON.stringify(state, null, 2)}</pre>
    </>
  )
}
