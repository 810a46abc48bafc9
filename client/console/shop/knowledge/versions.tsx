import './versions.css'
import { useState } from 'preact/hooks'
import type { OperationOutput } from '#protocol'
import { toParleyError } from '../../../sdk/error.ts'
import { dateTimeLabel } from '../../../ui/time.ts'
import { useConsole, useLoaded } from '../../context.ts'
import { Loading } from '../../state.tsx'
import type { DocumentItem } from './document-columns.tsx'
import { fileProblemSentence } from './file-problems.ts'
import { accepted } from './upload.tsx'
import { translator } from './words.ts'

interface Props {
  document: DocumentItem
  onChanged(): void
}

/** What a document was before, what has changed since, and the way back. */
export function Versions({ document: { doc_id }, onChanged }: Props) {
  const { session, language, toasts, t } = useConsole(translator)
  const versions = useLoaded('document:versions', { doc_id })
  const [compared, setCompared] = useState<number | null>(null)
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)

  async function perform(work: () => Promise<unknown>) {
    setBusy(true)
    setProblem(null)
    try {
      await work()
      toasts.say(t('replaced'))
      setCompared(null)
      versions.reload()
      onChanged()
    } catch (thrown) {
      setProblem(fileProblemSentence(toParleyError(thrown), language))
    } finally {
      setBusy(false)
    }
  }

  return (
    <section class="versions">
      <div class="head">
        <h3>{t('versions')}</h3>
        <label class="button small" aria-busy={isBusy}>
          {t('replaceFile')}
          <input
            type="file"
            class="hidden"
            accept={accepted}
            disabled={isBusy}
            onChange={({ currentTarget }) => {
              const [file] = currentTarget.files ?? []
              currentTarget.value = ''
              if (file) void perform(() => session.call('document:replace', { doc_id, file }))
            }}
          />
        </label>
      </div>
      {problem && <p class="problem">{problem}</p>}
      <Loading of={versions}>
        {data => (
          <ul>
            {data.versions.map(({ version, name, created_at, is_current }) => (
              <li key={version}>
                <span class="title">
                  {t('version', { version })} <span class="muted">{dateTimeLabel(created_at, language)}</span>{' '}
                  <small class="muted" dir="auto">
                    {name}
                  </small>
                </span>
                {is_current ? (
                  <span class="tag good">{t('inUse')}</span>
                ) : (
                  <span class="actions">
                    <button
                      type="button"
                      class="button small quiet"
                      aria-expanded={compared === version}
                      onClick={() => setCompared(compared === version ? null : version)}
                    >
                      {t('compare')}
                    </button>
                    <button
                      type="button"
                      class="button small"
                      aria-busy={isBusy}
                      onClick={() => perform(() => session.call('document:restore', { doc_id, version }))}
                    >
                      {t('restore')}
                    </button>
                  </span>
                )}
                {compared === version && <Difference doc_id={doc_id} version={version} />}
              </li>
            ))}
          </ul>
        )}
      </Loading>
    </section>
  )
}

function Difference(props: { doc_id: string; version: number }) {
  const { t } = useConsole(translator)
  const difference = useLoaded('document:compare', props)
  return (
    <div class="difference">
      <Loading of={difference}>{data => <Changes difference={data} />}</Loading>
      <small class="muted">{t('compareHint')}</small>
    </div>
  )
}

function Changes({ difference: { changes, more } }: { difference: OperationOutput<'document:compare'> }) {
  const { t } = useConsole(translator)
  if (!changes) return <p class="muted">{t('tooLongToCompare')}</p>
  if (changes.length === 0) return <p class="muted">{t('noChanges')}</p>
  return (
    <>
      {changes.map(({ kind, heading, text }, at) => {
        const Mark = kind === 'added' ? 'ins' : 'del'
        return (
          <p key={at} class={kind} dir="auto">
            {heading.length > 0 && <small class="muted">{heading.join(' › ')}</small>}
            <Mark>{text}</Mark>
          </p>
        )
      })}
      {more > 0 && <p class="muted">{t('moreChanges', { count: more })}</p>}
    </>
  )
}
