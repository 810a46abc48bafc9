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

function namesIn(locale: string): string[] {
  const names = new Intl.DisplayNames([locale], { type: 'region', fallback: 'none' })
  return letters.flatMap(first => letters.flatMap(second => names.of(first + second) ?? []))
}

/** The names of all countries in English and Chinese, lower case. */
export const countryNames: ReadonlySet<string> = new Set([
  ...[...namesIn('en'), ...namesIn('zh')]
    .map(name => name.toLowerCase())
    .filter(name => /^[\p{L} ]{2,}$/u.test(name)),
  ...others,
])
