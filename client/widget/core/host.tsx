import { render } from 'preact'
import tokens from '../../ui/tokens.css?inline'
import { dress } from './dress.ts'
import type { Model } from './model.ts'
import css from './styles.css?inline'
import { applyStyles } from './styles.ts'
import { Widget } from './widget.tsx'

/** Puts the widget into a shadow root of its own and keeps it on the page; returns how to take it away. */
export function mount(model: Model): () => void {
  const host = document.createElement('parley-widget')
  let look: unknown
  const follow = () => {
    const state = model.get()
    if (state.look !== look) dress(host, state.look)
    look = state.look
  }
  follow()
  const stopFollowing = model.subscribe(follow)
  const shadow = host.attachShadow({ mode: 'open' })
  applyStyles(shadow, tokens + css)
  const root = document.createElement('div')
  shadow.append(root)
  render(<Widget model={model} />, root)
  const stopKeeping = keepAttached(host)
  return () => {
    stopKeeping()
    stopFollowing()
    render(null, root)
    host.remove()
  }
}

/** Turbo, Astro and their like replace the body or what is in it. */
function keepAttached(host: HTMLElement): () => void {
  let body: HTMLElement | null = null
  const observer = new MutationObserver(attach)

  function attach() {
    if (!document.body) return
    if (document.body !== body) {
      body = document.body
      observer.disconnect()
      observer.observe(document.documentElement, { childList: true })
      observer.observe(body, { childList: true })
    }
    if (!host.isConnected) body.append(host)
  }

  observer.observe(document.documentElement, { childList: true })
  attach()
  return () => observer.disconnect()
}
