import type { ProductWords } from './words.ts'

export const productWordsZh: ProductWords = {
  currency: '货币',
  labelIn: (label, currency) => `${label}（${currency}）`,
  comma: '，',
  first: facts => `符合条件的商品中排在首位：${facts}。`,
  fits: facts => `符合您的要求：${facts}。`,
  closest: facts => `与您描述的用词最接近（${facts}）。`,
}
