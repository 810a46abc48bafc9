import './upload.css'
import { useEffect, useRef, useState } from 'preact/hooks'
import { toParleyError } from '../../../sdk/error.ts'
import { DropZone } from '../../../ui/drop-zone.tsx'
import { useStore } from '../../../ui/use-store.ts'
import { useConsole } from '../../context.ts'
import { fileProblemSentence } from './file-problems.ts'
import { translator } from './words.ts'

interface Upload {
  /** Null for one out of an archive, which cannot be tried again by itself. */
  file: File | null
  name: string
  state: 'waiting' | 'reading' | 'done' | 'failed'
  reason?: string
  /** How far a slow reading is, 0 to 1. */
  progress?: number
}

/** Endings of files that can be read. */
export const accepted =
  '.pdf,.jpg,.jpeg,.png,.webp,.tif,.tiff,.docx,.xlsx,.pptx,.odt,.ods,.odp,.rtf,.epub,.csv,.tsv,.md,.markdown,.txt,.html,.htm,.zip,text/*'
const tones = { waiting: '', reading: 'busy', done: 'good', failed: 'bad' } as const

export function Upload({ isDemo, onUploaded }: { isDemo: boolean; onUploaded(): void }) {
  const { session, toasts, language, t } = useConsole(translator)
  const [uploads, setUploads] = useState<Upload[]>([])
  const known = useRef(uploads)
  const retried = uploads.flatMap(({ file }) => file ?? [])
  const isBusy = uploads.some(({ state }) => state === 'waiting' || state === 'reading')

  function show(next: Upload[]) {
    known.current = next
    setUploads(next)
  }

  useReadProgress((name, progress) =>
    show(
      known.current.map(each =>
        each.state === 'reading' && each.name === name ? { ...each, progress } : each,
      ),
    ),
  )

  /** A file is what became of it: of an archive, the files in it. */
  function change(file: File, ...uploads: Omit<Upload, 'file'>[]) {
    const isArchive = uploads.length > 1
    show(
      known.current.flatMap(each =>
        each.file === file ? uploads.map(upload => ({ file: isArchive ? null : file, ...upload })) : each,
      ),
    )
  }

  async function unpack(archive: File): Promise<Omit<Upload, 'file'>[]> {
    const { files } = await session.call('document:import', { file: archive })
    return files.map(({ path, error }) => ({
      name: `${archive.name} › ${path}`,
      state: error ? 'failed' : 'done',
      ...(error && { reason: fileProblemSentence(error, language) }),
    }))
  }

  /** One after the other: a bad one does not stop the rest. */
  async function send(files: File[]) {
    show(files.map(file => ({ file, name: file.name, state: 'waiting' })))
    for (const file of files) {
      const { name } = file
      change(file, { name, state: 'reading' })
      try {
        if (/\.zip$/i.test(name)) change(file, ...(await unpack(file)))
        else {
          await session.call('document:upload', { file })
          change(file, { name, state: 'done' })
        }
        onUploaded()
      } catch (thrown) {
        change(file, { name, state: 'failed', reason: fileProblemSentence(toParleyError(thrown), language) })
      }
    }
    const failed = known.current.filter(({ state }) => state === 'failed')
    const count = known.current.length - failed.length
    if (count > 0) toasts.say(t('uploaded', { count }))
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
          {uploads.map(upload => (
            <UploadRow key={upload.name} upload={upload} />
          ))}
          {!isBusy && (
            <li class="actions">
              {retried.length > 0 && (
                <button type="button" class="button small" onClick={() => send(retried)}>
                  {t('retryFailed')}
                </button>
              )}
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

/** How far a file is whose pages are read one by one, 0 to 1. */
function useReadProgress(onProgress: (name: string, progress: number) => void) {
  const { deskLoader } = useConsole()
  const { desk } = useStore(deskLoader)
  const latest = useRef(onProgress)
  latest.current = onProgress
  useEffect(
    () =>
      desk?.client.on('job:progress', ({ job }) => {
        if (job.kind === 'read' && job.name) latest.current(job.name, job.progress)
      }),
    [desk],
  )
}

function UploadRow({ upload: { name, state, reason, progress } }: { upload: Upload }) {
  const { t } = useConsole(translator)
  return (
    <li>
      <span class="title" dir="auto">
        {name}
      </span>
      <span class={`tag ${tones[state]}`}>
        {state === 'reading' && progress !== undefined
          ? t('readingPercent', { percent: Math.round(progress * 100) })
          : t(state)}
      </span>
      {reason && <small class="problem">{reason}</small>}
    </li>
  )
}
