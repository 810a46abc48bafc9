import type { Overview, SetupStep } from '#protocol/platform/statistics'
import { useConsole } from '../../context.ts'
import { translator } from './words.ts'

/** Where each is done. */
const pages: Record<SetupStep, string> = {
  products: '#/products',
  documents: '#/documents',
  model: '#/models',
  widget: '#/widget',
  staff: '#/staff',
  mail: '#/mail',
  second_factor: '#/profile',
}

/** What is left to set up; nothing once it is done. */
export function Setup({ steps }: { steps: Overview['setup'] }) {
  const { t } = useConsole(translator)
  const left = steps.filter(({ is_done }) => !is_done)
  if (left.length === 0) return null
  return (
    <section class="card">
      <h2>{t('setUp')}</h2>
      <ul class="steps">
        {left.map(({ step }) => (
          <li key={step}>
            <a href={pages[step]}>
              <strong>{t(step)}</strong>
              <small class="muted">{t(`${step}Text`)}</small>
            </a>
          </li>
        ))}
      </ul>
    </section>
  )
}
