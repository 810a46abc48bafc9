import { OperationError, roleAtLeast } from '#protocol'
import type { privacyOperations } from '#protocol/identity/privacy'
import type { Caller, Handlers } from '../../../core/call.ts'
import type { PrivacyDeps } from './index.ts'
import type { PrivacySettingsReader } from './settings.ts'

/** What visitors agree to before anything of them is stored. */
export function createConsent(
  { storage, newVisitor }: Pick<PrivacyDeps, 'storage' | 'newVisitor'>,
  settings: Pick<PrivacySettingsReader, 'wording'>,
) {
  const handler: Handlers<typeof privacyOperations>['privacy:consent'] = async ({ version }, call) => {
    const wording = settings.wording()
    if (wording?.version !== version)
      throw new OperationError('CONFLICT', 'The consent text has changed; show the new one and ask again.', {
        consent: wording,
      })
    const visitor = call.caller.id === null ? await newVisitor() : null
    const { caller } = visitor ?? call
    await storage.consent(caller.id!, version)
    return { consent: wording, token: visitor?.token ?? null }
  }

  /**
   * Before anything of a visitor comes in: undefined while no consent is asked for, so that then nothing waits.
   * @throws OperationError CONFLICT with the wording to agree to
   */
  function assertConsent({ id, role }: Caller): Promise<void> | undefined {
    const wording = settings.wording()
    if (!wording || roleAtLeast(role, 'agent')) return undefined
    const consent = id === null ? Promise.resolve(false) : storage.consented(id, wording.version)
    return consent.then(hasConsented => {
      if (!hasConsented)
        throw new OperationError('CONFLICT', 'The visitor has to give consent first.', { consent: wording })
    })
  }

  return { handler, assertConsent }
}
