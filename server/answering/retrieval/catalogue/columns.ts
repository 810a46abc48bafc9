import { type Attribute, attributes } from '../lexicon/attributes.ts'
import { LruCache } from '../text/lru-cache.ts'
import { kelvin, type Unit, unitNamed } from '../text/units.ts'

/** What a key of `specs` is called and measured in: "colour_temperature_k" is "colour temperature" in K. */
export interface SpecKey {
  key: string
  /** Its words without the unit, lower case. */
  name: string
  unit: Unit | null
  attribute: Attribute | null
}

/** The first attribute of a name counts. */
const attributeByName: ReadonlyMap<string, Attribute> = new Map(
  attributes
    .toReversed()
    .flatMap(attribute => [attribute.id, ...attribute.words].map(name => [name, attribute] as const)),
)

/** Units that are too short to be read as such anywhere else: "comfort_c", "screen_in". */
const shortUnits: Readonly<Record<string, Unit | null>> = {
  k: kelvin,
  c: unitNamed('°c'),
  in: unitNamed('inch'),
}

/** The attribute that the end of a column's name says: "frame size" is a size. */
export function attributeBehind(name: string): Attribute | null {
  const words = name.split(' ')
  for (let at = 1; at < words.length; at++) {
    const end = words.slice(at).join(' ')
    const found = attributeByName.get(end) ?? attributeByName.get(end.replace(/s$/, ''))
    if (found) return found
  }
  return null
}

const keysRead = new LruCache<SpecKey>(1024)

export function readKey(key: string): SpecKey {
  return keysRead.get(key, () => readNew(key))
}

function readNew(key: string): SpecKey {
  const words = key
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}%°]+/u)
    .filter(Boolean)
  const last = words.at(-1) ?? ''
  const short = words.length > 1 ? shortUnits[last] : undefined
  const unit = short ?? unitNamed(last)
  const own = unit && words.length > 1 ? words.slice(0, -1) : words
  const name = own.join(' ')
  return {
    key,
    name,
    unit,
    attribute: attributeByName.get(name) ?? attributeByName.get(name.replace(/s$/, '')) ?? null,
  }
}
