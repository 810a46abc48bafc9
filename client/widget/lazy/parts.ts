/** What the first file asks the second one for. */
export { Actions } from './actions.tsx'
export { Avatar } from './avatar.tsx'
export { Consent } from './consent.tsx'
export { Desk } from './desk.tsx'
export { Attach, Attached, filesOf, Picked } from './files.tsx'
export { Offer } from './offer.tsx'
export { Seen } from './seen.tsx'
export { default as css } from './styles.css?inline'
