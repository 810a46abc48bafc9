import type { ComponentChildren } from 'preact'
import type { Conversation, Handoff, PageContext } from '#protocol'
import { parseWebAddress } from '#protocol/core/address'
import type { Device, VisitorFacts } from '#protocol/desk/desk'
import { clockLabel, dateLabel, dateTimeLabel } from '../../../ui/time.ts'
import { useAttempt, useDesk } from './context.ts'
import { causeWords } from './row.tsx'
import { TagsField } from './tags-field.tsx'
import type { T } from './words.ts'

interface Props {
  id: string
  conversation: Conversation | null
  handoff: Handoff | null
  details: VisitorFacts | null
}

export function VisitorDetails({ conversation, handoff, details }: Props) {
  const { t, language } = useDesk()
  return (
    <aside class="facts" aria-label={t('facts')}>
      {handoff && <HandoffDetails handoff={handoff} />}
      <h3>{t('facts')}</h3>
      <dl>
        <Fact label={t('name')}>{details?.name ?? (details && !details.signed_in ? t('guest') : '–')}</Fact>
        {details?.email && (
          <Fact label={t('email')}>
            <a href={`mailto:${details.email}`}>{details.email}</a>
          </Fact>
        )}
        {conversation && <Fact label={t('language')}>{t(conversation.language)}</Fact>}
        {details?.device && <Fact label={t('device')}>{deviceLabel(details.device, t)}</Fact>}
        {details && <Fact label={t('firstSeen')}>{dateTimeLabel(details.first_seen_at, language)}</Fact>}
        {conversation && (
          <Fact label={t('page')}>
            <Place context={conversation.context} />
          </Fact>
        )}
      </dl>
      <h3>{t('pages')}</h3>
      {details?.pages.length ? (
        <ol class="trail">
          {details.pages.map(page => (
            <li key={page.at}>
              <time dateTime={page.at}>{clockLabel(page.at, language)}</time>
              <Place context={page} />
            </li>
          ))}
        </ol>
      ) : (
        <p class="muted">{t('noPages')}</p>
      )}
      <h3>{t('earlier')}</h3>
      {details?.conversations.length ? (
        <ul class="earlier">
          {details.conversations.map(earlier => (
            <li key={earlier.id}>
              <Earlier earlier={earlier} />
            </li>
          ))}
        </ul>
      ) : (
        <p class="muted">{t('noEarlier')}</p>
      )}
    </aside>
  )
}

function HandoffDetails({ handoff }: { handoff: Handoff }) {
  const { desk, t } = useDesk()
  const attempt = useAttempt()
  const { id, summary, reason, cause, status, tags, note, rating, rating_comment } = handoff
  return (
    <>
      <h3>{t('summary')}</h3>
      <p class="summary">{summary ?? (status === 'pending' ? t('summaryComing') : '–')}</p>
      <dl>
        <Fact label={t('reason')}>{reason ?? t(causeWords[cause])}</Fact>
        {note && <Fact label={t('note')}>{note}</Fact>}
        {rating !== null && <Fact label={t('rated', { rating })}>{rating_comment ?? ' '}</Fact>}
      </dl>
      <TagsField
        tags={tags}
        onChange={next => void attempt(() => desk.client.call('handoff:tag', { handoff_id: id, tags: next }))}
      />
    </>
  )
}

function deviceLabel({ browser, system, kind }: Device, t: T): string {
  return [kind && t(kind), system, browser].filter(Boolean).join(' · ')
}

function Fact({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  )
}

/** A page's address is data. */
function Place({ context: { url, product_id } }: { context: PageContext }) {
  const { t } = useDesk()
  const place = url ? parseWebAddress(url) : null
  return (
    <>
      {place ? (
        <a href={place.href} target="_blank" rel="noopener noreferrer" title={place.href}>
          {place.pathname === '/' ? place.host : place.pathname + place.search}
        </a>
      ) : (
        url
      )}
      {product_id && <span class="tag">{t('product', { id: product_id })}</span>}
      {!url && !product_id && '–'}
    </>
  )
}

function Earlier({ earlier }: { earlier: VisitorFacts['conversations'][number] }) {
  const { desk, t, language } = useDesk()
  const { id, opening, created_at, message_count, rating, readable } = earlier
  const text = (
    <>
      <strong>{opening ?? dateLabel(created_at, language)}</strong>
      <small class="muted">
        {dateLabel(created_at, language)} · {t('messages', { count: message_count })}
        {rating !== null && ` · ${t('rated', { rating })}`}
      </small>
    </>
  )
  return readable ? (
    <button type="button" title={t('beside')} onClick={() => desk.show(id, true)}>
      {text}
    </button>
  ) : (
    <span>{text}</span>
  )
}
