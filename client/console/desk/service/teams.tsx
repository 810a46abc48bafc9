import type { Agent } from '#protocol'
import { teamNameMaxLength } from '#protocol/core/limits'
import type { Team } from '#protocol/desk/service'
import type { Column } from '../../../ui/table.tsx'
import { useConsole, useLoaded } from '../../context.ts'
import { EditableList } from '../../editable.tsx'
import { TextField } from '../../fields.tsx'
import { PeopleFields } from './people-fields.tsx'
import { translator } from './words.ts'

/** Whom a conversation can be handed on to together. */
export function Teams() {
  const { session, t } = useConsole(translator)
  const teams = useLoaded('team:list', {})
  const staff = useLoaded('presence:list', {})
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
      loaded={teams}
      itemsOf={data => data.teams}
      nameOf={({ name }) => name}
      columns={columns}
      head={<h2>{t('teams')}</h2>}
      words={{ add: t('newTeam'), none: t('noTeams'), noneText: t('noTeamsText') }}
      valuesOf={team => ({ name: team?.name ?? '', members: team?.members ?? [] })}
      onSave={(team_id, values) => session.call('team:save', { team_id, ...values })}
      onDelete={team_id => session.call('team:delete', { team_id })}
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
      <TextField
        label={t('name')}
        value={name}
        maxLength={teamNameMaxLength}
        isRequired
        onText={text => change({ name: text })}
      />
      <PeopleFields
        label={t('members')}
        none={t('noStaff')}
        people={agents}
        chosen={members}
        onChoose={ids => change({ members: ids })}
      />
    </>
  )
}
