import type { Overview } from '#protocol/platform/statistics'
import { useConsole, useLoaded } from '../../context.ts'
import { type T, translator } from './words.ts'

interface Line {
  label: string
  text: string
  /** Null where it is neither well nor ill. */
  isGood: boolean | null
  href: string
}

/** Whether each part of the installation does its work. */
export function State({ overview }: { overview: Overview }) {
  const { t } = useConsole(translator)
  const health = useLoaded('system:health', {})
  const status = health.data?.status
  const lines: Line[] = [
    {
      label: t('server'),
      text: status === undefined ? '–' : t(status === 'ok' ? 'running' : 'needsAttention'),
      isGood: status === undefined ? null : status === 'ok',
      href: '#/health',
    },
    { label: t('answers'), ...answersOf(overview, t), href: '#/models' },
    { label: t('index'), ...indexOf(overview, t), href: '#/documents' },
    ...validityOf(overview, t),
    { label: t('mailState'), ...mailOf(overview, t), href: '#/mail' },
  ]
  return (
    <section class="card">
      <h2>{t('state')}</h2>
      <ul class="states">
        {lines.map(({ label, text, isGood, href }) => (
          <li key={label}>
            <a href={href}>
              <i class={isGood === null ? 'dot' : isGood ? 'dot good' : 'dot bad'} />
              <strong>{label}</strong>
              <small class="muted">{text}</small>
            </a>
          </li>
        ))}
      </ul>
    </section>
  )
}

type Words = Pick<Line, 'text' | 'isGood'>

function answersOf({ providers }: Overview, t: T): Words {
  if (providers.length === 0) return { text: t('builtIn'), isGood: null }
  const failing = providers.find(({ problem }) => problem !== null)
  if (failing) return { text: t('modelProblem', { name: failing.name }), isGood: false }
  return { text: providers.map(({ name, model }) => `${name}, ${model}`).join('; '), isGood: true }
}

function indexOf({ index }: Overview, t: T): Words {
  const { status, progress, products, documents } = index
  if (status === 'error') return { text: t('indexError'), isGood: false }
  if (status === 'building')
    return { text: t('indexBuilding', { percent: Math.round(progress * 100) }), isGood: null }
  return { text: t('indexIdle', { products, documents }), isGood: true }
}

/** Only where the days of a document are near their end, or over. */
function validityOf({ index: { ending_documents, expired_documents } }: Overview, t: T): Line[] {
  if (ending_documents + expired_documents === 0) return []
  const text = [
    ...(ending_documents > 0 ? [t('documentsEnding', { count: ending_documents })] : []),
    ...(expired_documents > 0 ? [t('documentsExpired', { count: expired_documents })] : []),
  ]
  return [{ label: t('validity'), text: text.join(' '), isGood: false, href: '#/documents' }]
}

function mailOf({ mail }: Overview, t: T): Words {
  if (!mail.is_configured) return { text: t('mailKept'), isGood: null }
  if (mail.failed > 0) return { text: t('mailFailed', { count: mail.failed }), isGood: false }
  if (mail.queued > 0) return { text: t('mailQueued', { count: mail.queued }), isGood: true }
  return { text: t('mailOk'), isGood: true }
}
