import type { Language } from '#protocol'
import type { Attribute } from '../retrieval/lexicon/attributes.ts'

/** What the built-in answerer says in its own words: everything else it says is quoted. */
export interface Phrases {
  greeting: string
  thanks: string
  person: string
  whatElse: string
  whichProduct: string
  nothing: string
  /** Where a file came with the question. */
  nothingInFile: string
  otherLanguage: string
  fitting(count: number): string
  /** `label` is the column's; `extreme` one of `extremes`. */
  best(label: string, extreme: string): string
  some: string
  /** Of products of the kind asked for, where nothing says the rest. */
  ofKind: string
  catalogueSays: string
  next: string
  variants(count: number, name: string): string
  comparison: string
  foreignCurrency(asked: string, own: string): string
  unlisted(what: string): string
  yes: string
  no: string
}

const en: Phrases = {
  greeting: 'Hello! What would you like to know about our products or our service?',
  thanks: 'You are welcome. Is there anything else you would like to know?',
  person:
    'You can talk to a person: ask for one and a colleague takes over this conversation as soon as somebody is free.',
  whatElse:
    'Could you tell me a little more? For example the product you mean, or what you would like to know about delivery or returns.',
  whichProduct: 'Which product do you mean? Tell me its name, or what it should be able to do and cost.',
  nothing:
    'I could not find anything about this in the catalogue or the documents. Could you put it in other words? You can also ask to talk to a person.',
  nothingInFile:
    'I could not find an answer to this in your file, nor in the catalogue or the documents. Could you put it in other words? You can also ask to talk to a person.',
  otherLanguage: 'I found this in Chinese only:',
  fitting: count => (count === 1 ? 'This one fits:' : 'These fit:'),
  best: (label, extreme) => `${extreme} ${label}:`,
  some: 'Some of what we have:',
  ofKind: 'The catalogue does not say more about that. Of this kind we have:',
  catalogueSays: 'I can only tell you what the catalogue says:',
  next: 'After that:',
  variants: (count, name) => `There are ${count} products called ${name}:`,
  comparison: 'Side by side:',
  foreignCurrency: (asked, own) => `Our prices are in ${own}; I did not convert your amount in ${asked}.`,
  unlisted: what => `The catalogue does not list this: ${what}.`,
  yes: 'Yes.',
  no: 'No.',
}

const zh: Phrases = {
  greeting: '您好！想了解我们的哪款商品或哪项服务？',
  thanks: '不客气。还有什么想了解的吗？',
  person: '您可以转人工：提出后，一有同事空闲就会接手这个对话。',
  whatElse: '能再具体一点吗？比如您指的是哪款商品，或者想了解配送还是退货。',
  whichProduct: '您指的是哪款商品？请告诉我名称，或您的用途和预算。',
  nothing: '在商品目录和文档中没有找到相关内容。能换个说法吗？您也可以要求转人工。',
  nothingInFile: '在您的文件、商品目录和文档中都没有找到相关内容。能换个说法吗？您也可以要求转人工。',
  otherLanguage: '相关资料只有英文：',
  fitting: () => '符合要求的有：',
  best: (label, extreme) => `${label}最${extreme}的是：`,
  some: '我们的部分商品：',
  ofKind: '目录中没有更具体的说明。这类商品有：',
  catalogueSays: '我只能告诉您目录中的信息：',
  next: '其次是：',
  variants: (count, name) => `名为 ${name} 的商品有 ${count} 款：`,
  comparison: '对比如下：',
  foreignCurrency: (asked, own) => `我们的价格以 ${own} 计，没有换算您给出的 ${asked} 金额。`,
  unlisted: what => `商品目录中没有列出：${what}。`,
  yes: '是的。',
  no: '不是。',
}

export const phrases: Readonly<Record<Language, Phrases>> = { en, zh }

/** What is said without asking for anything. */
export type SmallTalk = 'greeting' | 'thanks' | 'person'

const patterns: Record<SmallTalk, RegExp> = {
  greeting:
    /^(?:hi+|hello|hey+|hiya|howdy|good (?:morning|afternoon|evening|day)|greetings|你好+|您好|嗨|哈喽|哈罗|在吗|在么|有人吗|早上好|下午好|晚上好|早)(?: there| all)?$/i,
  thanks:
    /^(?:(?:many )?thanks?(?: you)?(?: (?:so|very) much| a lot)?|thx|ok(?:ay)?|great|perfect|bye|goodbye|谢谢(?:你|您|啦|了)?|多谢|感谢|好的|好|再见|拜拜)$/i,
  person:
    /\b(?:talk|speak|chat|connect|transfer|get|want|need)\b.{0,24}\b(?:human|person|agent|someone|somebody|representative|operator|colleague|staff|people)\b|^(?:a )?(?:real )?(?:human|person|agent|operator)(?: please)?$|人工|真人|转接?客服|找客服|联系客服/i,
}

/** A run is looked at from its beginning only: else a long one that does not end the text would be read again at each of its signs. */
const trailingSigns =
  /(?<![\s!！.。,，~～?？…\p{Extended_Pictographic}])[\s!！.。,，~～?？…\p{Extended_Pictographic}]+$/u

export function smallTalkIn(text: string): SmallTalk | null {
  const plain = text.trim().replace(trailingSigns, '')
  for (const kind of ['greeting', 'thanks', 'person'] as const) if (patterns[kind].test(plain)) return kind
  return null
}

/** How the least or most of a column is said: "Lightest" is not built, "Lowest weight" is. */
export function extremeOf(attribute: Attribute | null, lowest: boolean, language: Language): string {
  if (language === 'zh') {
    const own = attribute?.[lowest ? 'low' : 'high'].find(word =>
      /^[轻重大小长短宽窄深浅厚薄快慢]$/.test(word),
    )
    return own ?? (lowest ? '低' : '高')
  }
  if (attribute?.high.includes('large') || attribute?.id === 'memory' || attribute?.id === 'storage')
    return lowest ? 'Smallest' : 'Largest'
  if (attribute?.high.includes('long')) return lowest ? 'Shortest' : 'Longest'
  return lowest ? 'Lowest' : 'Highest'
}
