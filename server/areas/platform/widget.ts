import { isDeepStrictEqual } from 'node:util'
import { widgetZIndexMax } from '#protocol/core/limits'
import type { WidgetSettings, widgetOperations } from '#protocol/platform/widget'
import type { SettingStorage } from '#storage/platform/settings'
import type { WidgetFileStorage } from '#storage/platform/widget'
import { actorOf, type Handlers } from '../../core/call.ts'
import { repeat } from '../../jobs/schedule.ts'
import type { Log } from '../../observability/log.ts'

export interface WidgetDeps {
  storage: SettingStorage
  files: WidgetFileStorage
  log: Log
}

const settingName = 'widget'
/** A page may stay open, or be kept by a cache, for so long after a deploy. */
const filesKeptDays = 90
/** A change made on another node is seen that much later. */
const refreshMs = 2000

const defaults: WidgetSettings = {
  title: { en: '', zh: '' },
  greeting: { en: '', zh: '' },
  starters: { en: [], zh: [] },
  color: null,
  logo_url: null,
  launcher: 'shown',
  side: 'right',
  offset_x: 20,
  offset_y: 20,
  z_index: widgetZIndexMax,
}

/** How the widget looks where a page does not say it itself. */
export function widgetArea({ storage, files, log }: WidgetDeps) {
  let current = defaults

  async function refresh(): Promise<void> {
    current = withDefaults(await storage.read(settingName))
  }

  const stop = repeat(refresh, refreshMs, log)

  const handlers: Handlers<typeof widgetOperations> = {
    async 'widget:settings'() {
      await refresh()
      return { settings: current, defaults }
    },

    async 'widget:set'(change, call) {
      await storage.write(settingName, before => ({ ...withDefaults(before), ...change }), actorOf(call))
      await refresh()
      return { settings: current }
    },
  }

  return {
    handlers,
    start: refresh,
    close: stop,
    /** The second files of this build and those before. */
    files: {
      ...files,
      save: (name: string, content: Uint8Array) => files.save(name, content, filesKeptDays),
    },
    /** What an administrator has set: all else the widget knows by itself. */
    changed(): Partial<WidgetSettings> {
      const names = Object.keys(defaults) as (keyof WidgetSettings)[]
      const set = names.filter(name => !isDeepStrictEqual(current[name], defaults[name]))
      return Object.fromEntries(set.map(name => [name, current[name]]))
    },
  }
}

function withDefaults(stored: unknown): WidgetSettings {
  return { ...defaults, ...(stored as Partial<WidgetSettings> | null) }
}
