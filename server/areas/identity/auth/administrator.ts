import * as v from 'valibot'
import { newPassword, username } from '#protocol/identity/people'
import type { AdministratorOutcome, AdministratorStorage } from '#storage/identity/administrators'
import { newId } from '../../../core/ids.ts'
import { hashPassword } from '../../../security/passwords.ts'

/** What the command `admin-password` says. */
export const administratorInput = v.object({
  username,
  password: newPassword,
  create: v.boolean(),
  remove_factor: v.boolean(),
})
export type AdministratorInput = v.InferInput<typeof administratorInput>

/** An administrator's password, set by whoever runs the machine. @throws v.ValiError */
export async function setAdministrator(
  storage: AdministratorStorage,
  input: unknown,
): Promise<AdministratorOutcome> {
  const { username, password, create, remove_factor } = v.parse(administratorInput, input)
  return storage.set({
    username,
    passwordHash: await hashPassword(password),
    removeFactor: remove_factor,
    created: create ? { id: newId() } : null,
  })
}
