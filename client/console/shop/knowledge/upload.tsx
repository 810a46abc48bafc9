import { useState } from 'preact/hooks'
import { toParleyError } from '../../../sdk/error.ts'
import { DropZone } from '../../../ui/drop-zone.tsx'
import { useConsole } from '../../context.ts'
import { consoleErrorSentence } from '../../errors.ts'
import { translator } from './words.ts'

export function Upload({ isDemo, onUploaded }: { isDemo: boolean; onUploaded(): void }) {
  const { session, toasts, language, t } = useConsole(translator)
  const [current, setCurrent] = useState<string | null>(null)
  const [refused, setRefused] = useState<{ name: string; reason: string }[]>([])

  /** One after the other: a bad one does not stop the rest. */
  async function send(files: File[]) {
    const bad: typeof refused = []
    setRefused([])
    for (const file of files) {
      setCurrent(file.name)
      try {
        await session.call('document:upload', { file })
        onUploaded()
      } catch (thrown) {
        bad.push({ name: file.name, reason: consoleErrorSentence(toParleyError(thrown).code, language) })
      }
    }
    setCurrent(null)
    setRefused(bad)
    if (bad.length < files.length) toasts.say(t('uploaded', { count: files.length - bad.length }))
  }

  return (
    <section>
      <DropZone
        label={current ? t('uploading', { name: current }) : t('upload')}
        hint={t('uploadHint')}
        warning={isDemo ? t('demoHint') : undefined}
        accept=".md,.markdown,.txt,.html,.htm,text/*"
        isMultiple
        isBusy={current !== null}
        onFiles={send}
      />
      {refused.length > 0 && (
        <div class="notice problem" role="alert">
          <ul>
            {refused.map(file => (
              <li key={file.name}>{t('uploadFailed', file)}</li>
            ))}
          </ul>
        </div>
      )}
    </section>
  )
}
