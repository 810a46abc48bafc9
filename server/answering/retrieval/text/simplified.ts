import { Converter } from 'opencc-js/t2cn'

const hanFirst = 0x4e00
const hanLast = 0x9fff
const han = /[\u4e00-\u9fff]/

let table: ReadonlyMap<string, string> | null = null

/** Traditional characters as simplified ones, one for one, so that every position stays where it was. */
export function toSimplified(text: string): string {
  if (!han.test(text)) return text
  table ??= readTable()
  let plain = ''
  for (const sign of text) plain += table.get(sign) ?? sign
  return plain
}

/** Character by character: an index must not depend on where a phrase begins. */
function readTable(): ReadonlyMap<string, string> {
  const convert = Converter({ from: 't', to: 'cn' })
  const signs = Array.from({ length: hanLast - hanFirst + 1 }, (_, at) => String.fromCharCode(hanFirst + at))
  const converted = convert(signs.join('\n')).split('\n')
  return new Map(
    signs.flatMap((sign, at) =>
      converted[at] !== sign && converted[at]!.length === 1 ? [[sign, converted[at]!] as const] : [],
    ),
  )
}
