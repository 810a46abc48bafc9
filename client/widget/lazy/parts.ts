import { Account } from './account.tsx'
import { Actions } from './actions.tsx'
import { Avatar } from './avatar.tsx'
import { Consent } from './consent.tsx'
import { Desk } from './desk.tsx'
import { EarlierSheet } from './earlier.tsx'
import { Attach, Attached, filesOf, Picked } from './files.tsx'
import { rememberLeft } from './left.ts'
import { keepManners } from './manners.ts'
import { Offer } from './offer.tsx'
import { Description, Price } from './product.tsx'
import { Seen } from './seen.tsx'
import css from './styles.css?inline'
import { Speak } from './voice.tsx'

/** What the first file asks the second one for: an object, as a namespace costs a getter for each. */
export const parts = {
  Account,
  Actions,
  Attach,
  Attached,
  Avatar,
  Consent,
  Description,
  Desk,
  EarlierSheet,
  Offer,
  Picked,
  Price,
  Seen,
  Speak,
  css,
  filesOf,
  keepManners,
  rememberLeft,
}
