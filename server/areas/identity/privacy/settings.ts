import { createHash } from 'node:crypto'
import type { PrivacySettings } from '#protocol/identity/privacy'
import type { SettingStorage } from '#storage/platform/settings'
import { createSetting } from '../../../core/setting.ts'
import type { Log } from '../../../observability/log.ts'

const defaults: PrivacySettings = {
  consent: { required: false, text: { zh: '', en: '' } },
  retention_days: { conversations: null, mail: 30, audit: 365 },
  mask_for_models: false,
}

export type PrivacySettingsReader = ReturnType<typeof createSettings>

/** How data on people is treated. */
export function createSettings(storage: SettingStorage, log: Log) {
  const setting = createSetting(storage, 'privacy', defaults, log)
  return {
    ...setting,
    /** What a visitor is asked to agree to before the first message; null when nothing. */
    wording: () => wordingOf(setting.current()),
    masksForModels: () => setting.current().mask_for_models,
  }
}

function wordingOf({ consent: { required, text } }: PrivacySettings) {
  if (!required) return null
  return { version: createHash('sha256').update(JSON.stringify(text)).digest('base64url').slice(0, 16), text }
}
