import './status.css'
import { useState } from 'preact/hooks'
import type { Agent } from '#protocol'
import { agentCapacityMax } from '#protocol/core/limits'
import { toParleyError } from '../../../sdk/index.ts'
import { Avatar } from '../../../ui/avatar.tsx'
import { Icon } from '../../../ui/icons.tsx'
import { useStore } from '../../../ui/use-store.ts'
import { useConsole } from '../../context.ts'
import type { Desk } from './desk.ts'
import { deskErrorSentence } from './errors.ts'
import { translator } from './words.ts'

/** In the head of every page: whether one is there, how much one takes on, who else is there, and how one is told. */
export function DeskStatus() {
  const { desk } = useStore(useConsole().deskLoader)
  return desk && <Status desk={desk} />
}

const presences = ['online', 'away', 'offline'] as const

function Status({ desk }: { desk: Desk }) {
  const { language } = useConsole()
  const { agents, connection } = useStore(desk)
  const t = translator(language)
  const own = agents.find(({ id }) => id === desk.me)
  const presence = connection === 'online' ? (own?.presence ?? 'online') : 'offline'
  const others = agents.filter(({ id, presence }) => id !== desk.me && presence !== 'offline')

  return (
    <>
      <button type="button" class="button quiet status" popovertarget="desk-status">
        <i class={`presence ${presence}`} />
        {connection === 'online' ? t(presence) : t(connection === 'ended' ? 'offline' : 'connecting')}
      </button>
      <div id="desk-status" class="menu" popover="auto">
        {own && <Own desk={desk} own={own} />}
        <Switches desk={desk} />
        <h3>{t('here')}</h3>
        {others.length === 0 ? (
          <p class="muted">{t('nobodyHere')}</p>
        ) : (
          <ul class="agents">
            {others.map(({ id, name, avatar_url, presence, active_count, capacity }) => (
              <li key={id}>
                <Avatar name={name} url={avatar_url} presence={presence} />
                <span>{name ?? t('agent')}</span>
                <small class="muted">{t('load', { active: active_count, capacity })}</small>
              </li>
            ))}
          </ul>
        )}
      </div>
    </>
  )
}

function Own({ desk, own }: { desk: Desk; own: Agent }) {
  const { language, toasts } = useConsole()
  const t = translator(language)
  const [capacity, setCapacity] = useState<number | null>(null)

  function set(presence: Agent['presence'], most?: number) {
    desk
      .setPresence(presence, most)
      .catch(thrown => toasts.warn(deskErrorSentence(toParleyError(thrown), t, language)))
      .finally(() => setCapacity(null))
  }

  return (
    <>
      <fieldset class="segments">
        <legend>{t('presence')}</legend>
        {presences.map(presence => (
          <label key={presence}>
            <input
              type="radio"
              name="presence"
              checked={presence === own.presence}
              onChange={() => set(presence)}
            />
            <i class={`presence ${presence}`} />
            {t(presence)}
          </label>
        ))}
      </fieldset>
      <label class="capacity">
        {t('capacity')}
        <input
          class="input"
          type="number"
          min={0}
          max={agentCapacityMax}
          value={capacity ?? own.capacity}
          onInput={event => setCapacity(event.currentTarget.valueAsNumber)}
          onChange={event =>
            event.currentTarget.checkValidity() && set(own.presence, event.currentTarget.valueAsNumber)
          }
        />
      </label>
      <small class="muted">{t('capacityHint')}</small>
    </>
  )
}

function Switches({ desk: { alerts } }: { desk: Desk }) {
  const { language } = useConsole()
  const { hasSound, hasNotices, isRefused } = useStore(alerts)
  const t = translator(language)
  return (
    <div class="switches">
      <label>
        <Icon name="sound" size={18} />
        <span>{t('sound')}</span>
        <input
          type="checkbox"
          class="switch"
          checked={hasSound}
          onChange={event => alerts.setSound(event.currentTarget.checked)}
        />
      </label>
      <label>
        <Icon name="bell" size={18} />
        <span>
          {t('notices')}
          {isRefused && <small class="muted">{t('noticesRefused')}</small>}
        </span>
        <input
          type="checkbox"
          class="switch"
          checked={hasNotices}
          disabled={isRefused}
          onChange={event => void alerts.setNotices(event.currentTarget.checked)}
        />
      </label>
    </div>
  )
}
