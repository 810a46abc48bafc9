import type { Language, PageContext } from '#protocol'
import type { WidgetSettings as SiteSettings } from '#protocol/platform/widget'
import type { Client, SiteContext, WidgetEvents, WidgetSettings } from '../../sdk/index.ts'
import { browserLanguage, languages } from '../../ui/i18n.ts'

const settingNames: Record<keyof WidgetSettings, true> = {
  url: true,
  language: true,
  context: true,
  user: true,
  theme: true,
  title: true,
  greeting: true,
  starters: true,
  color: true,
  logo: true,
  launcher: true,
  side: true,
  offset: true,
  zIndex: true,
}
const contextNames: Record<keyof SiteContext, true> = { productId: true, skuId: true, url: true }
export const eventNames: Record<keyof WidgetEvents, true> = {
  ready: true,
  open: true,
  close: true,
  sent: true,
  received: true,
  message: true,
  unread: true,
  handoff: true,
  rating: true,
  error: true,
}

/** As they are used: every language of the page is one that is spoken here. */
export type Settings = Omit<WidgetSettings, 'language'> & { url: string; language?: Language }

/** For whoever made the page: the chat goes on. */
export function warn(text: string): void {
  console.warn(`Parley: ${text}`)
}

export function checkName(name: string, known: object, what: string): void {
  if (!Object.hasOwn(known, name)) warn(`unknown ${what} “${name}”; known: ${Object.keys(known).join(', ')}`)
}

/** What a page hands over, as it can be used: a hint that cannot is left out and said, and never costs the chat. */
export function readSettings(given: unknown): WidgetSettings {
  const settings: WidgetSettings = {}
  for (const [name, value] of Object.entries(toObject(given, 'init'))) {
    checkName(name, settingNames, 'setting')
    if (value === undefined || value === null) continue
    const problem = problems[name as keyof WidgetSettings]?.(value)
    if (problem) warn(`${name} is left out: ${problem}`)
    else Object.assign(settings, { [name]: value })
  }
  if (settings.context) settings.context = readContext(settings.context)
  return settings
}

export function readContext(given: unknown): SiteContext {
  const context = toObject(given, 'context')
  for (const name of Object.keys(context)) checkName(name, contextNames, 'name in context')
  return context as SiteContext
}

/** By its first part; undefined, and said, where nobody here speaks it. */
export function readLanguage(tag: unknown): Language | undefined {
  if (tag === undefined) return undefined
  const first = String(tag).trim().toLowerCase().split(/[-_]/)[0]
  const spoken = languages.find(language => language === first)
  if (!spoken || spoken !== tag) warn(`language “${tag}” is taken as ${spoken ?? browserLanguage()}`)
  return spoken
}

function toObject(given: unknown, name: string): object {
  if (typeof given === 'object' && given) return given
  if (given !== undefined && given !== null) warn(`${name} takes an object`)
  return {}
}

const oneOf =
  (...known: unknown[]) =>
  (value: unknown) =>
    !known.includes(value) && `known: ${known.join(', ')}`
const aNumber = (value: unknown) => typeof value !== 'number' && 'it is no number'

/** What is wrong with a value. */
const problems: { [name in keyof WidgetSettings]?: (value: unknown) => string | false } = {
  url: value => !/^(https?:\/)?\//.test(String(value)) && 'it has to begin with https://',
  theme: oneOf('light', 'dark', 'auto', 'page'),
  color: value => !/^#([\da-f]{3}){1,2}$/i.test(String(value)) && 'a colour is written like #0b6b5b',
  side: oneOf('left', 'right'),
  zIndex: aNumber,
  launcher: value => typeof value === 'string' && !isSelector(value) && 'it is no selector',
}

function isSelector(text: string): boolean {
  try {
    document.querySelector(text)
    return true
  } catch {
    return false
  }
}

/** The look, in one language: as the page says it, else as the site's owner has set it, else undefined. */
function createLook(settings: Settings, language: Language) {
  const site: Partial<SiteSettings> = Object((window as { ParleySite?: unknown }).ParleySite)
  const inLanguage = (value: unknown) =>
    typeof value === 'object' && value && !Array.isArray(value) ? (value as never)[language] : value
  const said = (name: 'title' | 'greeting' | 'starters') => {
    const values = [settings[name], site[name]].map(inLanguage) as unknown[]
    return values.find(value => (value as { length?: number } | undefined)?.length)
  }
  const { launcher = site.launcher !== 'hidden', offset } = settings
  return {
    theme: settings.theme,
    title: said('title') as string | undefined,
    greeting: said('greeting') as string | undefined,
    starters: said('starters') as string[] | undefined,
    color: settings.color ?? site.color,
    logo: settings.logo ?? site.logo_url,
    launcher,
    side: settings.side ?? site.side,
    x: offset?.x ?? site.offset_x,
    y: offset?.y ?? site.offset_y,
    zIndex: settings.zIndex ?? site.z_index,
  }
}
export type Look = ReturnType<typeof createLook>

/** The language that is spoken with this visitor, and the look that belongs to it. */
export function createAppearance(client: Client<'visitor'>, initial: Settings) {
  let settings = initial

  function use(language: Language) {
    client.setLanguage(language)
    return { language, look: createLook(settings, language) }
  }

  return {
    use,
    /** The visitor's own, or the page's, or the browser's. */
    read: () => use(client.slots.read<Language>('language') ?? settings.language ?? browserLanguage()),
    configure(next: Settings) {
      settings = next
    },
  }
}

export interface PageSource {
  read(): PageContext
  set(context: SiteContext): void
}

/**
 * The context as of now. An address that was the page's own follows the page; a product named on one page is not
 * taken along to the next, where it would answer questions about the wrong thing.
 */
export function createPageSource(initial: SiteContext = {}): PageSource {
  let context = initial
  let path = location.pathname

  return {
    set(next) {
      context = next
      path = location.pathname
    },
    read() {
      const { productId, skuId, url } = context
      const isHere = location.pathname === path
      const hints = {
        product_id: isHere && productId,
        sku_id: isHere && skuId,
        url: (isHere && url) || location.href,
      }
      return Object.fromEntries(
        Object.entries(hints)
          .filter(([, value]) => value || value === 0)
          .map(([name, value]) => [name, String(value).slice(0, hintMaxLength)]),
      )
    },
  }
}

/** In UTF-16 code units; what cannot be an id or an address is not sent with every message. */
const hintMaxLength = 2048
