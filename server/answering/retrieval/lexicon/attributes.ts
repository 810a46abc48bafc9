import type { Language } from '#protocol'
import { tokenize } from '../text/tokens.ts'

/** Something shops say about their goods, in the words customers use for it. */
export interface Attribute {
  id: string
  label: Record<Language, string>
  /** Names of it, lower case; phrases are separated from each other by "|". */
  words: readonly string[]
  /** Adjectives for little and much of it: "the lightest" sorts upwards, "the heaviest" downwards. */
  low: readonly string[]
  high: readonly string[]
}

const table: [id: string, en: string, zh: string, words: string, low?: string, high?: string][] = [
  [
    'price',
    'Price',
    '价格',
    'price|prices|priced|cost|costs|budget|价格|价钱|售价|单价|预算|多少钱|钱',
    'cheap|inexpensive|affordable|budget|便宜|实惠|低价',
    'expensive|pricey|costly|贵|高价',
  ],
  ['category', 'Category', '类别', 'category|type|类别|类型|种类|分类'],
  ['brand', 'Brand', '品牌', 'brand|make|maker|manufacturer|品牌|牌子|厂商|厂家'],
  ['model', 'Model', '型号', 'model number|model|型号'],
  [
    'weight',
    'Weight',
    '重量',
    'weight|weigh|weighs|mass|how heavy|how light|重量|多重|净重',
    'light|lightweight|轻|轻便|轻薄',
    'heavy|重',
  ],
  ['memory', 'Memory', '内存', 'memory|ram|内存|运存|运行内存'],
  [
    'storage',
    'Storage',
    '存储',
    'storage|ssd|hdd|disk|hard disk|hard drive|drive|disk space|存储|硬盘|固态|固态硬盘|机械硬盘|储存|存储空间',
  ],
  [
    'screen',
    'Screen',
    '屏幕',
    'screen|display|screen size|屏幕|显示屏|屏|屏幕尺寸',
    'small|小',
    'large|big|大',
  ],
  ['resolution', 'Resolution', '分辨率', 'resolution|分辨率|清晰度'],
  ['refresh rate', 'Refresh rate', '刷新率', 'refresh rate|刷新率'],
  ['processor', 'Processor', '处理器', 'cpu|processor|chip|处理器|芯片'],
  ['graphics', 'Graphics', '显卡', 'gpu|graphics card|graphics|video card|显卡'],
  ['system', 'Operating system', '操作系统', 'os|operating system|操作系统|系统'],
  [
    'battery',
    'Battery',
    '电池',
    'battery life|battery|runtime|续航|电池|续航时间|电池续航',
    'short|短',
    'long|长|久',
  ],
  ['camera', 'Camera', '摄像头', 'camera|webcam|摄像头|相机|像素'],
  [
    'colour temperature',
    'Colour temperature',
    '色温',
    'colour temperature|color temperature|cct|色温',
    'warm|暖',
    'cold|cool|冷',
  ],
  ['colour', 'Colour', '颜色', 'colour|color|colours|colors|颜色|色'],
  [
    'brightness',
    'Brightness',
    '亮度',
    'brightness|lumens|lumen|luminous flux|light output|how bright|亮度|流明|光通量|多亮',
    'dim|暗',
    'bright|亮|明亮',
  ],
  [
    'power',
    'Power',
    '功率',
    'power consumption|power|wattage|watts|watt|功率|瓦数|功耗',
    'economical|efficient|省电|节能',
    'powerful',
  ],
  ['seat height', 'Seat height', '座高', 'seat height|座高|坐高|座椅高度'],
  ['height', 'Height', '高度', 'height|how tall|how high|高度|多高|高', 'short|low|矮|低', 'tall|high|高'],
  ['width', 'Width', '宽度', 'width|how wide|宽度|多宽|宽', 'narrow|slim|窄', 'wide|broad|宽'],
  ['depth', 'Depth', '深度', 'depth|how deep|深度|多深|深', 'shallow|浅', 'deep|深'],
  ['thickness', 'Thickness', '厚度', 'thickness|how thick|厚度|多厚', 'thin|slim|薄', 'thick|厚'],
  ['length', 'Length', '长度', 'length|how long|长度|多长', 'short|短', 'long|长'],
  ['diameter', 'Diameter', '直径', 'diameter|直径'],
  ['size', 'Size', '尺寸', 'size|dimensions|dimension|尺寸|大小|多大', 'small|compact|小', 'large|big|大'],
  [
    'load',
    'Maximum load',
    '承重',
    'max load|maximum load|load capacity|weight capacity|max user weight|承重|载重',
  ],
  ['material', 'Material', '材质', 'material|made of|材质|材料|面料'],
  ['base', 'Base', '灯头', 'bulb base|lamp base|base|socket|fitting|灯头|灯座|底座'],
  ['dimmable', 'Dimmable', '可调光', 'dimmable|dimming|dimmed|dimmer|可调光|调光'],
  [
    'warranty',
    'Warranty',
    '保修',
    'warranty|guarantee|guaranteed|保修|质保|保修期|质保期',
    undefined,
    'long|长',
  ],
  ['capacity', 'Capacity', '容量', 'capacity|容量', 'small|小', 'large|big|大'],
  ['volume', 'Volume', '容积', 'volume|容积|体积'],
  ['voltage', 'Voltage', '电压', 'voltage|电压'],
  ['lifetime', 'Lifetime', '寿命', 'lifetime|lifespan|service life|寿命|使用寿命', 'short|短', 'long|长'],
  ['speed', 'Speed', '速度', 'speed|速度|转速', 'slow|慢', 'fast|quick|快'],
  ['noise', 'Noise', '噪音', 'noise|noise level|噪音|噪声', 'quiet|silent|安静|静音', 'loud|noisy|吵'],
  ['rating', 'Rating', '评分', 'rating|rated|stars|评分|评价|星级', undefined, 'best rated'],
  ['stock', 'Stock', '库存', 'stock|in stock|库存|现货'],
  ['armrests', 'Armrests', '扶手', 'armrest|armrests|扶手'],
  ['wheels', 'Wheels', '轮子', 'wheels|castors|casters|轮子|滚轮'],
  ['adjustable', 'Adjustable', '可调节', 'adjustable|可调节|可调'],
  ['foldable', 'Foldable', '可折叠', 'foldable|folding|可折叠|折叠'],
  ['waterproof', 'Waterproof', '防水', 'waterproof|water resistant|防水'],
  [
    'noise cancelling',
    'Noise cancelling',
    '降噪',
    'noise cancelling|noise canceling|noise cancellation|anc|主动降噪|降噪',
  ],
  ['backlight', 'Backlight', '背光', 'backlight|backlit|背光'],
  ['lumbar support', 'Lumbar support', '腰托', 'lumbar support|腰托|腰靠|腰部支撑'],
  ['adjustable armrests', 'Adjustable armrests', '可调扶手', 'adjustable armrests|可调扶手'],
  ['microphone', 'Microphone', '麦克风', 'microphone|麦克风'],
  ['wireless', 'Wireless', '无线', 'wireless|无线'],
  ['touchscreen', 'Touchscreen', '触摸屏', 'touchscreen|touch screen|触摸屏|触屏'],
  ['keyboard', 'Keyboard', '键盘', 'keyboard|键盘'],
  ['ports', 'Ports', '接口', 'ports|port|connections|接口|端口'],
  ['energy class', 'Energy class', '能效等级', 'energy class|energy label|能效等级|能效'],
  ['year', 'Year', '年份', 'year of manufacture|release year|年份'],
  [
    'delivery',
    'Delivery',
    '配送',
    'delivery|shipping costs|shipping cost|delivery fee|shipping|shipment|ship|shipped|ships|deliver|delivered|dispatch|配送|发货|送货|运送|物流|快递|运费|邮费',
  ],
  ['return', 'Returns', '退货', 'return|returns|send back|sending back|退货|退换|退回'],
  ['refund', 'Refund', '退款', 'refund|refunded|money back|退款|退钱'],
  ['payment', 'Payment', '付款', 'payment|pay|paid|付款|支付'],
]

