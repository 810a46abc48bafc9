/** What the first file asks the second one for. */
export { Actions } from './actions.tsx'
export { Consent } from './consent.tsx'
export { Desk } from './desk.tsx'
export { Face } from './face.tsx'
export { Attach, Attached, filesOf, Picked } from './files.tsx'
export { default as css } from './more.css?inline'
export { Offer } from './offer.tsx'
export { Seen } from './seen.tsx'
