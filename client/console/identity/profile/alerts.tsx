import { useMemo } from 'preact/hooks'
import { useStore } from '../../../ui/use-store.ts'
import { useConsole } from '../../context.ts'
import { createAlerts } from '../../desk/desk/alerts.ts'
import { translator } from './words.ts'

/** How the desk tells of somebody who waits: what is switched here is switched there. */
export function AlertSettings() {
  const { deskLoader, t } = useConsole(translator)
  const { desk } = useStore(deskLoader)
  const alerts = useMemo(() => desk?.alerts ?? createAlerts(), [desk])
  const { hasSound, hasNotices, isRefused } = useStore(alerts)
  return (
    <section class="card">
      <h2>{t('alerts')}</h2>
      <p class="muted">{t('alertsText')}</p>
      <label class="check">
        <input
          type="checkbox"
          checked={hasSound}
          onChange={event => alerts.setSound(event.currentTarget.checked)}
        />
        {t('sound')}
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={hasNotices}
          disabled={isRefused}
          onChange={event => void alerts.setNotices(event.currentTarget.checked)}
        />
        <span>
          {t('notices')}
          {isRefused && <small class="muted">{t('noticesRefused')}</small>}
        </span>
      </label>
    </section>
  )
}
