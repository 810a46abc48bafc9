/** Names of what is stated, brought to one: a fact in either language takes the place of the other. */
const names: readonly (readonly [string, string])[] = [
  ['shoe', 'shoe shoes boot boots sneaker sneakers trainer trainers 鞋 鞋子'],
  ['shirt', 'shirt shirts t-shirt t-shirts 衬衫 上衣'],
  ['trousers', 'trouser trousers pants jeans waist 裤子'],
  ['jacket', 'jacket jackets coat coats'],
  ['dress', 'dress dresses 裙子'],
  ['glove', 'glove gloves 手套'],
  ['hat', 'hat hats helmet helmets 帽子'],
  ['ring', 'ring rings 戒指'],
  ['clothes', 'clothes clothing 衣服'],
  ['name', 'name nickname 名字 姓名 昵称'],
  ['job', 'job profession occupation 职业 工作'],
  ['hobby', 'hobby hobbies 爱好 兴趣'],
  ['native language', '母语'],
  ['birthday', '生日'],
  ['budget', '预算'],
  ['height', '身高'],
  ['time zone', 'timezone 时区'],
  ['origin', 'hometown 家乡 老家'],
  ['car', '车'],
  ['bike', 'bicycle 自行车'],
  ['phone', '手机'],
  ['laptop', '笔记本 电脑 computer'],
  ['printer', '打印机'],
  ['camera', '相机'],
]
const canonical = new Map(
  names.flatMap(([name, words]) => words.split(' ').map(word => [word, name] as const)),
)
const whole = new Map([
  ['first language', 'native language'],
  ['mother tongue', 'native language'],
  ['home town', 'origin'],
])
const size = /^(?<of>.*?)\s*(?:size|尺码|码数|号码|尺寸|码)$/u

export function canonicalSlot(slot: string): string {
  const name = slot.trim().replace(/^favou?rite |^最?喜欢的|^最爱的/, 'favorite:')
  const sized = size.exec(name)?.groups?.of
  if (sized !== undefined)
    return sized === '' ? 'size' : `size:${canonical.get(sized.split(' ').at(-1)!) ?? sized}`
  return whole.get(name) ?? canonical.get(name) ?? name
}

const devices = new Set(['car', 'bike', 'phone', 'laptop', 'printer', 'camera', 'tablet'])
const months = /jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|[月初]/
const noName =
  /^(?:back|later|when|if|at|on|in|not|no|tomorrow|today|tonight|as|an?|the|please|now|asap|again|any|about|crazy|out|off|up|over|to|from|for)\b|\d{3}|^(?:我|你|他|她|一个|一下|回来|过来)/u

/** Whether a value is one of its kind: "my size is 42" says a size, "my size is sold out" does not. @param written the value as the person wrote it */
export function isPlausible(subject: string, value: string, written: string): boolean {
  const [kind] = subject.split(':')
  if (/^(?:it|this|that|them|these|those|you|everything|nothing|这个|那个|它)$/.test(value)) return false
  if (kind === 'size')
    return (
      /\d|^(?:x*s|m|x*l|small|medium|large|extra (?:small|large))$/.test(value) ||
      /[一二三四五六七八九十]/.test(value)
    )
  if (kind === 'height' || kind === 'age' || kind === 'budget')
    return /[\d一二三四五六七八九十百千万]/.test(value)
  if (kind === 'birthday') return /\d/.test(value) || months.test(value)
  if (kind === 'name') return !noName.test(value) && value.split(/\s+/).length <= 4 && value.length <= 40
  if (kind === 'job') return !/^(?:not|very|so|too|really|boring|stressful|hard|great|fun|很|太)/.test(value)
  if (devices.has(kind!))
    return /[\p{Lu}\d]/u.test(written) || (/\p{Script=Han}/u.test(value) && !/的$|坏|旧|新|慢/.test(value))
  return true
}

const named = /^my (?<slot>[\w' -]{2,40})$|^我的?(?<other>[\p{Script=Han}]{1,10})$/u
const ways: readonly (readonly [RegExp, string])[] = [
  [/^where i live$|^我住(?:在)?(?:哪里|哪儿|哪|什么地方)$/, 'home'],
  [/^my (?:address|city|home|town|place)$|^我的(?:住址|城市|家|住处)$/, 'home'],
  [/^how old i am$|^我(?:多大|的?年龄|几岁)$/, 'age'],
  [/^how tall i am$|^我多高$/, 'height'],
  [/^my diet$|^我的饮食(?:习惯)?$/, 'diet'],
]

/** What is named without saying anything of it ("my shoe size"); null where it is not known. */
export function subjectNamed(phrase: string): string | null {
  const spoken = phrase.toLowerCase().replaceAll('’', "'")
  const way = ways.find(([pattern]) => pattern.test(spoken))
  if (way) return way[1]
  const groups = named.exec(spoken)?.groups
  return groups ? canonicalSlot(groups.slot ?? groups.other!) : null
}
