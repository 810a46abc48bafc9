import type { SiteContext, WidgetCall } from '../sdk/index.ts'
import { basePath } from '../ui/base-path.ts'
import { pageLanguage } from '../ui/page.ts'

type Parley = { push(call: WidgetCall): void }

/** The queue a site's asynchronous snippet makes; the script takes it over when it comes. */
export function parley(...call: WidgetCall): void {
  const page = window as unknown as { Parley?: Parley }
  page.Parley ??= [] as WidgetCall[]
  page.Parley.push(call)
}

export function embed(context?: SiteContext): void {
  parley('init', {
    url: location.origin + basePath,
    language: pageLanguage(),
    theme: 'page',
    context,
  })
}
