import type { ParleyWidget, WidgetCall, WidgetEvents } from '../../sdk/index.ts'
import { mount } from './host.tsx'
import { bindLauncher } from './launcher.ts'
import { createLazyLoader } from './lazy.ts'
import { createModel, type Model } from './model.ts'
import type { Emit } from './reporter.ts'
import {
  checkName,
  eventNames,
  readContext,
  readLanguage,
  readSettings,
  type Settings,
  warn,
} from './settings.ts'

type Listener<E extends keyof WidgetEvents> = (detail: WidgetEvents[E]) => void

/** Where the widget's own script came from, and what its page's Content-Security-Policy knows it by. */
export interface Origin {
  address: string
  nonce: string
}

export function createApi({ address, nonce }: Origin): ParleyWidget {
  const loadLazy = createLazyLoader(nonce)
  const listeners = new Map<string, Set<Listener<never>>>()
  let settings: Settings = { url: new URL('.', address).href }
  let model: Model | null = null
  let unmount = () => {}
  let waiting: ((model: Model) => void)[] = []

  const emit: Emit = (event, detail) => {
    for (const listener of [...(listeners.get(event) ?? [])]) {
      try {
        listener(detail as never)
      } catch (error) {
        // The page's own mistake must not stop the chat, and must not be hidden either.
        reportError(error)
      }
    }
  }

  function start() {
    model = createModel(settings, { emit, loadLazy, reset: api.reset })
    const stops = [mount(model, restart), bindLauncher(model)]
    unmount = () => {
      for (const stop of stops) stop()
    }
    const calls = waiting
    waiting = []
    for (const call of calls) call(model)
    emit('ready')
  }

  function stop() {
    unmount()
    unmount = () => {}
    model?.destroy()
    model = null
  }

  function restart() {
    stop()
    start()
  }

  function withModel(call: (model: Model) => void) {
    if (model) call(model)
    else waiting.push(call)
  }

  const api: ParleyWidget = {
    get isOpen() {
      return model?.get().isOpen ?? false
    },
    get unread() {
      return model?.get().unread ?? 0
    },
    init(given) {
      const next = readSettings(given)
      const before = settings.user
      settings = { ...settings, ...next, language: readLanguage(next.language) ?? settings.language }
      // The site vouches for another customer than before: nothing of it is said in the name of that one.
      if (next.user && next.user.id !== before?.id) stop()
      if (!model) return start()
      model.page.set(next.context ?? {})
      model.configure(settings)
      if (next.user) model.client.setIdentity(next.user)
    },
    open: () => withModel(model => model.open()),
    close: () => withModel(model => model.close()),
    toggle: () => withModel(model => model.toggle()),
    ask: text => withModel(model => model.ask(text)),
    setLanguage: tag =>
      withModel(model => {
        const language = readLanguage(tag)
        if (language) model.setLanguage(language)
      }),
    setContext: context => withModel(model => model.page.set(readContext(context))),
    on(event, listener) {
      checkName(event, eventNames, 'event')
      const known = listeners.get(event) ?? new Set()
      listeners.set(event, known.add(listener as Listener<never>))
      if (event === 'ready' && model) listener(undefined as never)
      return () => void known.delete(listener as Listener<never>)
    },
    reset() {
      model?.forget()
      settings = { ...settings, user: undefined }
      restart()
    },
    destroy: stop,
    push(...calls: WidgetCall[]) {
      for (const [method, ...values] of calls) {
        const call = api[method] as ((...values: unknown[]) => void) | undefined
        if (call) call(...values)
        else warn(`unknown method “${method}”`)
      }
    },
  }
  return api
}
