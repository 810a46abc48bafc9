/** Two-letter codes of ISO 3166 that a language has no name for are none. */
const letters = Array.from({ length: 26 }, (_, at) => String.fromCharCode(65 + at))

/** What people call countries besides their names. */
const others = [
  'uk',
  'usa',
  'england',
  'scotland',
  'wales',
  'britain',
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

const namesOfEu = new Set(namesIn('en', membersOfEu))

/** `country`: its English name, lower case. */
export function isInEu(country: string): boolean {
  return namesOfEu.has(country)
}

/** Places that Chinese shops name together. */
export const regionsTogether: ReadonlyMap<string, string> = new Map(
  ['hong kong', 'macau', 'taiwan'].map(place => [place, '港澳台']),
)

/** Other names of countries, and their parts: where a shop sends to one it sends to the other. */
const sameCountry: Readonly<Record<string, string>> = {
  uk: 'united kingdom',
  england: 'united kingdom',
  scotland: 'united kingdom',
  wales: 'united kingdom',
  britain: 'united kingdom',
  usa: 'united states',
  america: 'united states',
  eu: 'europe',
  欧盟: 'europe',
  欧洲: 'europe',
  非洲: 'africa',
  香港: 'hong kong',
  澳门: 'macau',
}

/** The names of all countries in English and Chinese, lower case, each with the English one. */
export const countryNames: ReadonlyMap<string, string> = new Map([
  ...codes.flatMap(code => {
    const [en] = namesIn('en', [code])
    const [zh] = namesIn('zh', [code])
    return [en, zh].flatMap(name =>
      name !== undefined && /^[\p{L} ]{2,}$/u.test(name) ? [[name, en ?? name] as const] : [],
    )
  }),
  ...others.map(name => [name, sameCountry[name] ?? name] as const),
])
