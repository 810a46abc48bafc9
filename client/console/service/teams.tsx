import type { Agent } from '#protocol'
import type { Team } from '#protocol/service'
import type { Column } from '../../ui/table.tsx'
import { useLoaded } from '../context.ts'
import { useService } from './context.ts'
import { EditableList } from './editable.tsx'

/** Whom a conversation can be handed on to together. */
export function Teams() {
  const { t } = useService()
  const teams = useLoaded<{ teams: Team[] }>('/admin/teams')
  const staff = useLoaded<{ agents: Agent[] }>('/admin/handoff/agents')
  const agents = staff.data?.agents ?? []
  const nameOf = (id: string) => agents.find(agent => agent.id === id)?.name ?? id.slice(-4)

  const columns: Column<Team>[] = [
    { name: 'name', label: t('name'), cell: ({ name }) => <span class="title">{name}</span> },
    {
      name: 'members',
      label: t('members'),
      cell: ({ members }) => members.map(nameOf).join(', ') || <span class="muted">{t('noMembers')}</span>,
    },
  ]

  return (
    <EditableList
      path="/admin/teams"
      loaded={teams}
      itemsOf={data => data.teams}
      nameOf={({ name }) => name}
      columns={columns}
      head={<h2>{t('teams')}</h2>}
      words={{ add: t('newTeam'), none: t('noTeams'), noneText: t('noTeamsText') }}
      fieldsOf={team => <TeamFields team={team} agents={agents} />}
      bodyOf={fields => ({ name: fields.get('name'), members: fields.getAll('member') })}
    />
  )
}

function TeamFields({ team, agents }: { team: Team | null; agents: Agent[] }) {
  const { t } = useService()
  return (
    <>
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
    </>
  )
}
