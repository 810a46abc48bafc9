import './rules.css'
import { useState } from 'preact/hooks'
import { offerAfterMax } from '#protocol/core/limits'
import type { Settings } from '#protocol/desk/service'
import { languages } from '../../../ui/i18n.ts'
import { useConsole } from '../../context.ts'
import { NumberField } from '../../fields.tsx'
import type { FieldsProps } from './page.tsx'
import { translator } from './words.ts'

type Rules = Settings['rules']

export function RulesFields({ settings: { rules }, change }: FieldsProps) {
  const { t } = useConsole(translator)
  const set = (to: Partial<Rules>) => change({ rules: { ...rules, ...to } })
  return (
    <>
      <Phrases label={t('direct')} rule={rules.direct} onChange={direct => set({ direct })} />
      <Phrases label={t('anger')} rule={rules.anger} onChange={anger => set({ anger })} />
      <div class="fields">
        <NumberField
          label={t('failedTurns')}
          hint={t('zeroNever')}
          value={rules.failed_turns}
          max={offerAfterMax}
          isRequired
          onNumber={count => set({ failed_turns: count ?? 0 })}
        />
        <NumberField
          label={t('noEvidence')}
          hint={t('zeroNever')}
          value={rules.no_evidence}
          max={offerAfterMax}
          isRequired
          onNumber={count => set({ no_evidence: count ?? 0 })}
        />
      </div>
    </>
  )
}

function Phrases(props: { label: string; rule: Rules['direct']; onChange(rule: Rules['direct']): void }) {
  const { t } = useConsole(translator)
  const { label, rule, onChange } = props
  return (
    <fieldset class="phrases">
      <label class="check">
        <input
          type="checkbox"
          checked={rule.enabled}
          onChange={event => onChange({ ...rule, enabled: event.currentTarget.checked })}
        />
        {label}
      </label>
      <div class="fields">
        {languages.map(language => (
          <Lines
            key={language}
            label={t(language)}
            hint={t('onePerLine')}
            lines={rule.phrases[language]}
            isDisabled={!rule.enabled}
            onLines={lines => onChange({ ...rule, phrases: { ...rule.phrases, [language]: lines } })}
          />
        ))}
      </div>
    </fieldset>
  )
}

interface LinesProps {
  label: string
  hint: string
  lines: string[]
  isDisabled: boolean
  onLines(lines: string[]): void
}

function Lines({ label, hint, lines, isDisabled, onLines }: LinesProps) {
  const [typed, setTyped] = useState(lines.join('\n'))
  // What is being typed holds blanks that the lines do not; other lines than those, as after a cancel, are shown.
  const isTyped = toLines(typed).join('\n') === lines.join('\n')
  return (
    <label class="field">
      {label}
      <textarea
        class="input"
        rows={4}
        disabled={isDisabled}
        value={isTyped ? typed : lines.join('\n')}
        onInput={event => {
          setTyped(event.currentTarget.value)
          onLines(toLines(event.currentTarget.value))
        }}
      />
      <small class="muted">{hint}</small>
    </label>
  )
}

function toLines(text: string): string[] {
  return text
    .split('\n')
    .map(line => line.trim())
    .filter(Boolean)
}
