import { Dialog } from '../../../ui/dialog.tsx'
import { Icon } from '../../../ui/icons.tsx'
import { saveBlob } from '../../../ui/save-blob.ts'
import { useTask } from '../../../ui/use-task.ts'
import { useConsole } from '../../context.ts'
import { CopyButton } from '../../copy-button.tsx'
import { Problem } from '../../state.tsx'
import type { Seed } from './factor.tsx'
import { translator } from './words.ts'

interface FactorDialogProps {
  seed: Seed
  onConfirmed(recoveryCodes: string[]): void
  onClose(): void
}

export function FactorDialog({ seed, onConfirmed, onClose }: FactorDialogProps) {
  const { session, t } = useConsole(translator)
  const { error, run } = useTask()

  function confirm(code: string) {
    return run(async () => onConfirmed((await session.call('auth:confirm_factor', { code })).recovery_codes))
  }

  return (
    <Dialog
      title={t('scanTitle')}
      confirm={t('confirm')}
      cancel={t('cancel')}
      onSubmit={fields => confirm(String(fields.get('code')))}
      onAnswer={onClose}
    >
      <p class="muted">{t('scan')}</p>
      <img
        class="qr"
        src={`data:image/svg+xml,${encodeURIComponent(seed.svg)}`}
        alt={t('qrCode')}
        width="200"
        height="200"
      />
      <p class="muted secret">{t('secret', { secret: seed.secret })}</p>
      <label class="field">
        {t('sixDigits')}
        <input
          class="input"
          name="code"
          inputMode="numeric"
          autocomplete="one-time-code"
          required
          autofocus
        />
      </label>
      <Problem error={error} words={({ code }) => code === 'INVALID_CODE' && t('wrongCode')} />
    </Dialog>
  )
}

/** Shown this once. */
export function RecoveryCodes({ codes, onClose }: { codes: string[]; onClose(): void }) {
  const { t } = useConsole(translator)
  const text = codes.join('\n')
  return (
    <Dialog title={t('codesTitle')} cancel={t('codesSaved')} onAnswer={onClose}>
      <p class="muted">{t('codesText')}</p>
      <ul class="recovery-codes">
        {codes.map(code => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <div class="acts">
        <CopyButton text={text} label={t('copy')} />
        <button
          type="button"
          class="button small"
          onClick={() => saveBlob(new Blob([`${text}\n`]), 'parley-recovery-codes.txt')}
        >
          <Icon name="download" size={16} />
          {t('download')}
        </button>
      </div>
    </Dialog>
  )
}

export function RemoveFactorDialog({ onClose }: { onClose(): void }) {
  const { session, t } = useConsole(translator)
  const { error, run } = useTask()

  async function remove(fields: FormData) {
    const input = { password: String(fields.get('password')), code: String(fields.get('code')) }
    // Every session has ended by it, this one too.
    if (await run(() => session.call('auth:remove_factor', input))) session.end('UNAUTHORIZED')
  }

  return (
    <Dialog
      title={t('offTitle')}
      confirm={t('turnOff')}
      cancel={t('cancel')}
      isDangerous
      onSubmit={remove}
      onAnswer={onClose}
    >
      <p class="muted">{t('offText')}</p>
      <label class="field">
        {t('password')}
        <input class="input" name="password" type="password" autocomplete="current-password" required />
      </label>
      <label class="field">
        {t('factorCode')}
        <input class="input" name="code" autocomplete="one-time-code" required />
      </label>
      <Problem error={error} />
    </Dialog>
  )
}
