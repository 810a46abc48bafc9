export const en = {
  PROVIDER_ERROR: 'The provider isn’t available right now.',
  NOT_CONFIGURED: 'This hasn’t been set up yet.',
  PROVIDER_INACTIVE: 'This assistant is switched off.',
  INVALID_CREDENTIALS: 'The user name or password is wrong.',
  INVALID_CODE: 'That code isn’t right, or it has expired.',
  PROVIDER_NOT_ACCESSIBLE: 'You don’t have access to this assistant.',
  USER_ALREADY_EXISTS: 'This user name or e-mail address is already taken.',
}
