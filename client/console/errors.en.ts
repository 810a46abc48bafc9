export const en = {
  PROVIDER_INACTIVE: 'This assistant is switched off at the moment.',
  INVALID_CREDENTIALS: 'User name or password is wrong.',
  INVALID_CODE: 'That code is not right.',
  PROVIDER_NOT_ACCESSIBLE: 'This assistant is not open to you.',
  USER_ALREADY_EXISTS: 'There is an account of that name already.',
}
