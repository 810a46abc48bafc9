import { useState } from 'preact/hooks'
import type { OperationOutput } from '#protocol'
import { useAction, useConsole } from '../../context.ts'
import { FactorDialog, RecoveryCodes, RemoveFactorDialog } from './factor-dialogs.tsx'
import type { ProfileProps } from './page.tsx'
import { translator } from './words.ts'

export type Seed = OperationOutput<'auth:begin_factor'>
type Step = { name: 'scan'; seed: Seed } | { name: 'codes'; codes: string[] } | { name: 'remove' }

const fewCodes = 3

export function FactorSettings({ profile, onChanged }: ProfileProps) {
  const { session, t } = useConsole(translator)
  const { isBusy, run } = useAction()
  const [step, setStep] = useState<Step | null>(null)
  const { second_factor: isOn, recovery_codes: left } = profile

  function begin() {
    void run(async () => setStep({ name: 'scan', seed: await session.call('auth:begin_factor', {}) }))
  }

  function leave() {
    setStep(null)
    onChanged()
  }

  return (
    <section class="card">
      <h2>
        {t('factor')} <span class={isOn ? 'tag good' : 'tag'}>{t(isOn ? 'factorOn' : 'factorOff')}</span>
      </h2>
      <p class="muted">{t('factorText')}</p>
      {isOn && (
        <p class={left > fewCodes ? undefined : 'warning'}>
          {t('codesLeft', { count: left })} {left <= fewCodes && t('codesLow')}
        </p>
      )}
      <div class="acts">
        {isOn ? (
          <button type="button" class="button danger" onClick={() => setStep({ name: 'remove' })}>
            {t('turnOff')}
          </button>
        ) : (
          <button type="button" class="button" aria-busy={isBusy} onClick={begin}>
            {t('turnOn')}
          </button>
        )}
      </div>
      {step?.name === 'scan' && (
        <FactorDialog
          seed={step.seed}
          onConfirmed={codes => setStep({ name: 'codes', codes })}
          onClose={() => setStep(null)}
        />
      )}
      {step?.name === 'codes' && <RecoveryCodes codes={step.codes} onClose={leave} />}
      {step?.name === 'remove' && <RemoveFactorDialog onClose={() => setStep(null)} />}
    </section>
  )
}
