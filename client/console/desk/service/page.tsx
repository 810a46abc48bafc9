import { useRef } from 'preact/hooks'
import { agentCapacityMax } from '#protocol/core/limits'
import type { Settings } from '#protocol/desk/service'
import { toParleyError } from '../../../sdk/error.ts'
import { useForm } from '../../../ui/form.ts'
import { useAction, useConsole, useLoaded } from '../../context.ts'
import { DurationField, NumberField, SelectField } from '../../fields.tsx'
import { Loading } from '../../state.tsx'
import { HoursFields } from './hours.tsx'
import { RulesFields } from './rules.tsx'
import { Teams } from './teams.tsx'
import { translator, type Word } from './words.ts'

const priorities = ['low', 'normal', 'high', 'urgent'] as const
const routings = ['manual', 'round_robin', 'least_loaded'] as const

/** How the desk is run. */
export function SettingsView() {
  const loaded = useLoaded('handoff:settings', {})
  return (
    <>
      <Loading of={loaded}>{({ settings }) => <Form stored={settings} onSaved={loaded.reload} />}</Loading>
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
function refusedField(thrown: unknown): { group: string; word: Word } | null {
  const { code, details } = toParleyError(thrown)
  if (code !== 'VALIDATION_ERROR' || !Array.isArray(details)) return null
  const refused = String((details[0] as { field?: unknown } | undefined)?.field ?? '')
  const found = fields.find(([path]) => refused === path || refused.startsWith(`${path}.`))
  return found ? { group: found[1], word: found[2] } : null
}

function Form({ stored, onSaved }: { stored: Settings; onSaved(): void }) {
  const { session, toasts, t } = useConsole(translator)
  const { values: settings, changes, change, reset } = useForm(stored)
  const { isBusy, run } = useAction()
  const form = useRef<HTMLFormElement>(null)

  function save(event: SubmitEvent) {
    event.preventDefault()
    void run(async () => {
      try {
        await session.call('handoff:configure', changes ?? {})
      } catch (thrown) {
        const field = refusedField(thrown)
        if (!field) throw thrown
        toasts.warn(t('checkField', { field: t(field.word) }))
        return form.current?.querySelector(`[data-group="${field.group}"]`)?.scrollIntoView()
      }
      toasts.say(t('saved'))
      onSaved()
    })
  }

  return (
    <form class="settings" ref={form} onSubmit={save}>
      <section class="card" data-group="routing">
        <h2>{t('routing')}</h2>
        <RoutingFields settings={settings} change={change} />
      </section>
      <section class="card" data-group="hours">
        <h2>{t('hours')}</h2>
        <HoursFields settings={settings} change={change} />
        <label class="field zone">
          {t('figuresZone')}
          <input
            class="input"
            list="time-zones"
            value={settings.time_zone ?? ''}
            onInput={({ currentTarget: { value } }) => change({ time_zone: value || null })}
          />
          <small class="muted">{t('figuresZoneHint')}</small>
        </label>
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
      <div class={changes ? 'save-bar shown' : 'save-bar'}>
        <button type="button" class="button" disabled={!changes} onClick={reset}>
          {t('cancel')}
        </button>
        <button type="submit" class="button primary" disabled={isBusy || !changes}>
          {t('save')}
        </button>
      </div>
    </form>
  )
}

/** The units of a time, in words. */
function useUnits() {
  const { t } = useConsole(translator)
  return { hours: t('unitHours'), minutes: t('unitMinutes'), seconds: t('unitSeconds') }
}

function RoutingFields({ settings, change }: FieldsProps) {
  const { t } = useConsole(translator)
  const units = useUnits()
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
        words={units}
        onSeconds={wait_limit_s => change({ wait_limit_s })}
      />
      <DurationField
        label={t('silence')}
        hint={t('silenceHint')}
        value={settings.silence_s}
        words={units}
        onSeconds={silence_s => change({ silence_s })}
      />
    </div>
  )
}

function SlaFields({ settings: { sla }, change }: FieldsProps) {
  const { t } = useConsole(translator)
  const units = useUnits()
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
          words={units}
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
