import { tokenize } from '../text/tokens.ts'

/**
 * What customers and shops call the same thing, in both languages: words or phrases of one line stand for each other when
 * something is looked for. Not so close that one could be quoted as the other (see `attributes`).
 */
// biome-ignore format: a table of words
const services = `
delivery|deliver|shipping|ship|shipment|dispatch|配送|发货|送货|运送|运输|物流|快递|送达|寄
return|send back|send it back|send this back|send them back|send something back|bring back|give back|退货|退换|退回|退掉
refund|money back|reimburse|get my money|退款|退钱|到账
repair|fix|mend|维修|修理|修
warranty|guarantee|保修|质保
pay|payment|付款|支付|付钱
exchange|swap|换货|调换
broken|defective|faulty|damaged|stop working|does not work|doesn't work|坏了|损坏|故障|破损|质量问题
cancel|withdrawal|withdraw|取消|撤回|撤销
invoice|bill|receipt|发票|账单
instalment|installment|monthly rate|financing|分期
discount|rebate|price reduction|折扣|优惠|打折|便宜点
voucher|coupon|gift card|promo code|代金券|优惠券|礼品卡
contact|reach|call|phone number|e-mail|telephone|联系|电话|邮箱|邮件
opening hours|open|opening times|business hours|营业时间|开门|关门|营业|几点
showroom|store|branch|visit|address|展厅|门店|实体店|地址
pick up|collect|collecting|pickup|click and collect|自取|取货|自提
track|tracking|where is my|物流查询|跟踪|查询
lost|missing|not arrive|never arrived|丢失|没有收到|没收到
company|business|b2b|corporate|firm|企业|公司
school|education|university|学校|教育
rent|hire|lease|renting|租赁|租用|租
complaint|complain|投诉
customs|duty|duties|import tax|关税|进口税
tax|vat|税|增值税
clean|cleaning|wash|清洁|清洗
spare part|replacement part|spare|配件|备件|零件
installation|install|set-up|set up|assemble|assembly|安装|组装
old device|recycle|recycling|dispose|disposal|旧设备|回收`

/** As above, of what things are for and how they are. */
// biome-ignore format: a table of words
const uses = `
video|film|movie|footage|视频|剪辑
photo|photography|photographer|照片|摄影|修图
gaming|game|games|gamer|游戏|电竞
office|work|办公
study|student|studying|university|学习|学生|上学|大学
travel|trip|commute|traveling|旅行|出差|旅游|通勤
noise cancelling|noise canceling|noise cancellation|anc|降噪
music|音乐
call|meeting|conference|通话|会议
developer|programming|coding|programmer|编程|开发|程序员
design|designer|graphic design|设计
sport|running|workout|gym|运动|跑步|健身
quiet|silent|noiseless|安静|静音
wireless|bluetooth|cordless|无线|蓝牙
waterproof|splash-proof|water resistant|防水|防溅
curved|曲面
mechanical|机械
battery life|battery|电池|续航
camping|tent|outdoor|露营|户外`

interface Phrase {
  /** As `tokenize` makes them. */
  terms: readonly string[]
  text: string
  group: number
}

interface Table {
  groups: readonly (readonly Phrase[])[]
  /** Latin phrases by their first term; the others stand anywhere in a text. */
  byTerm: ReadonlyMap<string, readonly Phrase[]>
  dense: readonly Phrase[]
}

function readTable(...tables: string[]): Table {
  const groups = tables
    .flatMap(table => table.trim().split('\n'))
    .map((line, group) => line.split('|').map(text => ({ text, terms: tokenize(text), group })))
  const phrases = groups.flat()
  const latin = phrases.filter(({ text }) => /^[a-z]/.test(text))
  return {
    groups,
    byTerm: Map.groupBy(latin, ({ terms }) => terms[0]!),
    dense: phrases.filter(({ text }) => !/^[a-z]/.test(text)),
  }
}

const all = readTable(services, uses)
const ofUses = readTable(uses)
const servicesCount = readTable(services).groups.length

/** A meaning that a text has in one of its words, and the other words for it. */
export interface Meaning {
  /** Which line of the table. */
  group: number
  /** The terms of the text that say it. */
  said: readonly string[]
  /** Each of the others, its terms together. */
  others: readonly (readonly string[])[]
}

/** The meanings of the table in a lower-case text. `terms`: what `tokenize` makes of it. Products are looked for by uses only. */
export function meaningsIn(
  text: string,
  terms: readonly string[],
  source: 'document' | 'product' = 'document',
): Meaning[] {
  return meaningsOf(source === 'product' ? ofUses : all, text, terms)
}

/** Whether a text is about what a shop does rather than what it sells. */
export function namesService(text: string): boolean {
  return meaningsOf(all, text.toLowerCase(), tokenize(text)).some(({ group }) => group < servicesCount)
}

function meaningsOf(synonyms: Table, text: string, terms: readonly string[]): Meaning[] {
  const found = new Map<number, Set<string>>()
  const saidIn = (group: number) => {
    const said = found.get(group) ?? new Set<string>()
    found.set(group, said)
    return said
  }
  // "Cancelling" of "noise cancelling" says nothing by itself.
  let taken = 0
  for (const [at, term] of terms.entries()) {
    const fitting = (synonyms.byTerm.get(term) ?? []).filter(
      phrase =>
        at + phrase.terms.length > taken && phrase.terms.every((each, next) => terms[at + next] === each),
    )
    const longest = Math.max(0, ...fitting.map(phrase => phrase.terms.length))
    for (const phrase of fitting)
      if (phrase.terms.length === longest) for (const each of phrase.terms) saidIn(phrase.group).add(each)
    taken = Math.max(taken, at + longest)
  }
  if (han.test(text)) addDense(synonyms, text, terms, saidIn)
  return [...found].map(([group, said]) => ({
    group,
    said: [...said],
    others: synonyms.groups[group]!.map(phrase => phrase.terms).filter(
      other => !other.every(term => said.has(term)),
    ),
  }))
}

const han = /\p{Script=Han}/u

/** Chinese phrases stand anywhere; the terms around them ("视频剪辑" of "视频" and "剪辑", and its inner pair) are said with them. */
function addDense(
  { dense }: Table,
  text: string,
  terms: readonly string[],
  saidIn: (group: number) => Set<string>,
) {
  const matched = Map.groupBy(
    dense.filter(phrase => text.includes(phrase.text)),
    phrase => phrase.group,
  )
  for (const [group, phrases] of matched) {
    const said = saidIn(group)
    const joined = phrases
      .map(phrase => phrase.text)
      .sort((a, b) => text.indexOf(a) - text.indexOf(b))
      .join('')
    for (const phrase of phrases) for (const term of phrase.terms) said.add(term)
    for (const term of terms)
      if (han.test(term) && (joined.includes(term) || phrases.some(phrase => term.includes(phrase.text))))
        said.add(term)
  }
}
