import { useState } from 'preact/hooks'
import { Dialog } from '../../../ui/dialog.tsx'
import { Icon } from '../../../ui/icons.tsx'
import { saveBlob } from '../../../ui/save-blob.ts'
import { useTask } from '../../../ui/use-task.ts'
import { useAction, useConsole } from '../../context.ts'
import { Problem } from '../../state.tsx'
import { translator } from './words.ts'

/** What everybody may ask of the data on them. */
export function OwnData() {
  const { session, t } = useConsole(translator)
  const { isBusy, run } = useAction()
  const [isErasing, setErasing] = useState(false)

  function download() {
    void run(async () => saveBlob(await session.file('privacy:export', {}), 'parley-my-data.tar.gz'))
  }

  return (
    <section class="card">
      <h2>{t('data')}</h2>
      <p class="muted">{t('dataText')}</p>
      <div class="acts">
        <button type="button" class="button" aria-busy={isBusy} onClick={download}>
          <Icon name="download" size={18} />
          {t('export')}
        </button>
        <button type="button" class="button danger" onClick={() => setErasing(true)}>
          {t('erase')}
        </button>
      </div>
      {isErasing && <EraseDialog onClose={() => setErasing(false)} />}
    </section>
  )
}

function EraseDialog({ onClose }: { onClose(): void }) {
  const { session, t } = useConsole(translator)
  const { error, run } = useTask()
  const word = t('eraseWord')

  async function erase() {
    if (await run(() => session.call('privacy:erase', { confirm: 'erase everything' })))
      session.end('UNAUTHORIZED')
  }

  return (
    <Dialog
      title={t('eraseTitle')}
      confirm={t('eraseNow')}
      cancel={t('cancel')}
      isDangerous
      onSubmit={erase}
      onAnswer={onClose}
    >
      <p class="muted">{t('eraseText')}</p>
      <label class="field">
        {t('eraseConfirm', { word })}
        <input class="input" autocomplete="off" pattern={`\\s*${word}\\s*`} required />
      </label>
      <Problem error={error} words={({ code }) => code === 'CONFLICT' && t('lastOwner')} />
    </Dialog>
  )
}
