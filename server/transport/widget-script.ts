import type { WidgetSettings } from '#protocol/platform/widget'

/**
 * The widget's file as pages get it: what the site's owner has set goes before it, so that it looks right from the start
 * and asks for nothing.
 * @returns a function that gives it as of now; the same object while nothing has changed
 */
export function widgetScript<T>(
  code: Uint8Array,
  settings: () => Partial<WidgetSettings>,
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
