import type { ComponentChildren } from 'preact'
import { Glyph } from '../../ui/glyph.tsx'
import { close } from '../../ui/glyphs.tsx'
import { useLayoutEffect, useRef } from '../core/shared.ts'
import { useLazy } from './words.ts'

/** Over the whole panel, whose other parts are out of reach meanwhile; Escape leads back to what had the focus. */
export function Sheet(props: { title: string; onClose(): void; children: ComponentChildren }) {
  const { title, onClose, children } = props
  const { t } = useLazy()
  const sheet = useRef<HTMLDivElement>(null)

  // Before what is in it takes the focus.
  useLayoutEffect(() => {
    const { current } = sheet
    if (!current) return
    const opener = (current.getRootNode() as ShadowRoot).activeElement as HTMLElement | null
    const others = [...(current.parentElement?.children ?? [])].filter(each => each !== current)
    for (const each of others) each.toggleAttribute('inert', true)
    return () => {
      for (const each of others) each.toggleAttribute('inert', false)
      opener?.focus()
    }
  }, [])

  return (
    <div
      ref={sheet}
      class="sheet"
      role="dialog"
      aria-modal="true"
      aria-label={title}
      onKeyDown={event => {
        if (event.key !== 'Escape') return
        event.stopPropagation()
        onClose()
      }}
    >
      <header>
        <h2 class="heading">{title}</h2>
        <button type="button" class="quiet" aria-label={t('dismiss')} title={t('dismiss')} onClick={onClose}>
          <Glyph of={close} />
        </button>
      </header>
      <div class="content">{children}</div>
    </div>
  )
}
