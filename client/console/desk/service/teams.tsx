import type { Agent } from '#protocol'
import { teamNameMaxLength } from '#protocol/core/limits'
import type { Team } from '#protocol/desk/service'
import type { Column } from '../../../ui/table.tsx'
import { useConsole, useLoaded } from '../../context.ts'
import { EditableList } from '../../editable.tsx'
import { translator } from './words.ts'

/** Whom a conversation can be handed on to together. */
export function Teams() {
  const { t } = useConsole(translator)
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
      valuesOf={team => ({ name: team?.name ?? '', members: team?.members ?? [] })}
      fieldsOf={(values, change) => <TeamFields values={values} change={change} agents={agents} />}
    />
  )
}

type Values = Pick<Team, 'name' | 'members'>

interface FieldsProps {
  values: Values
  agents: Agent[]
  change(to: Partial<Values>): void
}

function TeamFields({ values: { name, members }, agents, change }: FieldsProps) {
  const { t } = useConsole(translator)
  return (
    <>
      <label class="field">
        {t('name')}
        <input
          class="input"
          value={name}
          maxLength={teamNameMaxLength}
          required
          onInput={event => change({ name: event.currentTarget.value })}
        />
      </label>
      <fieldset class="members">
        <legend>{t('members')}</legend>
        {agents.length === 0 && <p class="muted">{t('noStaff')}</p>}
        {agents.map(({ id, name }) => (
          <label key={id} class="check">
            <input
              type="checkbox"
              checked={members.includes(id)}
              onChange={({ currentTarget: { checked } }) => {
                const others = members.filter(member => member !== id)
                change({ members: checked ? [...others, id].sort() : others })
              }}
            />
            {name ?? id.slice(-4)}
          </label>
        ))}
      </fieldset>
    </>
  )
}
