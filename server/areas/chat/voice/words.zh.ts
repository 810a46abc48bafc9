import type { VoiceWords } from './words.ts'

export const voiceWordsZh: VoiceWords = {
  notConfigured: '本服务器暂不支持语音识别，请改用文字输入。',
  noSpeech: '没有听到声音，请靠近麦克风再说一次。',
  unreadable: format => `无法读取这段录音（${format}）。`,
  tooLong: seconds => `一段录音最长 ${seconds} 秒。`,
  tooMuchToday: '语音使用已达上限，请改用文字，或稍后再试。',
  unavailable: '暂时无法识别语音，请改用文字输入。',
  overBudget: '语音用量已达上限，请改用文字输入。',
  tooManyStreams: '您正在说话，请先结束当前录音。',
  nodeFull: '当前使用语音的人较多，请稍后再试。',
  tooFast: '声音发送得太快，来不及接收。',
  ended: '这段录音已经结束。',
}
