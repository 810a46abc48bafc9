import { basePath } from '../ui/base-path.ts'
import { pageLanguage } from '../ui/page.ts'
import type { Queued } from '../widget/core/api.ts'
import type { Settings, SiteContext } from '../widget/core/settings.ts'

type Parley = { push(call: Queued): void }

/** The queue a site's asynchronous snippet makes; the script takes it over when it comes. */
export function parley(...call: Queued): void {
  const page = window as unknown as { Parley?: Parley }
  page.Parley ??= [] as Queued[]
  page.Parley.push(call)
}

export function embed(context?: SiteContext): void {
  parley('init', {
    url: location.origin + basePath,
    language: pageLanguage(),
    theme: 'page',
    context,
  } satisfies Settings)
}
