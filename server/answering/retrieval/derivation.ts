/**
 * Raised by whoever changes what is stored of products and documents besides what their owner gave: kinds, numbers and
 * profiles, the cut of passages, their terms and weights. What an older one made is made anew after the start, in the
 * background.
 */
export const derivation = 4