export const attributes: readonly Attribute[] = table.map(([id, en, zh, words, low, high]) => ({
  id,
  label: { en, zh },
  words: words.split('|'),
  low: low?.split('|') ?? [],
  high: high?.split('|') ?? [],
}))

/** Kinds of one thing that are not each other: they count as its name, never as the same word. */
const kinds = new Set([
  'ssd',
  'hdd',
  '固态',
  '固态硬盘',
  '机械硬盘',
  'lumen',
  'watt',
  'type',
  'drive',
  'make',
  '钱',
  '色',
  '高',
  '宽',
  '深',
  '系统',
])

/** What adjectives of measure are of, where a sentence states it: "120 cm wide". */
const measures = {
  wide: 'width',
  tall: 'height',
  deep: 'depth',
  heavy: 'weight',
  thick: 'thickness',
  bright: 'brightness',
}

/** The attribute a single term (as `tokenize` makes it) is a name of. */
const termAttributes: ReadonlyMap<string, string> = new Map([
  ...attributes.flatMap(attribute =>
    attribute.words.flatMap(word => {
      const terms = tokenize(word)
      return terms.length === 1 && !kinds.has(terms[0]!) ? [[terms[0]!, `=${attribute.id}`] as const] : []
    }),
  ),
  ...Object.entries(measures).map(([word, attribute]) => [tokenize(word)[0]!, `=${attribute}`] as const),
])

