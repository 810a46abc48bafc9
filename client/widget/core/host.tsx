import { render } from 'preact'
import tokens from '../../ui/tokens.css?inline'
import { dress } from './dress.ts'
import type { Model } from './model.ts'
import css from './styles.css?inline'
import { applyStyles } from './styles.ts'
import { Widget } from './widget.tsx'

/**
 * Puts the widget into a shadow root of its own and keeps it on the page; returns how to take it away. What the page writes
 * over itself is `renewed`: nothing of before hears anything there.
 */
export function mount(model: Model, renewed: () => void): () => void {
  const host = document.createElement('parley-widget')
  const shadow = host.attachShadow({ mode: 'open' })
  const root = document.createElement('div')
  shadow.append(root)
  let look: unknown
  const follow = () => {
    const state = model.get()
    if (state.look !== look) dress(host, root, state.look)
    look = state.look
  }
  follow()
  const stopFollowing = model.subscribe(follow)
  applyStyles(shadow, tokens + css, model.get().look.theme)
  render(<Widget model={model} />, root)
  const stopKeeping = keepAttached(host, renewed)
  return () => {
    stopKeeping()
    stopFollowing()
    render(null, root)
    host.remove()
  }
}

/**
 * Beside the body, not in it: no rule for what is in it counts this in, no style of it is over this, and whoever swaps
 * it leaves this where it is. Behind it, to be on top of what is as high.
 */
function keepAttached(host: HTMLElement, renewed: () => void): () => void {
  const observer = new MutationObserver(attach)
  const { documentElement: root } = document

  function attach() {
    const { body, documentElement } = document
    if (documentElement !== root) return void (documentElement && renewed())
    const isBefore = body && host.compareDocumentPosition(body) & Node.DOCUMENT_POSITION_FOLLOWING
    if (host.parentNode === documentElement && !isBefore) return
    documentElement.append(host)
    observer.observe(documentElement, { childList: true })
  }

  observer.observe(document, { childList: true })
  attach()
  return () => observer.disconnect()
}
