import { useLayoutEffect, useMemo, useRef } from 'preact/hooks'
import { Glyph } from '../../ui/glyph.tsx'
import * as glyphs from '../../ui/glyphs.tsx'
import { languageWords } from '../../ui/i18n.ts'
import { useStore } from '../../ui/use-store.ts'
import { WidgetContext } from './context.ts'
import type { Model } from './model.ts'
import { Panel } from './panel.tsx'
import { applyStyles } from './styles.ts'
import { translator } from './words.ts'

export function Widget({ model }: { model: Model }) {
  const { isOpen, language, look, unread, conversation, lazy } = useStore(model)
  const root = useRef<HTMLDivElement>(null)
  const launcher = useRef<HTMLButtonElement>(null)
  const opener = useRef<Element | null>(null)
  const context = useMemo(() => ({ model, lazy, language, t: translator(language) }), [model, lazy, language])
  const { t } = context

  useLayoutEffect(() => {
    if (lazy) applyStyles(root.current?.getRootNode() as ShadowRoot, lazy.css)
  }, [lazy])

  // Before the panel takes the focus.
  useLayoutEffect(() => {
    if (isOpen) opener.current = document.activeElement
    else if (opener.current) (launcher.current ?? (opener.current as HTMLElement)).focus()
  }, [isOpen])

  return (
    <WidgetContext.Provider value={context}>
      <div
        ref={root}
        class="parley"
        lang={languageWords[language].tag}
        dir={languageWords[language].direction}
      >
        {isOpen && <Panel conversation={conversation} key={conversation} />}
        {look.launcher === true && (
          <button
            ref={launcher}
            type="button"
            class={isOpen ? 'launcher open' : 'launcher'}
            aria-expanded={isOpen}
            aria-label={isOpen ? t('close') : unread ? t('launchUnread', { count: unread }) : t('launch')}
            onClick={isOpen ? model.close : model.open}
          >
            <Glyph of={isOpen ? glyphs.close : glyphs.chat} size={26} />
            {unread > 0 && !isOpen && (
              <span class="badge" aria-hidden="true">
                {unread > 9 ? '9+' : unread}
              </span>
            )}
          </button>
        )}
      </div>
    </WidgetContext.Provider>
  )
}
