/** Signs for numbers; those below ten are digits, the others multiply. */
// biome-ignore format: a table of words
export const numeralsZh: Readonly<Record<string, number>> = {
  零: 0, 〇: 0, 一: 1, 二: 2, 两: 2, 三: 3, 四: 4, 五: 5, 六: 6, 七: 7, 八: 8, 九: 9, 十: 10, 百: 100, 千: 1000, 万: 10_000,
}

/** Behind digits. */
export const multipliersZh: Readonly<Record<string, number>> = {
  百: 100,
  千: 1000,
  万: 10_000,
  亿: 100_000_000,
}

/** Behind a numeral that counts: a measure word, or a limit ("一千以内"). */
export const countedZh = /^(?:以[内下上]|左右|之[内间]|个|台|次|款|件|把|张|只|倍|人|种|条|口|座|位|档)/

/** Behind a numeral that begins a range: "一百到两百块". */
export const rangedZh = /^[到至~-][一二两三四五六七八九\d]/
