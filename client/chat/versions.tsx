import { Icon } from '../ui/icons.tsx'
import { useChat } from './context.ts'

export interface VersionProps {
  /** Which of `versionCount` it is, from 1. */
  version: number
  versionCount: number
  /** Another version can be begun now: nothing is being answered, and nobody else has the conversation. */
  mayBranch: boolean
}

/** Leafs through what was asked, or answered, in the same place. */
export function Versions({ id, version, versionCount }: { id: string } & VersionProps) {
  const { current, t } = useChat()
  if (versionCount < 2) return null
  return (
    <span class="versions">
      <button
        type="button"
        aria-label={t('previousVersion')}
        title={t('previousVersion')}
        disabled={version === 1}
        onClick={() => current.leaf(id, -1)}
      >
        <Icon name="before" size={14} />
      </button>
      <span role="status" aria-label={t('versionOf', { at: version, count: versionCount })}>
        {version}/{versionCount}
      </span>
      <button
        type="button"
        aria-label={t('nextVersion')}
        title={t('nextVersion')}
        disabled={version === versionCount}
        onClick={() => current.leaf(id, 1)}
      >
        <Icon name="after" size={14} />
      </button>
    </span>
  )
}
