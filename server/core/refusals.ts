import { OperationError } from '#protocol'

/** Law D2: a repeat is known by its key, and says the same. */
export function keyReused(): OperationError {
  return new OperationError('CONFLICT', 'This key was already used with a different input.')
}

export function accountExists(): OperationError {
  return new OperationError('USER_ALREADY_EXISTS', 'This user name or e-mail address is already taken.')
}

export function lastSuperAdmin(): OperationError {
  return new OperationError('CONFLICT', 'At least one active super_admin must remain.')
}
