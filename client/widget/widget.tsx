import { useEffect, useMemo, useRef } from 'preact/hooks'
import { Icon } from '../ui/icons.tsx'
import { useStore } from '../ui/use-store.ts'
import { WidgetContext } from './context.ts'
import type { Model } from './model.ts'
import { Panel } from './panel.tsx'
import { translator } from './words.ts'

export function Widget({ model }: { model: Model }) {
  const { isOpen, language, unread, conversation } = useStore(model)
  const launcher = useRef<HTMLButtonElement>(null)
  const wasOpen = useRef(false)
  const context = useMemo(() => ({ model, language, t: translator(language) }), [model, language])
  const { t } = context

  useEffect(() => {
    if (wasOpen.current && !isOpen) launcher.current?.focus()
    wasOpen.current = isOpen
  }, [isOpen])

  return (
    <WidgetContext.Provider value={context}>
      <div class="parley" lang={language === 'zh' ? 'zh-CN' : 'en'}>
        {isOpen && <Panel conversation={conversation} key={conversation} />}
        <button
          ref={launcher}
          type="button"
          class={isOpen ? 'launcher open' : 'launcher'}
          aria-expanded={isOpen}
          aria-label={isOpen ? t('close') : unread ? t('launchUnread', { count: unread }) : t('launch')}
          onClick={isOpen ? model.close : model.open}
        >
          <Icon name={isOpen ? 'close' : 'chat'} size={26} />
          {unread > 0 && !isOpen && (
            <span class="badge" aria-hidden="true">
              {unread > 9 ? '9+' : unread}
            </span>
          )}
        </button>
      </div>
    </WidgetContext.Provider>
  )
}
