/** Before a full stop these do not end a sentence (lower case, without the last stop). */
export const abbreviationsEn = new Set(
  (
    'mr mrs ms dr prof st sr jr vs cf eg e.g ie i.e viz approx ca resp incl excl max min fig figs eq sec ch vol ed eds ' +
    'inc ltd co corp dept est tel ext gen gov rev hon jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu ' +
    'fri sat sun ph.d u.s u.k'
  ).split(' '),
)
/** These end one unless what follows shows that they do not. */
export const abbreviationsBeforeNumberEn = new Set(['no', 'nos', 'nr', 'p', 'pp', 'art'])
