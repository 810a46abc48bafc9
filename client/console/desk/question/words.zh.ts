import type { Words } from './words.ts'

export const zh: Words = {
  text: '访客问过，但商品和文档中没有答案。可以补充相应的文档。',
  addDocument: '添加文档',
  question: '问题',
  times: '次数',
  lastAsked: '最近一次',
  none: '没有未答问题',
  noneText: '这段时间内的提问都能在商品和文档中找到答案。',
}
