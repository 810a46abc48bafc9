import type { Settings } from '#protocol/service'
import { useService } from './context.ts'
import { NumberField } from './fields.tsx'
import type { FieldsProps } from './settings.tsx'

type Rules = Settings['rules']

export function RulesFields({ settings: { rules }, change }: FieldsProps) {
  const { t } = useService()
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
          max={20}
          isRequired
          onNumber={count => set({ failed_turns: count ?? 0 })}
        />
        <NumberField
          label={t('noEvidence')}
          hint={t('zeroNever')}
          value={rules.no_evidence}
          max={20}
          isRequired
          onNumber={count => set({ no_evidence: count ?? 0 })}
        />
      </div>
    </>
  )
}

function Phrases(props: { label: string; rule: Rules['direct']; onChange(rule: Rules['direct']): void }) {
  const { t } = useService()
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
        {(['en', 'zh'] as const).map(language => (
          <label key={language} class="field">
            {t(language)}
            <textarea
              class="input"
              rows={4}
              disabled={!rule.enabled}
              defaultValue={rule.phrases[language].join('\n')}
              onInput={event => {
                const phrases = { ...rule.phrases, [language]: toLines(event.currentTarget.value) }
                onChange({ ...rule, phrases })
              }}
            />
            <small class="muted">{t('onePerLine')}</small>
          </label>
        ))}
      </div>
    </fieldset>
  )
}

function toLines(text: string): string[] {
  return text
    .split('\n')
    .map(line => line.trim())
    .filter(Boolean)
}
