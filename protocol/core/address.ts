/**
 * The one grammar of web addresses: what the server lets through in a model's text, and what a client makes a link of. Browsers load this file, so it
 * imports nothing. It takes less than browsers do: whatever they would read in another way than a person does is no address here.
 */

/** Signs that are not seen: browsers drop some of them, and people all. In a class of a regular expression, with or without the flag `u`. */
export const invisible = String.raw`\0-\x08\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufff9-\ufffb`
/** One sign of an address: no blank, nothing that texts put around an address, no Chinese punctuation. */
const sign = String.raw`[^\s${invisible}<>"'\x60()\[\]{}|\\^，。；：、！？（）「」『』《》【】]`
/** One sign, or some in brackets, which belong to an address where both are there: `/wiki/Lamp_(electric)`. */
export const addressPart = String.raw`(?:${sign}|\(${sign}*\))`

/**
 * No user info, no escapes, and no dots but the plain one: those are how a host is made to look like another. A sign at
 * the end of a label is one of the text around it: `_https://host_`.
 */
const label = String.raw`[\p{L}\p{N}_][\p{L}\p{N}\p{M}_-]*(?<![_-])`
const written = new RegExp(
  String.raw`^https?://(${label}(?:\.${label})*)(?::\d{1,5})?(?:[/?#]${addressPart}*)?$`,
  'iu',
)
const path = new RegExp(`^/(?!/)${addressPart}*$`, 'u')

/** An http(s) address as browsers read it; null for everything else. */
export function parseWebAddress(text: string): URL | null {
  const host = written.exec(text)?.[1]?.toLowerCase()
  if (!host) return null
  try {
    const url = new URL(text)
    // Browsers take `1` for 0.0.0.1, and wide letters for plain ones.
    const isPlain = /^xn--|\.xn--/.test(url.hostname)
      ? host.normalize('NFKC') === host
      : url.hostname === host
    return isPlain ? url : null
  } catch {
    return null
  }
}

/** Whether it may be where a link leads: an http(s) address, or a path of the same site. */
export function isLinkable(text: string): boolean {
  return path.test(text) || parseWebAddress(text) !== null
}
