import { useEffect, useRef, useState } from 'preact/hooks'
import type { WidgetSettings } from '#protocol/platform/widget'
import { basePath } from '../../../ui/base-path.ts'
import { languages } from '../../../ui/i18n.ts'
import { useConsole, useSettled } from '../../context.ts'
import { Select } from '../../pages.tsx'
import { translator } from './words.ts'

/** The window of the frame, once the widget's file has run in it. */
interface WidgetWindow extends Window {
  HTMLElement: typeof HTMLElement
  ParleySite: WidgetSettings
  Parley?: { init(settings: object): void; open(): void; destroy(): void }
}

const page = `<!doctype html><html><head><base target="_blank"></head>
<body><script src="${basePath}/widget.js"></script></body></html>`

/** The widget itself, on a page of its own, as it would look with what is entered: it is looked at and not used. */
export function Preview({ settings }: { settings: WidgetSettings }) {
  const { language: own, t } = useConsole(translator)
  const [language, setLanguage] = useState(own)
  const frame = useRef<HTMLIFrameElement>(null)
  const [isLoaded, setLoaded] = useState(false)
  const shown = useSettled(settings)

  useEffect(() => {
    const inside = frame.current?.contentWindow as WidgetWindow | null
    if (!isLoaded || !inside?.Parley) return
    const { Parley } = inside
    // A chat that opens takes the focus: here it is in the form.
    inside.HTMLElement.prototype.focus = () => {}
    inside.ParleySite = shown
    Parley.init({ language, context: {} })
    Parley.open()
    return Parley.destroy
  }, [isLoaded, shown, language])

  return (
    <section class="card widget-preview">
      <div class="toolbar">
        <h2>{t('preview')}</h2>
        <Select
          label={t('preview')}
          value={language}
          options={languages.map(name => [name, t('previewIn', { language: t(name) })] as const)}
          onSelect={setLanguage}
        />
      </div>
      <div class="frame">
        <iframe
          ref={frame}
          title={t('preview')}
          srcdoc={page}
          tabIndex={-1}
          inert
          onLoad={() => setLoaded(true)}
        />
      </div>
    </section>
  )
}
