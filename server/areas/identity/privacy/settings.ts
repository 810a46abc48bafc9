import { createHash } from 'node:crypto'
import type { PrivacySettings } from '#protocol/identity/privacy'
import type { Actor } from '#storage/identity/audit'
import type { SettingStorage } from '#storage/platform/settings'

const settingName = 'privacy'
const defaults: PrivacySettings = {
  consent: { required: false, text: { zh: '', en: '' } },
  retention_days: { conversations: null, mail: 30, audit: 365 },
  mask_for_models: false,
}

export type PrivacySettingsReader = ReturnType<typeof createSettings>

/** How data on people is treated, as it was read last. */
export function createSettings(storage: SettingStorage) {
  let current = defaults

  async function read(): Promise<PrivacySettings> {
    current = { ...defaults, ...((await storage.read(settingName)) as Partial<PrivacySettings> | null) }
    return current
  }

  async function write(value: PrivacySettings, actor: Actor): Promise<PrivacySettings> {
    await storage.write(settingName, () => value, actor)
    return read()
  }

  return {
    read,
    write,
    /** What a visitor is asked to agree to before the first message; null when nothing. */
    wording: () => wordingOf(current),
    masksForModels: () => current.mask_for_models,
  }
}

function wordingOf({ consent: { required, text } }: PrivacySettings) {
  if (!required) return null
  return { version: createHash('sha256').update(JSON.stringify(text)).digest('base64url').slice(0, 16), text }
}
