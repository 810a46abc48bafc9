import type { Language, PageContext } from '#protocol'
import type { Identity } from '../../sdk/index.ts'

/** What a site hands to `Parley.init`. */
export interface Settings {
  /** Address of the server. Default: where the script came from. */
  url?: string
  language?: Language
  context?: SiteContext
  /** A customer the site vouches for, signed by the site's server. */
  user?: Identity
  /** `auto` follows the system, `page` the `color-scheme` of the page. Default: auto. */
  theme?: 'light' | 'dark' | 'auto' | 'page'
}

export interface SiteContext {
  productId?: string
  skuId?: string
  /** Default: the address of the page, also after it changes without a reload. */
  url?: string
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
      if (location.pathname === path)
        return { product_id: productId, sku_id: skuId, url: url ?? location.href }
      return { url: location.href }
    },
  }
}
