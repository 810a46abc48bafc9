import './upload.css'
import { useRef, useState } from 'preact/hooks'
import { toParleyError } from '../../../sdk/error.ts'
import { DropZone } from '../../../ui/drop-zone.tsx'
import { useConsole } from '../../context.ts'
import { fileProblemSentence } from './file-problems.ts'
import { translator } from './words.ts'

interface Upload {
  file: File
  state: 'waiting' | 'reading' | 'done' | 'failed'
  reason?: string
}

const accepted =
  '.pdf,.docx,.xlsx,.pptx,.odt,.ods,.odp,.rtf,.epub,.csv,.tsv,.md,.markdown,.txt,.html,.htm,text/*'
const tones = { waiting: '', reading: 'busy', done: 'good', failed: 'bad' } as const

export function Upload({ isDemo, onUploaded }: { isDemo: boolean; onUploaded(): void }) {
  const { session, toasts, language, t } = useConsole(translator)
  const [uploads, setUploads] = useState<Upload[]>([])
  const known = useRef(uploads)
  const isBusy = uploads.some(({ state }) => state === 'waiting' || state === 'reading')

  function show(next: Upload[]) {
    known.current = next
    setUploads(next)
  }

  function change(file: File, upload: Omit<Upload, 'file'>) {
    show(known.current.map(each => (each.file === file ? { file, ...upload } : each)))
  }

  /** One after the other: a bad one does not stop the rest. */
  async function send(files: File[]) {
    show(files.map(file => ({ file, state: 'waiting' })))
    for (const file of files) {
      change(file, { state: 'reading' })
      try {
        await session.call('document:upload', { file })
        change(file, { state: 'done' })
        onUploaded()
      } catch (thrown) {
        change(file, { state: 'failed', reason: fileProblemSentence(toParleyError(thrown), language) })
      }
    }
    const failed = known.current.filter(({ state }) => state === 'failed')
    if (failed.length < files.length) toasts.say(t('uploaded', { count: files.length - failed.length }))
    show(failed)
  }

  return (
    <section>
      <DropZone
        label={t('upload')}
        hint={t('uploadHint')}
        warning={isDemo ? t('demoHint') : undefined}
        accept={accepted}
        isMultiple
        isBusy={isBusy}
        onFiles={send}
      />
      {uploads.length > 0 && (
        <ul class="uploads card" aria-live="polite">
          {uploads.map(({ file, state, reason }) => (
            <li key={file.name}>
              <span class="title" dir="auto">
                {file.name}
              </span>
              <span class={`tag ${tones[state]}`}>{t(state)}</span>
              {reason && <small class="problem">{reason}</small>}
            </li>
          ))}
          {!isBusy && (
            <li class="actions">
              <button
                type="button"
                class="button small"
                onClick={() => send(uploads.map(({ file }) => file))}
              >
                {t('retryFailed')}
              </button>
              <button type="button" class="button small quiet" onClick={() => show([])}>
                {t('dismiss')}
              </button>
            </li>
          )}
        </ul>
      )}
    </section>
  )
}
