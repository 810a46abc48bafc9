import { createTranslator, useLayoutEffect, useRef, useWidget } from '../core/shared.ts'
import css from './styles.css?inline'
import { en } from './words.en.ts'
import { zh } from './words.zh.ts'

export type Words = Record<keyof typeof en, string>

const translator = createTranslator({ en, zh })

const dressed = new WeakSet<Node>()

/** @returns what stands in the widget's shadow root, which has the styles of voice from then on */
export function useVoiceStyles<E extends HTMLElement>() {
  const element = useRef<E>(null)
  useLayoutEffect(() => {
    const root = element.current?.getRootNode()
    if (!root || dressed.has(root)) return
    dressed.add(root)
    // An adopted sheet is no inline style to a Content-Security-Policy.
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(css)
    const { adoptedStyleSheets } = root as ShadowRoot
    adoptedStyleSheets.push(sheet)
  }, [])
  return element
}

export function useVoiceWords() {
  const widget = useWidget()
  return { ...widget, t: translator(widget.language) }
}
