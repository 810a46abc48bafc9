import './rail.css'
import { useEffect, useRef } from 'preact/hooks'
import { Icon } from '../ui/icons.tsx'
import type { User } from '../ui/session.ts'
import { useConsole } from './context.ts'
import { type Section, sectionsFor } from './sections.ts'

interface Props {
  role: User['role']
  current: Section | undefined
  /** How many visitors wait, shown at the desk. */
  attention: number
}

/** The navigation: beside the page, or below it on a phone, where it scrolls to what is shown. */
export function Rail({ role, current, attention }: Props) {
  const { t } = useConsole()
  const rail = useRef<HTMLElement>(null)
  const sections = sectionsFor(role).filter(({ group }) => group !== 'own')

  useEffect(() => {
    rail.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' })
  }, [current])

  return (
    <nav class="rail" aria-label={t('sections')} ref={rail}>
      {sections.map(({ name, icon, group }, index) => (
        <a
          key={name}
          href={`#/${name}`}
          class={index > 0 && sections[index - 1]?.group !== group ? 'first' : undefined}
          aria-current={name === current?.name ? 'page' : undefined}
        >
          <Icon name={icon} size={20} />
          <span>{t(name)}</span>
          {name === 'desk' && attention > 0 && <b class="count">{attention}</b>}
        </a>
      ))}
    </nav>
  )
}
