/** Two-letter codes of ISO 3166 that a language has no name for are none. */
const letters = Array.from({ length: 26 }, (_, at) => String.fromCharCode(65 + at))

/** What people call countries besides their names. */
const others = [
  'uk',
  'usa',
  'england',
  'scotland',
  'wales',
  'europe',
  'eu',
  'america',
  'asia',
  'africa',
  'czechia',
  '欧洲',
  '欧盟',
  '非洲',
  '东南亚',
  'hong kong',
  'macau',
  '香港',
  '澳门',
  '港澳台',
]

const codes = letters.flatMap(first => letters.map(second => first + second))
const membersOfEu = 'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(
  ' ',
)

function namesIn(locale: string, of: readonly string[]): string[] {
  const names = new Intl.DisplayNames([locale], { type: 'region', fallback: 'none' })
  return of.flatMap(code => names.of(code) ?? []).map(name => name.toLowerCase())
}

/** Words by which the countries of the European Union are named together. */
export const wordsForEu = ['eu', 'europe', 'european', '欧盟', '欧洲']

const namesOfEu = new Set([...namesIn('en', membersOfEu), ...namesIn('zh', membersOfEu)])

export function isInEu(country: string): boolean {
  return namesOfEu.has(country)
}

/** The names of all countries in English and Chinese, lower case. */
export const countryNames: ReadonlySet<string> = new Set([
  ...[...namesIn('en', codes), ...namesIn('zh', codes)].filter(name => /^[\p{L} ]{2,}$/u.test(name)),
  ...others,
])
