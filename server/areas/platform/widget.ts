import { isDeepStrictEqual } from 'node:util'
import { widgetZIndexMax } from '#protocol/core/limits'
import type { WidgetSettings, widgetOperations } from '#protocol/platform/widget'
import type { SettingStorage } from '#storage/platform/settings'
import type { WidgetFileStorage } from '#storage/platform/widget'
import { actorOf, type Handlers } from '../../core/call.ts'
import { createSetting } from '../../core/setting.ts'
import type { Log } from '../../observability/log.ts'

export interface WidgetDeps {
  storage: SettingStorage
  files: WidgetFileStorage
  log: Log
}

/** A page may stay open, or be kept by a cache, for so long after a deploy. */
const filesKeptDays = 90

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
  const setting = createSetting(storage, 'widget', defaults, log)

  const handlers: Handlers<typeof widgetOperations> = {
    async 'widget:settings'() {
      await setting.refresh()
      return { settings: setting.current(), defaults }
    },

    async 'widget:set'(change, call) {
      await setting.write(change, actorOf(call))
      return { settings: setting.current() }
    },
  }

  return {
    handlers,
    start: setting.start,
    close: setting.close,
    /** The second files of this build and those before. */
    files: {
      ...files,
      save: (name: string, content: Uint8Array) => files.save(name, content, filesKeptDays),
    },
    /** What an administrator has set: all else the widget knows by itself. */
    changed(): Partial<WidgetSettings> {
      const current = setting.current()
      const names = Object.keys(defaults) as (keyof WidgetSettings)[]
      const set = names.filter(name => !isDeepStrictEqual(current[name], defaults[name]))
      return Object.fromEntries(set.map(name => [name, current[name]]))
    },
  }
}
