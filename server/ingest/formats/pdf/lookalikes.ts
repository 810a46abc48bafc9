/**
 * Radicals of Unicode's supplement, each with the character that looks like it: fonts of Chinese draw both with one shape, and
 * PDF writers then name the wrong one. Unicode folds the older radicals, but not these.
 */
const radicals = new Map(
  (
    '⺁厂 ⺂乛 ⺃乚 ⺄乙 ⺅亻 ⺆冂 ⺈刀 ⺉刂 ⺊卜 ⺌小 ⺍小 ⺎兀 ⺏尣 ⺐尢 ⺒巳 ⺓幺 ' +
    '⺔彑 ⺖忄 ⺘扌 ⺙攵 ⺛旡 ⺜日 ⺝月 ⺞歺 ⺠民 ⺡氵 ⺢氺 ⺣灬 ⺤爫 ⺥爫 ⺦丬 ⺧牛 ' +
    '⺨犭 ⺩王 ⺫目 ⺬示 ⺭礻 ⺯糹 ⺰纟 ⺱罓 ⺲罒 ⺶羊 ⺹耂 ⺺肀 ⺻聿 ⺼肉 ⺽臼 ⺾艹 ' +
    '⺿艹 ⻀艹 ⻁虎 ⻂衤 ⻃覀 ⻄西 ⻅见 ⻆角 ⻈讠 ⻉贝 ⻋车 ⻌辶 ⻍辶 ⻎辶 ⻏阝 ⻐钅 ' +
    '⻑長 ⻒镸 ⻓长 ⻔门 ⻖阝 ⻗雨 ⻘青 ⻙韦 ⻚页 ⻛风 ⻜飞 ⻝食 ⻟飠 ⻠饣 ⻢马 ⻣骨 ' +
    '⻤鬼 ⻥鱼 ⻦鸟 ⻧卤 ⻨麦 ⻩黄 ⻪黾 ⻫斉 ⻬齐 ⻭歯 ⻮齿 ⻯竜 ⻰龙 ⻱龜 ⻲亀'
  )
    .split(' ')
    .map(([radical, character]) => [radical, character] as [string, string]),
)

const lookalikes = /[\u2e80-\u2fdf\ufb00-\ufb06]/g

/** Text with characters and letters for the radicals and ligatures that stand in their place. */
export function withoutLookalikes(text: string): string {
  return text.replace(lookalikes, sign => radicals.get(sign) ?? sign.normalize('NFKC'))
}
