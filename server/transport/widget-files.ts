import type { WidgetSettings } from '#protocol/platform/widget'

export interface WidgetParts {
  /** What the site's owner has set of the widget's look. */
  settings(): Partial<WidgetSettings>
  /** The second files of this build and those before, by name. */
  files: {
    save(name: string, content: Uint8Array): Promise<void>
    names(): Promise<string[]>
    find(name: string): Promise<Uint8Array | null>
  }
}

/**
 * The widget's first file as pages get it: what the site's owner has set goes before it, so that it looks right from the
 * start and asks for nothing.
 * @returns a function that gives it as of now; the same object while nothing has changed
 */
export function firstFile<T>(
  code: Uint8Array,
  settings: WidgetParts['settings'],
  toAsset: (bytes: Buffer) => T,
): () => T {
  let current: { head: string; asset: T } | null = null
  return () => {
    const head = headOf(settings())
    if (current?.head !== head) current = { head, asset: toAsset(Buffer.concat([Buffer.from(head), code])) }
    return current.asset
  }
}

/** A site may copy the file into its page: nothing in it ends a script element. */
function headOf(settings: Partial<WidgetSettings>): string {
  if (Object.keys(settings).length === 0) return ''
  const json = JSON.stringify(settings).replace(
    /[<\u2028\u2029]/g,
    sign => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return `window.ParleySite=${json};\n`
}

const secondFile = /^assets\/widget-[\w-]+\.js$/
/** Builds whose second file is asked for at once: there are never many. */
const rememberedMax = 16
/** How old the list of names may be: whoever asks for one that never was, asks no database. */
const namesMs = 5000

/**
 * The widget's second file of any build: a page that was loaded before a deploy, or from a node of another version, asks
 * for its own.
 */
export function secondFiles<T>(
  assets: ReadonlyMap<string, T>,
  files: WidgetParts['files'],
  toAsset: (bytes: Buffer) => T,
) {
  const names = [...assets.keys()].filter(name => secondFile.test(name))
  const kindOf = (name: string) => /-(?:voice|worklet)-/.exec(name)?.[0]
  const remembered = new Map<string, T>()
  let listing: Promise<Set<string>> = Promise.resolve(new Set())
  let listedAt = Number.NEGATIVE_INFINITY

  function listed(): Promise<Set<string>> {
    if (performance.now() - listedAt < namesMs) return listing
    listedAt = performance.now()
    listing = files.names().then(
      all => new Set(all),
      () => new Set(),
    )
    return listing
  }

  async function read(name: string): Promise<T | null> {
    const content = (await listed()).has(name) ? await files.find(name).catch(() => null) : null
    if (!content) return null
    const asset = toAsset(Buffer.from(content))
    if (remembered.size >= rememberedMax) remembered.clear()
    remembered.set(name, asset)
    return asset
  }

  return {
    isOne: (name: string) => secondFile.test(name),
    async save(contentOf: (asset: T) => Uint8Array): Promise<void> {
      for (const name of names) await files.save(name, contentOf(assets.get(name)!))
    },
    /** Else that of this build, which does nothing in a page that it does not fit. */
    async find(name: string): Promise<{ asset: T | undefined; isExact: boolean }> {
      const known = assets.get(name) ?? remembered.get(name)
      if (known) return { asset: known, isExact: true }
      const asset = await read(name)
      if (asset) return { asset, isExact: true }
      const current = names.find(each => kindOf(each) === kindOf(name))
      return { asset: assets.get(current ?? ''), isExact: false }
    },
  }
}
