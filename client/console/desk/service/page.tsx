import { agentCapacityMax } from '#protocol/core/limits'
import type { Settings } from '#protocol/desk/service'
import { type ParleyError, toParleyError } from '../../../sdk/error.ts'
import type { Changes } from '../../../ui/form.ts'
import { useConsole, useLoaded } from '../../context.ts'
import { DurationField, NumberField, SelectField, TextField } from '../../fields.tsx'
import { SettingsForm } from '../../settings-form.tsx'
import { Loading } from '../../state.tsx'
import { HoursFields } from './hours.tsx'
import { PeopleFields } from './people-fields.tsx'
import { RulesFields } from './rules.tsx'
import { Teams } from './teams.tsx'
import { translator, type Word } from './words.ts'

const priorities = ['low', 'normal', 'high', 'urgent'] as const
const visibilities = ['own', 'team', 'handed_over', 'all'] as const
const routings = ['manual', 'round_robin', 'least_loaded'] as const

/** How the desk is run. */
export function SettingsView() {
  const { session, t } = useConsole(translator)
  const loaded = useLoaded('handoff:settings', {})

  async function save(changes: Changes<Settings>) {
    try {
      await session.call('handoff:configure', changes)
    } catch (thrown) {
      const group = refusedField(toParleyError(thrown))?.group
      document.querySelector(`[data-group="${group}"]`)?.scrollIntoView()
      throw thrown
    }
    loaded.reload()
  }

  function problemOf(error: ParleyError): string | false {
    const field = refusedField(error)
    return field !== null && t('checkField', { field: t(field.word) })
  }

  return (
    <>
      <Loading of={loaded}>
        {({ settings }) => (
          <SettingsForm stored={settings} onSave={save} problemOf={problemOf}>
            {(values, change) => <Groups settings={values} change={change} />}
          </SettingsForm>
        )}
      </Loading>
      <Teams />
    </>
  )
}

export interface FieldsProps {
  settings: Settings
  change(to: Partial<Settings>): void
}

/** Which field a path of the server's is, the nearest first, and in which group it stands. */
const fields: [path: string, group: string, word: Word][] = [
  ['capacity', 'routing', 'capacity'],
  ['wait_limit_s', 'routing', 'waitLimit'],
  ['silence_s', 'routing', 'silence'],
  ['hours.time_zone', 'hours', 'timeZone'],
  ['hours.holidays', 'hours', 'holidays'],
  ['hours', 'hours', 'hours'],
  ['time_zone', 'hours', 'figuresZone'],
  ['sla.first_response_s', 'sla', 'firstResponseS'],
  ['sla.next_response_s', 'sla', 'nextResponse'],
  ['sla.resolution_s', 'sla', 'resolutionS'],
  ['rules.direct', 'rules', 'direct'],
  ['rules.anger', 'rules', 'anger'],
  ['rules.failed_turns', 'rules', 'failedTurns'],
  ['rules.no_evidence', 'rules', 'noEvidence'],
]

/** The field that the server did not take; null where that is not why it refused. */
function refusedField({ code, details }: ParleyError): { group: string; word: Word } | null {
  if (code !== 'VALIDATION_ERROR' || !Array.isArray(details)) return null
  const refused = String((details[0] as { field?: unknown } | undefined)?.field ?? '')
  const found = fields.find(([path]) => refused === path || refused.startsWith(`${path}.`))
  return found ? { group: found[1], word: found[2] } : null
}

function Groups({ settings, change }: FieldsProps) {
  const { t } = useConsole(translator)
  return (
    <>
      <section class="card" data-group="routing">
        <h2>{t('routing')}</h2>
        <RoutingFields settings={settings} change={change} />
      </section>
      <section class="card" data-group="visibility">
        <h2>{t('visibility')}</h2>
        <VisibilityFields settings={settings} change={change} />
      </section>
      <section class="card" data-group="hours">
        <h2>{t('hours')}</h2>
        <HoursFields settings={settings} change={change} />
        <div class="zone">
          <TextField
            label={t('figuresZone')}
            hint={t('figuresZoneHint')}
            list="time-zones"
            value={settings.time_zone ?? ''}
            onText={text => change({ time_zone: text || null })}
          />
        </div>
        <datalist id="time-zones">
          {Intl.supportedValuesOf('timeZone').map(zone => (
            <option key={zone} value={zone} />
          ))}
        </datalist>
      </section>
      <section class="card" data-group="sla">
        <h2>{t('sla')}</h2>
        <p class="muted">{t('slaHint')}</p>
        <SlaFields settings={settings} change={change} />
      </section>
      <section class="card" data-group="priorities">
        <h2>{t('priorities')}</h2>
        <PriorityFields settings={settings} change={change} />
      </section>
      <section class="card" data-group="rules">
        <h2>{t('rules')}</h2>
        <RulesFields settings={settings} change={change} />
      </section>
    </>
  )
}

function RoutingFields({ settings, change }: FieldsProps) {
  const { t } = useConsole(translator)
  return (
    <div class="fields">
      <SelectField
        label={t('routing')}
        value={settings.routing}
        options={routings.map(name => [name, t(name)] as const)}
        onSelect={routing => change({ routing })}
      />
      <NumberField
        label={t('capacity')}
        value={settings.capacity}
        max={agentCapacityMax}
        isRequired
        onNumber={capacity => change({ capacity: capacity ?? 0 })}
      />
      <DurationField
        label={t('waitLimit')}
        hint={t('waitLimitHint')}
        value={settings.wait_limit_s}
        onSeconds={wait_limit_s => change({ wait_limit_s })}
      />
      <DurationField
        label={t('silence')}
        hint={t('silenceHint')}
        value={settings.silence_s}
        onSeconds={silence_s => change({ silence_s })}
      />
    </div>
  )
}

function VisibilityFields({ settings, change }: FieldsProps) {
  const { t } = useConsole(translator)
  const staff = useLoaded('presence:list', {})
  return (
    <div class="fields">
      <SelectField
        label={t('visible')}
        value={settings.visibility}
        options={visibilities.map(name => [name, t(name)] as const)}
        onSelect={visibility => change({ visibility })}
      />
      <PeopleFields
        label={t('leads')}
        none={t('noStaff')}
        people={staff.data?.agents ?? []}
        chosen={settings.leads}
        onChoose={leads => change({ leads })}
      />
    </div>
  )
}

function SlaFields({ settings: { sla }, change }: FieldsProps) {
  const { t } = useConsole(translator)
  const clocks = [
    ['first_response_s', 'firstResponseS'],
    ['next_response_s', 'nextResponse'],
    ['resolution_s', 'resolutionS'],
  ] as const
  return (
    <div class="fields">
      {clocks.map(([name, word]) => (
        <DurationField
          key={name}
          label={t(word)}
          value={sla[name]}
          onSeconds={seconds => change({ sla: { ...sla, [name]: seconds } })}
        />
      ))}
      <label class="check">
        <input
          type="checkbox"
          checked={sla.only_in_hours}
          onChange={event => change({ sla: { ...sla, only_in_hours: event.currentTarget.checked } })}
        />
        {t('onlyInHours')}
      </label>
    </div>
  )
}

function PriorityFields({ settings: { priorities: chosen }, change }: FieldsProps) {
  const { t } = useConsole(translator)
  return (
    <div class="fields">
      {(['initial', 'angry', 'lost'] as const).map(name => (
        <SelectField
          key={name}
          label={t(name)}
          value={chosen[name]}
          options={priorities.map(priority => [priority, t(priority)] as const)}
          onSelect={priority => change({ priorities: { ...chosen, [name]: priority } })}
        />
      ))}
    </div>
  )
}
