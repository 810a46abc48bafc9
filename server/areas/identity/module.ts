import { administratorStorage } from '#storage/identity/administrators'
import { auditStorage } from '#storage/identity/audit'
import { identityStorage } from '#storage/identity/auth'
import { codeStorage } from '#storage/identity/codes'
import { factorStorage } from '#storage/identity/factors'
import { peopleStorage } from '#storage/identity/people'
import { privacyStorage } from '#storage/identity/privacy'
import { profileStorage } from '#storage/identity/profile'
import { secretStorage } from '#storage/identity/secrets'
import { settingStorage } from '#storage/platform/settings'
import type { Core } from '../../core/open.ts'
import type { Mail } from '../../mail/mail.ts'
import type { Realtime } from '../../realtime/module.ts'
import { accessTokenSeconds, longestTokenSeconds } from '../../security/identity.ts'
import { auditArea } from './audit.ts'
import { setAdministrator } from './auth/administrator.ts'
import { codeLimits } from './auth/codes.ts'
import { ensureAdmin } from './auth/first-admin.ts'
import { identityArea } from './auth/index.ts'
import { peopleArea } from './people.ts'
import { privacyArea } from './privacy/index.ts'
import { profileArea } from './profile.ts'

export interface IdentityUses {
  realtime: Realtime
  mail: Mail
  /** Removes uploads that nobody attached. */
  expireUploads(): Promise<unknown>
}

/** Who people are, what they may ask of the data on them, and what administrators did. */
export function identityModule(core: Core, { realtime, mail, expireUploads }: IdentityUses) {
  const { config, lifecycle, log, database, keyRing, sealer } = core
  const { identity, forgetConversation, refreshRevocations } = realtime
  const audit = auditArea({ storage: auditStorage(database) })
  const storage = identityStorage(database)
  const codes = codeStorage(database, codeLimits)
  const factors = factorStorage(database)
  const accounts = identityArea({
    storage,
    codes: { storage: codes, keyRing, mail, consoleUrl: `${config.publicUrl}/console` },
    factor: { storage: factors, sealer },
    site: { storage: secretStorage(database), sealer, longestSeconds: longestTokenSeconds },
    issue: identity.issue,
    accessTokenSeconds,
    refreshRevocations,
    recordAudit: audit.record,
  })
  const people = peopleArea({
    storage: peopleStorage(database),
    refreshRevocations,
    invitation: accounts.invitation,
    wakeMail: mail.wake,
    removeFactor: factors.remove,
  })
  const privacy = privacyArea({
    storage: privacyStorage(database),
    settings: settingStorage(database),
    recordAudit: audit.record,
    newVisitor: identity.newVisitor,
    refreshRevocations,
    abortReplies: forgetConversation,
    prune: [codes.prune, expireUploads],
    log,
  })
  const profile = profileArea({ storage: profileStorage(database), describe: accounts.describe })
  lifecycle.add(privacy)
  return {
    handlers: {
      ...accounts.handlers,
      ...profile.handlers,
      ...people.handlers,
      ...audit.handlers,
      ...privacy.handlers,
    },
    recordAudit: audit.record,
    recognise: accounts.recognise,
    describe: accounts.describe,
    ensureAdmin: () => ensureAdmin(storage, { email: config.adminEmail, password: config.adminPassword }),
    /** From the command on this machine. */
    async setAdministrator(input: Parameters<typeof setAdministrator>[1]) {
      const outcome = await setAdministrator(administratorStorage(database), input)
      await refreshRevocations()
      return outcome
    },
    assertConsent: privacy.assertConsent,
    masksForModels: privacy.masksForModels,
    retain: privacy.retain,
    features: () => ({ consent: privacy.wording() }),
  }
}
