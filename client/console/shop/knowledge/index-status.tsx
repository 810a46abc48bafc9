import './index-status.css'
import { useEffect } from 'preact/hooks'
import type { OperationOutput } from '#protocol'
import { type Loaded, useConsole, useLoaded } from '../../context.ts'
import { translator } from './words.ts'

export type IndexState = OperationOutput<'index:status'>

const pollMs = 1000

/** The state of the index, asked for again and again while it is being built. */
export function useIndexStatus(): Loaded<IndexState> {
  const loaded = useLoaded('index:status', {})
  const { data, reload } = loaded
  useEffect(() => {
    if (data?.status !== 'building') return
    const timer = setTimeout(reload, pollMs)
    return () => clearTimeout(timer)
  }, [data, reload])
  return loaded
}

export function IndexStatus() {
  const { data } = useIndexStatus()
  return data && <IndexLine state={data} />
}

export function IndexLine({ state: { status, progress } }: { state: IndexState }) {
  const { t } = useConsole(translator)
  const percent = Math.round(progress * 100)
  return (
    <div class="index" role="status">
      {status === 'idle' && (
        <p>
          {t('index')}: {t('indexIdle')}
        </p>
      )}
      {status === 'error' && <p class="problem">{t('indexError')}</p>}
      {status === 'building' && (
        <>
          <p>{t('indexBuilding', { percent })}</p>
          <progress max={100} value={percent} aria-label={t('progress')} />
        </>
      )}
    </div>
  )
}
