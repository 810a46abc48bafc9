import { useState } from 'preact/hooks'
import type { Agent } from '#protocol'
import type { Team } from '#protocol/service'
import { ConfirmDialog, Dialog } from '../../ui/dialog.tsx'
import { Icon } from '../../ui/icons.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import { useAction, useLoaded } from '../context.ts'
import { Empty, Loading } from '../state.tsx'
import { useService } from './context.ts'

/** Whom a conversation can be handed on to together. */
export function Teams() {
  const { session, toasts, t } = useService()
  const teams = useLoaded<{ teams: Team[] }>('/admin/teams')
  const staff = useLoaded<{ agents: Agent[] }>('/admin/handoff/agents')
  const [edited, setEdited] = useState<Team | 'new' | null>(null)
  const [deleted, setDeleted] = useState<Team | null>(null)
  const { run } = useAction()
  const agents = staff.data?.agents ?? []
  const nameOf = (id: string) => agents.find(agent => agent.id === id)?.name ?? id.slice(-4)

  function save(fields: FormData) {
    const id = edited === 'new' ? null : edited?.id
    void run(async () => {
      const body = { name: fields.get('name'), members: fields.getAll('member') }
      await session.call(id ? `/admin/teams/${id}` : '/admin/teams', { method: id ? 'PUT' : 'POST', body })
      toasts.say(t('saved'))
      teams.reload()
    })
  }

  function remove({ id, name }: Team) {
    void run(async () => {
      await session.call(`/admin/teams/${id}`, { method: 'DELETE' })
      toasts.say(t('deleted', { name }))
      teams.reload()
    })
  }

  const columns: Column<Team>[] = [
    { name: 'name', label: t('name'), cell: ({ name }) => <span class="title">{name}</span> },
    {
      name: 'members',
      label: t('members'),
      cell: ({ members }) => members.map(nameOf).join(', ') || <span class="muted">{t('noMembers')}</span>,
    },
    {
      name: 'edit',
      label: '',
      kind: 'end',
      cell: team => (
        <span class="row-acts">
          <button
            type="button"
            class="button quiet"
            aria-label={`${t('edit')} ${team.name}`}
            onClick={() => setEdited(team)}
          >
            <Icon name="pencil" size={18} />
          </button>
          <button
            type="button"
            class="button quiet danger"
            aria-label={`${t('delete')} ${team.name}`}
            onClick={() => setDeleted(team)}
          >
            <Icon name="trash" size={18} />
          </button>
        </span>
      ),
    },
  ]

  return (
    <section class="card">
      <div class="toolbar">
        <h2>{t('teams')}</h2>
        <button type="button" class="button push" onClick={() => setEdited('new')}>
          <Icon name="plus" size={18} />
          {t('newTeam')}
        </button>
      </div>
      <Loading of={teams}>
        {({ teams: found }) =>
          found.length === 0 ? (
            <Empty title={t('noTeams')} text={t('noTeamsText')} />
          ) : (
            <Table columns={columns} rows={found} keyOf={({ id }) => id} />
          )
        }
      </Loading>
      {edited && (
        <TeamDialog
          team={edited === 'new' ? null : edited}
          agents={agents}
          onAnswer={(isConfirmed, fields) => {
            if (isConfirmed) save(fields)
            setEdited(null)
          }}
        />
      )}
      {deleted && (
        <ConfirmDialog
          title={t('deleteTitle', { name: deleted.name })}
          confirm={t('delete')}
          cancel={t('cancel')}
          isDangerous
          onAnswer={isConfirmed => {
            if (isConfirmed) remove(deleted)
            setDeleted(null)
          }}
        >
          {t('deleteText')}
        </ConfirmDialog>
      )}
    </section>
  )
}

interface TeamProps {
  team: Team | null
  agents: Agent[]
  onAnswer(isConfirmed: boolean, fields: FormData): void
}

function TeamDialog({ team, agents, onAnswer }: TeamProps) {
  const { t } = useService()
  return (
    <Dialog title={t(team ? 'edit' : 'newTeam')} confirm={t('save')} cancel={t('cancel')} onAnswer={onAnswer}>
      <label class="field">
        {t('name')}
        <input class="input" name="name" defaultValue={team?.name} maxLength={100} required />
      </label>
      <fieldset class="members">
        <legend>{t('members')}</legend>
        {agents.length === 0 && <p class="muted">{t('noStaff')}</p>}
        {agents.map(({ id, name }) => (
          <label key={id} class="check">
            <input type="checkbox" name="member" value={id} defaultChecked={team?.members.includes(id)} />
            {name ?? id.slice(-4)}
          </label>
        ))}
      </fieldset>
    </Dialog>
  )
}
