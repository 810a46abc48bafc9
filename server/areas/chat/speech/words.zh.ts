import type { SpeechWords } from './words.ts'

export const speechWordsZh: SpeechWords = {
  notConfigured: '本服务器暂不支持语音播报。',
  unavailable: '暂时无法朗读。',
  overBudget: '朗读用量已达上限。',
  tooMuchToday: '今天的朗读用量已达上限，请阅读文字，或稍后再试。',
  tooManySpeeches: '正在朗读其他内容，请先停止。',
}