/** Terms of the same meaning become the same: "ram", "memory" and "内存" are "=memory". */
export function canonicalTerm(term: string): string {
  return termAttributes.get(term) ?? term
}

const stopWords = `a an the this that these those it its they them their he she his her we us our you your i my me is are was were be been
     being am do does did done have has had having will would shall should can could may might must of in on at by for with
     to from as into onto than then and or but if so also too very just only about there here which who whom whose what when
     where why how all any both each more most other some such own same s t d ll re ve m please yes well get gets got offer
     offers come comes make makes made one per up out over under within least max maximum minimum approximately around
     product item model however while because since therefore additionally according note following via
     no not never without cannot none neither nor nothing nobody non don doesn didn isn aren wasn won can
     不 没 没有 无 非 未 别 勿 不能 不可 不是 不会
     的 了 是 在 有 和 与 及 或 也 都 就 还 而 但 但是 并 并且 以及 这 那 这款 那款 该 其 它 它们 我 你 您 我们 你们 他 她 们 吗 呢 吧 啊 呀
     把 被 给 对 向 从 到 由 于 为 以 可以 能 会 将 请 需 需要 一个 一 个 款 台 约 大约 左右 以内 以下 以上 至少 最多 之内 内 共 共有
     具有 拥有 配备 采用 为了 如果 因为 所以 然后 其中 此 本 产品 商品 上 下 中 里 后 前 时 很 更 最 等`

const plainStop = new Set(stopWords.split(/\s+/))
const stop = new Set(tokenize(stopWords))

/** As `isStopTerm`, of a lower-case word as written. */
export function isStopWord(word: string): boolean {
  return plainStop.has(word)
}

/** Whether a term says nothing on its own. */
export function isStopTerm(term: string): boolean {
  return stop.has(term)
}

/** The informative terms of a text, canonical, in order. */
export function informativeTerms(text: string): string[] {
  return tokenize(text)
    .filter(term => !stop.has(term))
    .map(canonicalTerm)
}

/** What shops have policies about, not columns. */
const policies = ['delivery', 'return', 'refund', 'payment', 'warranty'].map(policy => ({
  policy,
  chinese: attributes.find(({ id }) => id === policy)!.words.filter(word => /\p{Script=Han}/u.test(word)),
}))

/** Attributes of the shop's policies a text names: "delivery", "return", "refund", "payment", "warranty". */
export function policiesNamed(text: string): string[] {
  const terms = new Set(informativeTerms(text))
  const plain = text.toLowerCase()
  return policies
    .filter(({ policy, chinese }) => terms.has(`=${policy}`) || chinese.some(word => plain.includes(word)))
    .map(({ policy }) => policy)
}

const weak = new Set(
  tokenize(
    `take takes long do does need needed use give work go something anything thing things much many tell know ask question want
     like help find look show see let buy purchase order possible right way time kind sort example information info detail details
     多少 多少钱 少钱 几 多久 多长 多大 什么 什么时候 时候 怎么 怎样 如何 哪 哪些 哪个 哪款 想 问 知道 告诉 帮 找 看 买 问题 情况 时间 方式 东西`,
  ),
)

/** Whether a term says little about what a question is about ("how long does it take"). */
export function isWeakTerm(term: string): boolean {
  return weak.has(term)
}

const general = new Set(
  informativeTerms(
    `laptop laptops notebook computer pc machine lamp light lighting chair seat phone smartphone tablet desk table shop store
     good nice great best better top suitable someone somebody person people recommend suggestion recommendation suggest option choice please show list find looking search need
     want buy something anything available sell have under over budget home use everyday
     笔记本 笔记 本 电脑 计算机 手机 灯 灯具 台灯 椅子 椅 桌子 商品 产品 东西 推荐 适合 合适 想要 想买 买 找 有什么 一 一把 一台 一盏 一张 一副 一款 一只 把 盏 张 副 只 卖 出售 销售 你们 适合 哪些 哪款 哪台 哪把 哪个 有没有 有没 没有 介绍 预算 左右 好`,
  ),
)

/** Whether a term names what shops sell in general, or only that something is wanted: no product is chosen by it. */
export function isGeneralTerm(term: string): boolean {
  return general.has(term) || weak.has(term)
}
