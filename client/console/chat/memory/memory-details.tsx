import { dateTimeLabel } from '../../../ui/time.ts'
import { useConsole, useLoaded } from '../../context.ts'
import { Loading } from '../../state.tsx'
import { translator } from './words.ts'

/** What a memory said before, and the answers that were given it. */
export function MemoryDetails({ id }: { id: string }) {
  const { language, t } = useConsole(translator)
  const details = useLoaded('memory:get', { memory_id: id })
  return (
    <Loading of={details}>
      {({ history, usage_records }) => (
        <div class="memory-details">
          {history.length > 0 && (
            <section>
              <h3>{t('before')}</h3>
              <ul>
                {history.map(({ content, valid_until }) => (
                  <li key={valid_until}>
                    <span class="long">{content}</span>
                    <small class="muted">{t('until', { at: dateTimeLabel(valid_until, language) })}</small>
                  </li>
                ))}
              </ul>
            </section>
          )}
          {usage_records.length > 0 && (
            <section>
              <h3>{t('usedIn')}</h3>
              <ul>
                {usage_records.map(({ message_id, conversation_title, used_at }) => (
                  <li key={message_id}>
                    <span class="long">{conversation_title ?? t('untitled')}</span>
                    <small class="muted">{dateTimeLabel(used_at, language)}</small>
                  </li>
                ))}
              </ul>
            </section>
          )}
        </div>
      )}
    </Loading>
  )
}
