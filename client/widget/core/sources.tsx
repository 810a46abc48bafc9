import { useEffect, useRef } from 'preact/hooks'
import type { Reference } from '#protocol'
import { References } from '../../ui/references.tsx'
import { useWidget } from './context.ts'
import { dateLabel } from './dates.ts'

interface Props {
  references: Reference[]
  /** Number of the source whose card is open. */
  opened: number | null
  onOpen(number: number | null): void
}

export function Sources(props: Props) {
  const { language, lazy, t } = useWidget()
  const list = useRef<HTMLUListElement>(null)

  useEffect(() => {
    list.current?.querySelector('.open')?.scrollIntoView({ block: 'nearest', behavior: 'smooth' })
  }, [props.opened])

  return (
    <References
      {...props}
      t={t}
      iconSize={16}
      list={list}
      aside={reference => lazy && <lazy.Price reference={reference} />}
      intro={reference => lazy && <lazy.Description reference={reference} />}
      note={({ updated_at }) => <span>{t('updated', { date: dateLabel(updated_at, language) })}</span>}
    />
  )
}
