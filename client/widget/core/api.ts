import type { Language } from '#protocol'
import { mount } from './host.tsx'
import { createLazyLoader, type Origin } from './lazy.ts'
import { createModel, type Emit, type Model, type WidgetEvents } from './model.ts'
import type { Settings, SiteContext } from './settings.ts'

type Listener<E extends keyof WidgetEvents> = (detail: WidgetEvents[E]) => void

export interface Api {
  /** Again on the next page of a site that swaps pages: takes over language and context, keeps the rest. */
  init(settings?: Settings): void
  open(): void
  close(): void
  toggle(): void
  setLanguage(language: Language): void
  setContext(context: SiteContext): void
  /** Returns the way out. A `ready` that has been is told at once. */
  on<E extends keyof WidgetEvents>(event: E, listener: Listener<E>): () => void
  /** Forget the visitor and the conversation on this device, as at a log-out. */
  reset(): void
  destroy(): void
  /** Calls as data. Like any other, they wait for `init`. */
  push(...calls: Queued[]): void
}

type Method = Exclude<keyof Api, 'push'>
export type Queued = [Method, ...unknown[]]

export function createApi(origin: Origin): Api {
  const url = new URL('.', origin.address).href
  const loadLazy = createLazyLoader(origin)
  const listeners = new Map<string, Set<Listener<never>>>()
  let settings: Settings = {}
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
    model = createModel({ url, ...settings }, { emit, loadLazy, reset: api.reset })
    unmount = mount(model, settings.theme)
    const calls = waiting
    waiting = []
    for (const call of calls) call(model)
    emit('ready')
  }

  function stop() {
    unmount()
    model?.destroy()
    model = null
  }

  function withModel(call: (model: Model) => void) {
    if (model) call(model)
    else waiting.push(call)
  }

  const api: Api = {
    init(next = {}) {
      const before = settings.user
      settings = { ...settings, ...next }
      if (!model) return start()
      if (next.user && next.user.id !== before?.id) {
        stop()
        return start()
      }
      if (next.user) model.client.setIdentity(next.user)
      model.page.set(next.context ?? {})
      if (next.language && next.language !== model.get().language) model.setLanguage(next.language)
    },
    open: () => withModel(model => model.open()),
    close: () => withModel(model => model.close()),
    toggle: () => withModel(model => (model.get().isOpen ? model.close() : model.open())),
    setLanguage: language => withModel(model => model.setLanguage(language)),
    setContext: context => withModel(model => model.page.set(context)),
    on(event, listener) {
      const known = listeners.get(event) ?? new Set()
      listeners.set(event, known.add(listener as Listener<never>))
      if (event === 'ready' && model) listener(undefined as never)
      return () => void known.delete(listener as Listener<never>)
    },
    reset() {
      model?.forget()
      settings = { ...settings, user: undefined }
      stop()
      start()
    },
    destroy: stop,
    push(...calls) {
      for (const [method, ...values] of calls) (api[method] as (...values: unknown[]) => void)?.(...values)
    },
  }
  return api
}
