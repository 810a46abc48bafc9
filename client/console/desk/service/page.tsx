import { agentCapacityMax } from '#protocol/core/limits'
import type { Settings } from '#protocol/desk/service'
import { useForm } from '../../../ui/form.ts'
import { useAction, useConsole, useLoaded } from '../../context.ts'
import { NumberField, SelectField } from '../../fields.tsx'
import { Loading } from '../../state.tsx'
import { HoursFields } from './hours.tsx'
import { RulesFields } from './rules.tsx'
import { Teams } from './teams.tsx'
import { translator } from './words.ts'

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

function Form({ stored, onSaved }: { stored: Settings; onSaved(): void }) {
  const { session, toasts, t } = useConsole(translator)
  const { values: settings, changes, change, reset } = useForm(stored)
  const { isBusy, run } = useAction()

  function save(event: SubmitEvent) {
    event.preventDefault()
    void run(async () => {
      await session.call('handoff:configure', changes ?? {})
      toasts.say(t('saved'))
      onSaved()
    })
  }

  return (
    <form class="settings" onSubmit={save}>
      <section class="card">
        <h2>{t('routing')}</h2>
        <RoutingFields settings={settings} change={change} />
      </section>
      <section class="card">
        <h2>{t('hours')}</h2>
        <HoursFields settings={settings} change={change} />
      </section>
      <section class="card">
        <h2>{t('sla')}</h2>
        <p class="muted">{t('slaHint')}</p>
        <SlaFields settings={settings} change={change} />
      </section>
      <section class="card">
        <h2>{t('priorities')}</h2>
        <PriorityFields settings={settings} change={change} />
      </section>
      <section class="card">
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
      <NumberField
        label={t('waitLimit')}
        hint={t('waitLimitHint')}
        value={settings.wait_limit_s}
        min={1}
        onNumber={wait_limit_s => change({ wait_limit_s })}
      />
      <NumberField
        label={t('silence')}
        hint={t('silenceHint')}
        value={settings.silence_s}
        min={1}
        onNumber={silence_s => change({ silence_s })}
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
        <NumberField
          key={name}
          label={t(word)}
          value={sla[name]}
          min={1}
          onNumber={seconds => change({ sla: { ...sla, [name]: seconds } })}
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
