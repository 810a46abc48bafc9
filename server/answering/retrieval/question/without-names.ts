import { blanked } from '../text/blanked.ts'
import { isSameAmount, type Quantity, quantities } from '../text/quantities.ts'

const idMax = 60

/** An id in whatever form it stands in the text: "lt 0002" of LT-0002. */
function withoutId(text: string, id: string): string {
  const groups = id.match(/\p{L}+|\p{N}+/gu)
  if (!groups || groups.length < 2 || id.length > idMax) return text
  return text.replace(
    new RegExp(
      String.raw`(?<![\p{L}\p{N}])${groups.join(String.raw`[^\p{L}\p{N}]*`)}(?![\p{L}\p{N}])`,
      'giu',
    ),
    ' ',
  )
}

/** The text without the names it gives to these products, so that "Asus" in a name is no condition. */
export function withoutNames(text: string, names: readonly string[]): string {
  const plain = names.reduce(withoutId, blanked(text, amountsOf(text, names)))
  const terms = new Set(
    names.flatMap(name => name.toLowerCase().split(/[\s/()]+/)).flatMap(word => [word, ...word.split('-')]),
  )
  const rest = plain.replace(/[\p{L}\p{N}][\p{L}\p{N}._-]*/gu, word =>
    terms.has(word.toLowerCase().replace(/['’]s$/, '')) ? ' ' : word,
  )
  const unspaced = [...new Set(names)].filter(name => /\p{Script=Han}/u.test(name))
  return unspaced.reduce(
    (left, name) =>
      left.includes(name) ? left.replaceAll(name, ' ') : withoutLatin(withoutParts(left, name), name),
    rest,
  )
}

/** The amounts of a text that stand in the names: "20寸" of a "20寸登机箱", whichever way they are written. */
function amountsOf(text: string, names: readonly string[]): Quantity[] {
  const amounts = quantities(text).filter(({ unit }) => unit !== null)
  if (amounts.length === 0) return amounts
  const own = names.flatMap(name => quantities(name))
  return amounts.filter(amount => own.some(each => isSameAmount(each, amount)))
}

/** Signs of a name that are compared. */
const unspacedMax = 40

/** "4K" of "27英寸4K显示器", which stands between other signs. */
function withoutLatin(text: string, name: string): string {
  const parts = new Set(name.toLowerCase().match(/(?:(?!\p{Script=Han})[\p{L}\p{N}.]){2,}/gu))
  return text.replace(/(?:(?!\p{Script=Han})[\p{L}\p{N}.])+/gu, part =>
    parts.has(part.toLowerCase()) ? ' ' : part,
  )
}

/** Of a name without spaces that is not written out, what of it is, in runs of two signs and more, the longest first. */
function withoutParts(text: string, name: string): string {
  const signs = name.slice(0, unspacedMax)
  let left = text
  for (let length = Math.min(signs.length, left.length); length >= 2; length--)
    for (let at = 0; at + length <= signs.length; at++) {
      const part = signs.slice(at, at + length)
      if (/^\p{Script=Han}+$/u.test(part)) left = left.replaceAll(part, ' ')
    }
  return left
}
